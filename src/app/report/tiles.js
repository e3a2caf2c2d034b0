/** What is drawn of one tile: the part of the world it shows and how world coordinates become its pixels. */
class View {
  constructor(coords, size) {
    this.zoom = coords.z;
    this.scale = 256 * 2 ** coords.z;
    this.left = coords.x * size;
    this.top = coords.y * size;
    const margin = 8;  // for strokes that reach in from beside
    this.box = [
      (this.left - margin) / this.scale, (this.top - margin) / this.scale,
      (this.left + size + margin) / this.scale, (this.top + size + margin) / this.scale,
    ];
  }

  /** Adds the line to the current path; positions less than half a pixel apart become one. */
  trace(ctx, line) {
    const {scale, left, top} = this;
    const last = line.length - 2;
    let x = line[0] * scale - left, y = line[1] * scale - top;
    ctx.moveTo(x, y);
    for (let i = 2; i <= last; i += 2) {
      const nextX = line[i] * scale - left, nextY = line[i + 1] * scale - top;
      if (i < last && Math.abs(nextX - x) + Math.abs(nextY - y) < 0.5) continue;
      x = nextX;
      y = nextY;
      ctx.lineTo(x, y);
    }
  }

  traceRings(ctx, rings) {
    for (const ring of rings) {
      this.trace(ctx, ring);
      ctx.closePath();
    }
  }
}

function hatch(ctx, colour) {
  const stamp = document.createElement('canvas');
  stamp.width = stamp.height = 8;
  const pen = stamp.getContext('2d');
  pen.fillStyle = colour;
  pen.fillRect(0, 0, 8, 8);
  pen.strokeStyle = '#aab2b1';
  for (const shift of [-8, 0, 8]) {
    pen.moveTo(shift - 1, 9);
    pen.lineTo(shift + 9, -1);
  }
  pen.stroke();
  return ctx.createPattern(stamp, 'repeat');
}

/** Draws the plan tile by tile, from the bottom: fills, buildings, barriers, borders. */
class Painter {
  constructor(plan, layers) {
    this.plan = plan;
    this.layers = layers;  // which are shown, by name
    this.areas = new BoxIndex(plan.leaves);
    this.arcs = new BoxIndex(plan.arcs);
    this.buildings = new BoxIndex(plan.buildings);
    this.barriers = new BoxIndex(plan.barriers);
    this.buildingSize = medianSize(plan.buildings);
  }

  paint(ctx, view) {
    this.paintAreas(ctx, view);
    if (this.showsBuildings(view.zoom)) this.paintBuildings(ctx, view);
    this.paintBarriers(ctx, view);
    this.paintBorders(ctx, view);
  }

  paintAreas(ctx, view) {
    const shown = groupBy(this.areas.meeting(view.box), (area) => area.colourClass);
    for (const [{colour, pattern}, areas] of shown) {
      ctx.beginPath();
      for (const area of areas) view.traceRings(ctx, area.rings);
      ctx.fillStyle = pattern === 'hatched' ? hatch(ctx, colour) : colour;
      ctx.fill('evenodd');
    }
  }

  /** Smaller than this they are but noise. */
  showsBuildings(zoom) {
    return this.layers.buildings && this.buildingSize * 256 * 2 ** zoom >= 3;
  }

  paintBuildings(ctx, view) {
    const shown = groupBy(this.buildings.meeting(view.box), (building) => (building.households ? 'homes' : 'other'));
    for (const [use, buildings] of shown) {
      ctx.fillStyle = buildingColours[use];
      for (const building of buildings) paintBuilding(ctx, view, building);
    }
  }

  paintBarriers(ctx, view) {
    const shown = groupBy(this.barriers.meeting(view.box), (barrier) => barrier.kind);
    for (const kind of ['street', 'wall', 'soft', 'hard']) {
      const style = barrierStyles[kind];
      if (!this.layers[kind] || !shown.has(kind) || view.zoom < style.from) continue;
      const width = style.width * widening(view.zoom);
      stroke(ctx, view, shown.get(kind).filter(({tunnel}) => tunnel), {...style, width: width / 3, dash: [6, 4]});
      stroke(ctx, view, shown.get(kind).filter(({tunnel}) => !tunnel), {...style, width});
    }
  }

  paintBorders(ctx, view) {
    const shown = groupBy(this.arcs.meeting(view.box), (arc) => arc.rank);
    borderStyles.forEach((style, rank) => {
      if (shown.has(rank)) stroke(ctx, view, shown.get(rank), {...style, width: style.width * widening(view.zoom)});
    });
  }
}

function groupBy(things, key) {
  const groups = new Map();
  for (const thing of things) {
    const k = key(thing);
    if (groups.has(k)) groups.get(k).push(thing);
    else groups.set(k, [thing]);
  }
  return groups;
}

function medianSize(things) {
  const sizes = things.map(({box}) => Math.max(box[2] - box[0], box[3] - box[1])).filter((size) => size > 0);
  return sizes.length ? sizes.sort((a, b) => a - b)[sizes.length >> 1] : Infinity;
}

/** Lines grow with the zoom, from thin in an overview to their full width in a street. */
function widening(zoom) {
  return Math.max(0.4, Math.min(1.8, 0.4 + (zoom - 12) * 0.2));
}

function stroke(ctx, view, things, {colour, width, dash = []}) {
  ctx.beginPath();
  for (const thing of things) view.trace(ctx, thing.lines[0]);
  ctx.strokeStyle = colour;
  ctx.lineWidth = width;
  ctx.lineJoin = 'round';
  ctx.setLineDash(dash);
  ctx.stroke();
  ctx.setLineDash([]);
}

/** One path a building: the rasteriser is quicker with many small paths than with one of thousands of rings. */
function paintBuilding(ctx, view, {rings, place, box}) {
  const width = (box[2] - box[0]) * view.scale, height = (box[3] - box[1]) * view.scale;
  const left = box[0] * view.scale - view.left, top = box[1] * view.scale - view.top;
  if (place) return ctx.fillRect(left - 1.5, top - 1.5, 3, 3);
  if (width < 3 && height < 3) return ctx.fillRect(left, top, Math.max(1, width), Math.max(1, height));
  ctx.beginPath();
  view.traceRings(ctx, rings);
  ctx.fill('evenodd');
}

const PlanTiles = L.GridLayer.extend({
  options: {tileSize: 512, keepBuffer: 1, noWrap: true, updateWhenZooming: false, maxZoom: 22},

  initialize(painter, options) {
    this.painter = painter;
    L.setOptions(this, options);
  },

  createTile(coords) {
    const size = this.options.tileSize;
    const ratio = pixelRatio();
    const canvas = document.createElement('canvas');
    canvas.width = canvas.height = size * ratio;
    const ctx = canvas.getContext('2d');
    ctx.scale(ratio, ratio);
    this.painter.paint(ctx, new View(coords, size));
    return canvas;
  },
});

/** Pixels drawn for one of the page's: finer for paper than for the screen. */
function pixelRatio() {
  return document.body.classList.contains('printing') ? 3 : Math.min(2, window.devicePixelRatio || 1);
}
