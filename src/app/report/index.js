/** Finds the things whose boxes meet a box: a uniform grid of buckets over boxed things. */
class BoxIndex {
  constructor(things) {
    this.things = things;
    this.box = boxOf(things.map((thing) => thing.box));
    this.side = Math.max(1, Math.min(256, Math.ceil(Math.sqrt(things.length / 2))));
    this.buckets = new Map();
    this.seen = new Uint32Array(things.length);
    this.query = 0;
    things.forEach((thing, i) => this.visit(thing.box, (key) => {
      if (!this.buckets.has(key)) this.buckets.set(key, []);
      this.buckets.get(key).push(i);
    }));
  }

  visit(box, use) {
    const [x0, y0, x1, y1] = this.box;
    const slot = (value, low, high) => {
      const share = high > low ? (value - low) / (high - low) : 0;
      return Math.max(0, Math.min(this.side - 1, Math.floor(share * this.side)));
    };
    const lastX = slot(box[2], x0, x1), lastY = slot(box[3], y0, y1);
    for (let y = slot(box[1], y0, y1); y <= lastY; ++y) {
      for (let x = slot(box[0], x0, x1); x <= lastX; ++x) use(y * this.side + x);
    }
  }

  /** In the things' order. */
  meeting(box) {
    const found = [];
    ++this.query;
    this.visit(box, (key) => {
      for (const i of this.buckets.get(key) || []) {
        const b = this.things[i].box;
        if (this.seen[i] === this.query || b[0] > box[2] || b[2] < box[0] || b[1] > box[3] || b[3] < box[1]) continue;
        this.seen[i] = this.query;
        found.push(i);
      }
    });
    return found.sort((a, b) => a - b).map((i) => this.things[i]);
  }

  at(x, y) {
    return this.meeting([x, y, x, y]).find((thing) => holds(thing.rings, x, y)) || null;
  }
}
