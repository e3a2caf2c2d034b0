/** Text over the map, laid out anew for each view so that no two labels overlap, and the places of findings. */
const Labels = L.Layer.extend({
  initialize(plan, painter, layers) {
    this.plan = plan;
    this.painter = painter;
    this.layers = layers;
    this.size = medianSize(plan.leaves);
    const uppers = groupBy(plan.areas.filter((area) => area.level !== 'micro_grid' && area.box[0] < area.box[2]),
      (area) => area.level);
    this.uppers = [...uppers.values()].filter((areas) => areas.length > 1)  // one alone is in the page's title
      .map((areas) => ({areas, size: medianSize(areas)})).sort((a, b) => b.size - a.size);
  },

  onAdd(map) {
    this.pane = map.createPane('labels');
    this.pane.style.zIndex = 620;
    this.pane.style.pointerEvents = 'none';
    map.on('moveend resize', this.draw, this);
  },

  /** On a fresh canvas each time: a cleared one prints as an opaque sheet in some viewers. */
  draw() {
    const map = this._map, size = map.getSize(), ratio = pixelRatio();
    const canvas = L.DomUtil.create('canvas', 'leaflet-zoom-hide');
    L.DomUtil.setPosition(canvas, map.containerPointToLayerPoint([0, 0]));
    Object.assign(canvas, {width: size.x * ratio, height: size.y * ratio});
    Object.assign(canvas.style, {width: size.x + 'px', height: size.y + 'px'});
    this.pane.replaceChildren(canvas);
    const ctx = canvas.getContext('2d');
    ctx.scale(ratio, ratio);
    Object.assign(ctx, {textAlign: 'center', textBaseline: 'middle', lineJoin: 'round'});
    const sheet = new Sheet(ctx, map, size);
    if (this.layers.findings) this.drawFindings(sheet);
    if (this.layers.labels) this.drawLabels(sheet);
  },

  drawLabels(sheet) {
    if (this.size * sheet.scale > 44) this.drawMicroGrids(sheet);
    this.drawUppers(sheet);
    if (sheet.zoom >= 16) this.drawBarrierNames(sheet);
  },

  /** Findings about a unit or a place; the colour of a micro-grid tells of those about itself. */
  drawFindings(sheet) {
    for (const finding of this.plan.findings) {
      const severe = severeKinds.has(finding.kind);
      if (finding.area && !finding.unit) continue;
      if (!isInPlan(this.plan, finding) || !(severe || sheet.zoom >= 15)) continue;
      sheet.dot(finding.place, severe ? '#b3261e' : '#8a6d00', sheet.zoom >= 15 ? 4.5 : 3);
    }
  },

  /** Names of one level above the micro-grid: the finest that has room for them. */
  drawUppers(sheet) {
    const level = this.uppers.filter(({size}) => size * sheet.scale > 100).pop();
    for (const area of level ? level.areas : []) {
      const width = (area.box[2] - area.box[0]) * sheet.scale;
      sheet.text(area.label, [area.name || area.code], width, {font: '600 14px', colour: '#2a333b', halo: 4});
    }
  },

  drawMicroGrids(sheet) {
    for (const area of this.painter.areas.meeting(sheet.box)) {
      if (area.level !== 'micro_grid') continue;
      const width = (area.box[2] - area.box[0]) * sheet.scale;
      const height = (area.box[3] - area.box[1]) * sheet.scale;
      if (width < 26 || height < 30) continue;
      sheet.text(area.label, [shortCode(area), area.caption], width, {colour: '#1f2933', halo: 3});
    }
  },

  drawBarrierNames(sheet) {
    for (const barrier of this.painter.barriers.meeting(sheet.box)) {
      const shown = this.layers[barrier.kind] && sheet.zoom >= (barrier.kind === 'street' ? 17 : 16);
      if (barrier.name && shown) sheet.along(barrier.lines[0], barrier.name);
    }
  },
});

/** The code without what it shares with its parent's, or its last characters. */
function shortCode({code, parent}) {
  if (parent && code.startsWith(parent.code) && code.length > parent.code.length) {
    return code.slice(parent.code.length).replace(/^[^\p{L}\p{N}]+/u, '');
  }
  return code.length > 6 ? code.slice(-3) : code;
}

