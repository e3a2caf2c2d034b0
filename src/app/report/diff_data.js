// What the page knows beyond the later plan: what each micro-grid was, who gives to whom, which borders are gone.

// After ColorBrewer: pale fills for what became of a micro-grid, strong colours for where a building went.
const codingClasses = [
  {key: 'U', colour: '#f1f2f0', text: 'unchanged (U)'},
  {key: 'S', colour: '#bfdcee', text: 'split (S)'},
  {key: 'M', colour: '#d9c6e6', text: 'merged (M)'},
  {key: 'X', colour: '#fbdca8', text: 'ground exchanged (X)'},
];
const destinationColours = [
  '#1b9e77', '#d95f02', '#7570b3', '#e7298a', '#66a61e', '#a6761d', '#1f78b4', '#b2182b',
];
const newcomerColour = '#3b4a54', goneColour = '#565f66';

function readLines(numbers) {
  const coordinates = new Coordinates(numbers), things = [];
  while (!coordinates.done()) {
    const line = coordinates.line();
    things.push({lines: [line], box: boxOf([line])});
  }
  return things;
}

/** Micro-grids that are no more, by code; what shows an area can show them but for their outline. */
function readEnded({code, name, households, box}) {
  const boxes = readLines(box);
  return new Map(code.map((c, i) => [c, {code: c, name: name[i], before: households[i], ended: true, box: boxes[i].box}]));
}

/** Who gives to whom; either end is an area of the later plan, one that has ended, or null: new, or gone. */
function readFlows({from, to, households, units}, find) {
  return from.map((code, i) => ({
    from: find(code), to: find(to[i]), households: households[i], units: units[i], colour: newcomerColour,
  }));
}

function grown([x0, y0, x1, y1]) {
  const x = (x1 - x0) / 2, y = (y1 - y0) / 2;
  return [x0 - x, y0 - y, x1 + x, y1 + y];
}

/** Each micro-grid that gets something has the colour least used of those that no other one nearby has. */
function colourDestinations(flows) {
  const destinations = [...new Set(flows.filter(({from, to}) => from && to).map(({to}) => to))];
  const index = new BoxIndex(destinations);
  const used = new Map(destinationColours.map((colour) => [colour, 0]));
  for (const area of destinations) {
    const taken = new Set(index.meeting(grown(area.box)).map(({strong}) => strong));
    const free = destinationColours.filter((colour) => !taken.has(colour));
    area.strong = (free.length ? free : destinationColours).reduce((a, b) => (used.get(b) < used.get(a) ? b : a));
    used.set(area.strong, used.get(area.strong) + 1);
  }
  for (const flow of flows) if (flow.from) flow.colour = flow.to ? flow.to.strong : goneColour;
}

/** The later plan with its changes: areas get `before` (null: they are new), `coding`, `gets` and `gives`. */
function readDiff(data) {
  const plan = readPlan(data), {change} = data;
  const ended = readEnded(change.ended);
  plan.areas.forEach((area, row) => {
    area.before = change.before[row] < 0 ? null : change.before[row];
    area.coding = change.coding[row];
    if (area.before !== area.households) area.caption = `${area.before ?? 'new'} → ${area.households}`;
  });
  plan.flows = readFlows(change.flows, (code) => plan.byCode.get(code) || ended.get(code) || null);
  for (const area of [...plan.areas, ...ended.values()]) Object.assign(area, {gets: [], gives: []});
  for (const flow of plan.flows) {
    if (flow.to) flow.to.gets.push(flow);
    if (flow.from) flow.from.gives.push(flow);
  }
  colourDestinations(plan.flows);
  plan.buildings.forEach((building, i) => { building.flow = plan.flows[data.buildings.flow[i]] || null; });
  const isGone = ({flow}) => flow !== null && !flow.to;
  return {
    ...plan, ended, come: readLines(change.come), goneBorders: readLines(change.gone),
    buildings: plan.buildings.filter((building) => !isGone(building)), goneBuildings: plan.buildings.filter(isGone),
  };
}

/** Sets each finest area's class; returns the classes with the number of areas in each. */
function classifyChanges(plan) {
  const classes = codingClasses.map((c) => ({...c, count: 0}));
  for (const area of plan.leaves) {
    area.colourClass = classes.find(({key}) => key === area.coding);
    ++area.colourClass.count;
  }
  const moved = plan.buildings.filter(({flow}) => flow && flow.from).length;
  const newcomers = plan.buildings.filter(({flow}) => flow && !flow.from).length;
  return [...classes,
    {key: 'moved', pattern: 'moved', text: 'buildings that moved: where to', count: moved},
    {key: 'newcomers', colour: newcomerColour, text: 'new buildings', count: newcomers},
    {key: 'gone', pattern: 'gone', text: 'buildings no longer there', count: plan.goneBuildings.length}];
}

const changedBorders = {
  gone: {text: 'borders that are gone', colour: '#8c2d04', width: 1.6, dash: [5, 4]},
  come: {text: 'borders that are new', colour: '#111820', width: 2.6, dash: []},
};

/** Draws over the later plan what has changed. */
class DiffPainter extends Painter {
  constructor(plan, layers) {
    super(plan, layers);
    this.moved = new BoxIndex(plan.buildings.filter(({flow}) => flow && flow.from));
    this.newcomers = new BoxIndex(plan.buildings.filter(({flow}) => flow && !flow.from));
    this.goneBuildings = new BoxIndex(plan.goneBuildings);
    this.borders = {gone: new BoxIndex(plan.goneBorders), come: new BoxIndex(plan.come)};
  }

  paint(ctx, view) {
    super.paint(ctx, view);
    for (const [name, style] of Object.entries(changedBorders)) {
      const width = style.width * widening(view.zoom);
      if (this.layers[name]) stroke(ctx, view, this.borders[name].meeting(view.box), {...style, width});
    }
    if (this.layers.moved) for (const building of this.moved.meeting(view.box)) paintMark(ctx, view, building);
  }

  paintBuildings(ctx, view) {
    super.paintBuildings(ctx, view);
    ctx.fillStyle = newcomerColour;
    for (const building of this.newcomers.meeting(view.box)) paintBuilding(ctx, view, building);
    stroke(ctx, view, this.goneBuildings.meeting(view.box).flatMap(({rings}) => rings.map((ring) => ({lines: [ring]}))),
      {colour: goneColour, width: 1, dash: [2, 2]});
  }
}

/** A building in the colour of where it went, in an overview as a dot that can be seen. */
function paintMark(ctx, view, building) {
  const [x0, y0, x1, y1] = building.box, {scale, left, top} = view;
  ctx.fillStyle = building.flow.colour;
  ctx.strokeStyle = '#fff';
  ctx.lineWidth = 1;
  if ((x1 - x0) * scale < 6 && (y1 - y0) * scale < 6) {
    ctx.beginPath();
    ctx.arc(((x0 + x1) / 2) * scale - left, ((y0 + y1) / 2) * scale - top, 3, 0, 2 * Math.PI);
    ctx.fill();
  } else {
    paintBuilding(ctx, view, building);
  }
  ctx.stroke();
}
