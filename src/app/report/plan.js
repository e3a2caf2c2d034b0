// The plan's data, read back from the columns and coordinate differences that page.cpp wrote. World coordinates are
// Web Mercator in 0…1, y to the south: Leaflet's EPSG:3857 before it multiplies by 256 · 2^zoom.

function toWorld(x, y) {
  const halfLat = (y * 1e-7 * Math.PI) / 360;
  return [x / 3.6e9 + 0.5, 0.5 - Math.log(Math.tan(Math.PI / 4 + halfLat)) / (2 * Math.PI)];
}

function toLatLng(x, y) {
  return L.latLng((Math.atan(Math.sinh(Math.PI * (1 - 2 * y))) * 180) / Math.PI, (x - 0.5) * 360);
}

function boxOf(lines) {
  const box = [Infinity, Infinity, -Infinity, -Infinity];
  for (const line of lines) {
    for (let i = 0; i < line.length; i += 2) {
      box[0] = Math.min(box[0], line[i]);
      box[1] = Math.min(box[1], line[i + 1]);
      box[2] = Math.max(box[2], line[i]);
      box[3] = Math.max(box[3], line[i + 1]);
    }
  }
  return box;
}

function boundsOf(box) {
  return L.latLngBounds(toLatLng(box[0], box[3]), toLatLng(box[2], box[1]));
}

/** Even-odd: whether the rings hold the place. */
function holds(rings, x, y) {
  let inside = false;
  for (const ring of rings) {
    for (let i = 0, j = ring.length - 2; i < ring.length; j = i, i += 2) {
      if (ring[i + 1] > y === ring[j + 1] > y) continue;
      const crossing = ring[i] + ((y - ring[i + 1]) / (ring[j + 1] - ring[i + 1])) * (ring[j] - ring[i]);
      if (x < crossing) inside = !inside;
    }
  }
  return inside;
}

/** Reads lines from one list of counts and differences: each position tells how far it is from the one before. */
class Coordinates {
  constructor(numbers) {
    this.numbers = numbers;
    this.at = 0;
    this.x = 0;
    this.y = 0;
  }
  done() {
    return this.at >= this.numbers.length;
  }
  count() {
    return this.numbers[this.at++];
  }
  position() {
    this.x += this.numbers[this.at++];
    this.y += this.numbers[this.at++];
    return toWorld(this.x, this.y);
  }
  line() {
    const line = new Float64Array(2 * this.count());
    for (let i = 0; i < line.length; i += 2) [line[i], line[i + 1]] = this.position();
    return line;
  }
}

function reversed(line) {
  const back = new Float64Array(line.length);
  for (let i = 0; i < line.length; i += 2) {
    back[i] = line[line.length - 2 - i];
    back[i + 1] = line[line.length - 1 - i];
  }
  return back;
}

/** Joins lines end to start until they close. Where rings touch, any way of joining them fills the same by even-odd. */
function joinRings(lines) {
  const start = (line) => line[0] + ' ' + line[1];
  const end = (line) => line[line.length - 2] + ' ' + line[line.length - 1];
  const from = new Map();
  for (const line of lines) from.set(start(line), [...(from.get(start(line)) || []), line]);
  const rings = [];
  for (const first of lines) {
    if (!from.get(start(first)).includes(first)) continue;
    const ring = [];
    for (let line = first; line; line = (from.get(end(line)) || [])[0]) {
      const waiting = from.get(start(line));
      waiting.splice(waiting.indexOf(line), 1);
      for (const value of line) ring.push(value);
      if (end(line) === start(first)) break;
    }
    rings.push(Float64Array.from(ring));
  }
  return rings;
}

function readAreas(columns) {
  const labels = new Coordinates(columns.label);
  const areas = columns.code.map((code, row) => ({
    row, code,
    name: columns.name[row],
    level: columns.level[row],
    dedicated: columns.dedicated[row] === 1,
    households: columns.households[row],
    caption: String(columns.households[row]),
    persons: columns.persons[row],
    units: columns.units[row],
    areaM2: columns.area_m2[row],
    compactness: columns.compactness[row] / 1000,
    label: labels.position(),
    rings: [], borders: [], findings: [],
    box: [Infinity, Infinity, -Infinity, -Infinity],
  }));
  areas.forEach((area, row) => { area.parent = areas[columns.parent[row]] || null; });
  return areas;
}

function ancestry(area) {
  const line = [];
  for (; area; area = area.parent) line.unshift(area);
  return line;
}

/** 0: between areas of one parent; 1: between parents; 2: the outer border, or between areas at the top. */
function borderRank(left, right) {
  if (!left || !right) return 2;
  const a = ancestry(left), b = ancestry(right);
  if (a[0] !== b[0]) return a.length > 1 || b.length > 1 ? 2 : 0;
  return left.parent === right.parent ? 0 : 1;
}

function readArcs(columns, areas) {
  const coordinates = new Coordinates(columns.lines);
  return columns.left.map((leftRow, i) => {
    const line = coordinates.line();
    const left = areas[leftRow], right = areas[columns.right[i]];
    if (left) left.borders.push(line);
    if (right) right.borders.push(reversed(line));
    return {left, right, lines: [line], box: boxOf([line]), rank: borderRank(left, right)};
  });
}

/** Shapes of the finest areas from their borders; an upper area's box from its parts. */
function shapeAreas(areas) {
  for (const area of areas.filter((a) => a.borders.length)) {
    area.rings = joinRings(area.borders);
    const box = boxOf(area.rings);
    for (const holder of ancestry(area)) {
      const h = holder.box;
      holder.box = [Math.min(h[0], box[0]), Math.min(h[1], box[1]), Math.max(h[2], box[2]), Math.max(h[3], box[3])];
    }
  }
}

/** The rings of an area; an upper one's are the outer borders of its parts. */
function ringsOf(area, arcs) {
  if (area.rings.length) return area.rings;
  const isIn = (part) => part !== undefined && ancestry(part).includes(area);
  return joinRings(arcs.filter(({left, right}) => isIn(left) !== isIn(right))
    .map(({left, lines: [line]}) => (isIn(left) ? line : reversed(line))));
}

function readBuildings(columns) {
  const coordinates = new Coordinates(columns.shapes);
  return columns.households.map((households) => {
    const rings = Array.from({length: coordinates.count()}, () => coordinates.line());
    const place = rings.length ? null : coordinates.position();
    return {households, rings, place, box: place ? [...place, ...place] : boxOf(rings)};
  });
}

function readBarriers(columns) {
  const coordinates = new Coordinates(columns.lines);
  return columns.kind.map((kind, i) => {
    const line = coordinates.line();
    const name = columns.names[columns.name[i]], tunnel = columns.tunnel[i] === 1;
    return {kind: columns.kinds[kind], name, tunnel, lines: [line], box: boxOf([line])};
  });
}

function readPlan(data) {
  const areas = readAreas(data.areas);
  const arcs = readArcs(data.arcs, areas);
  shapeAreas(areas);
  const byCode = new Map(areas.map((area) => [area.code, area]));
  const findings = data.findings.map(({kind, code, unit, place, text}) => {
    const finding = {kind, unit, text, area: byCode.get(code) || null, place: toWorld(place[0], place[1])};
    if (finding.area) finding.area.findings.push(finding);
    return finding;
  });
  return {
    ...data, areas, arcs, byCode, findings,
    leaves: areas.filter((area) => area.rings.length),
    buildings: readBuildings(data.buildings),
    barriers: readBarriers(data.barriers),
    box: boxOf(arcs.map((arc) => arc.lines[0])),
  };
}
