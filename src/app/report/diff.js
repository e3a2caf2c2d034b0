// Puts the page of a plan's changes together.

const plan = readDiff(JSON.parse(byId('plan').textContent));
const layers = {
  buildings: true, moved: true, gone: true, come: true,
  hard: true, soft: true, wall: true, street: true, labels: true, findings: true,
};
const rows = [
  {name: 'moved', text: 'buildings that moved'},
  ...Object.entries(changedBorders).map(([name, style]) => ({name, text: style.text, style})),
  ...layerTexts,
];

const codeOr = (area, text) => (area ? area.code : text);

function movedText({flow}) {
  if (!flow) return '';
  if (!flow.from) return ', new';
  return `, moved from ${flow.from.code} to ${flow.to.code}`;
}

function tipOf(area, building) {
  const was = area.before === null ? 'new' : area.before;
  const figures = area.before === area.households ? ` ${was}` : ` ${was} → ${area.households}`;
  const text = element('div', {}, element('strong', {}, area.code), `${figures} households 户`);
  if (area.coding !== 'U') text.append(element('div', {}, area.colourClass.text));
  if (building) text.append(element('div', {}, `this building: ${building.households}${movedText(building)}`));
  return text;
}

function flowList(title, flows, other, none) {
  if (!flows.length) return [];
  const list = element('dl');
  for (const flow of flows.slice(0, 12)) {
    const label = element('button', {className: 'link', onclick: () => showFlow(flow)}, codeOr(other(flow), none));
    figure(list, label, `${number.format(flow.households)} households`);
  }
  const rest = flows.length > 12 ? [element('p', {className: 'level'}, `and ${flows.length - 12} more`)] : [];
  return [element('p', {className: 'level'}, title), list, ...rest];
}

function showChange(area) {
  const before = element('dl');
  figure(before, 'Households before', area.before === null ? 'new' : number.format(area.before));
  figure(before, 'What became of it', area.coding === 'U' ? 'unchanged' : area.colourClass.text);
  showArea(plan, area, stage.select, [before,
    ...flowList('Gets from', area.gets, ({from}) => from, 'new'),
    ...flowList('Gives to', area.gives, ({to}) => to, 'no longer there')]);
}

/** Goes to both ends of an arrow and opens the one that gets. */
function showFlow({from, to}) {
  const ends = [from, to].filter(Boolean);
  stage.open(ends.reverse().find(({ended}) => !ended) || null);
  const boxes = ends.map(({box}) => boundsOf(box));
  if (boxes.length) stage.fit(boxes.reduce((all, box) => all.extend(box), L.latLngBounds([])), 50, 18);
}

function flowRow(flow) {
  const {from, to, households, units, colour} = flow;
  const mark = element('i');
  mark.style.backgroundColor = colour;
  const end = (area, none) => element('td', {className: area && !area.ended ? '' : 'ended'}, codeOr(area, none));
  const target = element('td', {}, element('button', {}, mark, codeOr(to, 'no longer there')));
  return element('tr', {onclick: () => showFlow(flow)}, end(from, 'new'), target,
    element('td', {}, number.format(households)), element('td', {}, number.format(units)));
}

/** The largest first, some hundreds at a time. */
function showFlows() {
  const step = 200, more = byId('more-flows');
  let shown = 0;
  const showMore = () => {
    byId('flows').append(...plan.flows.slice(shown, shown + step).map(flowRow));
    shown = Math.min(shown + step, plan.flows.length);
    more.hidden = shown === plan.flows.length;
    more.textContent = `Show more of ${number.format(plan.flows.length)}`;
  };
  byId('flow-count').textContent = number.format(plan.flows.length);
  more.onclick = showMore;
  showMore();
}

/** What the history says between the two plans. */
function showSteps() {
  for (const {revision, reason, author, time} of plan.change.steps) {
    const notes = [author, time].filter(Boolean).join(', ');
    byId('steps').append(element('li', {}, `Revision ${revision}`, reason ? `: ${reason}` : '', ' ',
      element('small', {}, notes)));
  }
}

function showDiffSummary() {
  const {revisions, operations, moved, bound} = plan.change, {households} = plan.summary;
  const microGrids = plan.leaves.filter((area) => area.level === 'micro_grid');
  const list = byId('summary');
  figure(list, 'revision', revisions.join(' → '));
  for (const [operation, count] of Object.entries(operations)) figure(list, operation, number.format(count));
  figure(list, 'households moved', number.format(moved), households ? `${((100 * moved) / households).toFixed(2)} %` : '');
  if (bound) figure(list, 'had to', number.format(bound));
  const kept = microGrids.filter((area) => area.before !== null).length;
  figure(list, 'codes kept', number.format(kept), `of ${number.format(microGrids.length)}`);
}

const stage = new Stage(plan, new DiffPainter(plan, layers), layers, {tipOf, show: showChange});
showTitle(plan, 'Changes of a plan');
showDiffSummary();
showLegend(classifyChanges(plan), rows, layers, stage.redraw);
showSteps();
showFlows();
showFindings(plan, stage.openFinding);
setUpSearch(plan, stage.select);
stage.start();
