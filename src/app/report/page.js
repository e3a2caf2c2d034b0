// Puts the page together: the map, what is selected, what the pointer is over.

const plan = readPlan(JSON.parse(byId('plan').textContent));
const classes = classify(plan);
const layers = {
  buildings: true, hard: true, soft: true, wall: true, street: true, labels: true, findings: true,
};
const painter = new Painter(plan, layers);

const map = L.map('map', {
  attributionControl: false, fadeAnimation: false, zoomControl: true, maxZoom: 22, minZoom: 3,
  zoomAnimation: !window.matchMedia('(prefers-reduced-motion: reduce)').matches,
});
const whole = plan.leaves.length ? boundsOf(plan.box) : L.latLngBounds([-60, -170], [70, 170]);
const tiles = new PlanTiles(painter, {bounds: whole.pad(0.1)});
const labels = new Labels(plan, painter, layers);
const hovered = L.polygon([], {interactive: false, color: '#1f2933', weight: 2.5, fillColor: '#fff', fillOpacity: 0.25});
const halo = L.polygon([], {interactive: false, color: '#fff', weight: 7, opacity: 0.85, fillOpacity: 0});
const selected = L.polygon([], {interactive: false, color: '#c2185b', weight: 3.5, fillOpacity: 0});
const spot = L.circleMarker([0, 0], {interactive: false, radius: 14, color: '#c2185b', weight: 3, fillOpacity: 0});
const tip = L.tooltip({direction: 'top', offset: [0, -8], className: 'tip'});

function outline(polygon, area) {
  const rings = area ? ringsOf(area, plan.arcs) : [];
  polygon.setLatLngs(rings.map((ring) => {
    const places = [];
    for (let i = 0; i < ring.length; i += 2) places.push(toLatLng(ring[i], ring[i + 1]));
    return places;
  }));
}

function worldOf(latlng) {
  const {x, y} = map.project(latlng, 0);
  return [x / 256, y / 256];
}

function tipOf(area, building) {
  const text = element('div', {}, element('strong', {}, area.code), ` ${area.households} households 户`);
  if (building) text.append(element('div', {}, `this building: ${building.households}`));
  return text;
}

let under = null;  // the area under the pointer
function hover(latlng) {
  const [x, y] = worldOf(latlng);
  const area = painter.areas.at(x, y);
  if (area !== under) outline(hovered, area);
  under = area;
  if (!area) return tip.remove();
  const building = painter.showsBuildings(map.getZoom()) && painter.buildings.at(x, y);
  tip.setLatLng(latlng).setContent(tipOf(area, building));
  if (!map.hasLayer(tip)) map.openTooltip(tip);
}

function leave() {
  under = null;
  outline(hovered, null);
  tip.remove();
}

/** Shows the area's figures and outline; null closes. */
function open(area) {
  spot.remove();
  outline(halo, area);
  outline(selected, area);
  if (area) showArea(plan, area, select);
  else byId('panel').hidden = true;
}

/** Shows the bounds with a margin, beside the legend where there is room for both. */
function fit(bounds, margin, maxZoom) {
  const legend = map.getSize().x > 900 ? document.querySelector('.legend').offsetWidth : 0;
  map.fitBounds(bounds, {paddingTopLeft: [margin, margin], paddingBottomRight: [margin + legend, margin], maxZoom});
}

/** Opens the area and goes there. */
function select(area) {
  open(area);
  if (area && Number.isFinite(area.box[0])) fit(boundsOf(area.box), 50, 18);
}

/** A finding about a whole area shows the area, any other its place. */
function openFinding(finding) {
  open(finding.area);
  if (finding.area && !finding.unit) select(finding.area);
  if (!isInPlan(plan, finding)) return;
  spot.setLatLng(toLatLng(...finding.place)).addTo(map);
  if (!finding.area || finding.unit) map.setView(spot.getLatLng(), Math.max(17, map.getZoom()));
}

function redraw() {
  tiles.redraw();
  labels.draw();
}

const WholePlan = L.Control.extend({
  options: {position: 'topleft'},
  onAdd() {
    const button = element('button', {className: 'whole', title: 'Show the whole plan', onclick: fitAll}, 'All');
    L.DomEvent.disableClickPropagation(button);
    return button;
  },
});
function fitAll() {
  fit(whole, 12);
}

/** Paper has its own size: the map is laid out for it before printing and put back after. */
function setUpPrinting() {
  let view = null;
  window.addEventListener('beforeprint', () => {
    view = map.getBounds();
    document.body.classList.add('printing');
    map.invalidateSize({animate: false, pan: false});
    map.fitBounds(view, {animate: false});
    redraw();
  });
  window.addEventListener('afterprint', () => {
    document.body.classList.remove('printing');
    map.invalidateSize({animate: false, pan: false});
    map.fitBounds(view, {animate: false});
    redraw();
  });
}

showSummary(plan);
showLegend(classes, layers, redraw);
showFindings(plan, openFinding);
setUpSearch(plan, select);
setUpPrinting();
if (window.innerWidth < 760) document.querySelector('.legend').open = false;
fitAll();
L.control.scale({imperial: false, maxWidth: 160}).addTo(map);
map.addControl(new WholePlan());
for (const layer of [tiles, hovered, halo, selected, labels]) layer.addTo(map);
labels.draw();
map.on('mousemove', (event) => hover(event.latlng));
map.on('mouseout', leave);
map.on('click', (event) => open(painter.areas.at(...worldOf(event.latlng))));
map.on('keydown', ({originalEvent: {key}}) => { if (key === 'Enter') open(painter.areas.at(...worldOf(map.getCenter()))); });
document.addEventListener('keydown', (event) => { if (event.key === 'Escape') open(null); });
if (location.hash) select(plan.byCode.get(decodeURIComponent(location.hash.slice(1))) || null);
performance.mark('wangge-drawn');
window.wangge = {map, plan, select: (code) => select(plan.byCode.get(code) || null)};
