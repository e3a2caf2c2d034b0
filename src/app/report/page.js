// Puts the page of a plan together.

const plan = readPlan(JSON.parse(byId('plan').textContent));
const classes = classify(plan);
const layers = {
  buildings: true, hard: true, soft: true, wall: true, street: true, labels: true, findings: true,
};

function tipOf(area, building) {
  const text = element('div', {}, element('strong', {}, area.code), ` ${area.households} households 户`);
  if (building) text.append(element('div', {}, `this building: ${building.households}`));
  return text;
}

const stage = new Stage(plan, new Painter(plan, layers), layers, {
  tipOf, show: (area) => showArea(plan, area, stage.select),
});
showTitle(plan, 'Micro-grid plan');
showSummary(plan);
showLegend(classes, layerTexts, layers, stage.redraw);
showFindings(plan, stage.openFinding);
setUpSearch(plan, stage.select);
stage.start();