/** The view that labels are laid out on. */
class Sheet {
  constructor(ctx, map, size) {
    const origin = map.getPixelBounds().min;
    this.ctx = ctx;
    this.size = size;
    this.zoom = map.getZoom();
    this.scale = 256 * 2 ** this.zoom;
    this.left = origin.x;
    this.top = origin.y;
    this.taken = [];
    this.box = [
      this.left / this.scale, this.top / this.scale,
      (this.left + size.x) / this.scale, (this.top + size.y) / this.scale,
    ];
  }

  pixel([x, y]) {
    return [x * this.scale - this.left, y * this.scale - this.top];
  }

  /** Takes the room for a label, or returns false where another has it or the sheet ends. */
  take(x, y, width, height) {
    const box = [x - width / 2, y - height / 2, x + width / 2, y + height / 2];
    if (box[0] < 0 || box[1] < 0 || box[2] > this.size.x || box[3] > this.size.y) return false;
    if (this.taken.some((t) => t[0] < box[2] && t[2] > box[0] && t[1] < box[3] && t[3] > box[1])) return false;
    this.taken.push(box);
    return true;
  }

  write(text, x, y, {font, colour, halo}) {
    this.ctx.font = `${font} ${fontFamily}`;
    this.ctx.strokeStyle = 'rgba(255, 255, 255, 0.85)';
    this.ctx.lineWidth = halo;
    this.ctx.strokeText(text, x, y);
    this.ctx.fillStyle = colour;
    this.ctx.fillText(text, x, y);
  }

  /** One line or two, the first heavier, centred at a place; left out where wider than `room`. */
  text(place, lines, room, {font = '600 11.5px', colour, halo}) {
    this.ctx.font = `${font} ${fontFamily}`;
    const width = Math.max(...lines.map((line) => this.ctx.measureText(line).width));
    const [x, y] = this.pixel(place);
    if (width > room || !this.take(x, y, width + 6, 13 * lines.length + 4)) return;
    lines.forEach((line, i) => {
      const at = y + 13 * (i - (lines.length - 1) / 2);
      this.write(line, x, at, {font: i === 0 ? font : '400 11.5px', colour, halo});
    });
  }

  /** A name at the longest straight of a line, turned with it; left out where that is shorter than the name. */
  along(line, name) {
    let from = null, to = null, length = 0;
    for (let i = 2; i < line.length; i += 2) {
      const a = this.pixel([line[i - 2], line[i - 1]]), b = this.pixel([line[i], line[i + 1]]);
      if (Math.hypot(b[0] - a[0], b[1] - a[1]) > length) {
        [from, to, length] = [a, b, Math.hypot(b[0] - a[0], b[1] - a[1])];
      }
    }
    if (!from) return;
    this.ctx.font = `500 11px ${fontFamily}`;
    const width = this.ctx.measureText(name).width;
    const x = (from[0] + to[0]) / 2, y = (from[1] + to[1]) / 2;
    let angle = Math.atan2(to[1] - from[1], to[0] - from[0]);
    if (Math.abs(angle) > Math.PI / 2) angle += Math.PI;
    const [c, s] = [Math.abs(Math.cos(angle)), Math.abs(Math.sin(angle))];
    if (width > length * 1.3 || !this.take(x, y, width * c + 12 * s, width * s + 12 * c)) return;
    this.ctx.save();
    this.ctx.translate(x, y);
    this.ctx.rotate(angle);
    this.write(name, 0, 0, {font: '500 11px', colour: '#6a6257', halo: 3});
    this.ctx.restore();
  }

  dot(place, colour, radius) {
    const [x, y] = this.pixel(place);
    if (x < -9 || y < -9 || x > this.size.x + 9 || y > this.size.y + 9) return;
    this.ctx.beginPath();
    this.ctx.arc(x, y, radius, 0, 2 * Math.PI);
    Object.assign(this.ctx, {fillStyle: colour, strokeStyle: '#fff', lineWidth: 1.5});
    this.ctx.fill();
    this.ctx.stroke();
  }
}

const fontFamily = 'system-ui, "Segoe UI", "PingFang SC", "Microsoft YaHei", "WenQuanYi Micro Hei", sans-serif';
