/** The map of a page: what is drawn, what is under the pointer, what is open, and the sheet of paper. */
class Stage {
  /** `tipOf(area, building)` is what stands at the pointer, `show(area)` fills the panel. */
  constructor(plan, painter, layers, {tipOf, show}) {
    Object.assign(this, {plan, painter, tipOf, show});
    const map = this.map = L.map('map', {
      attributionControl: false, fadeAnimation: false, zoomControl: true, maxZoom: 22, minZoom: 3,
      zoomAnimation: !window.matchMedia('(prefers-reduced-motion: reduce)').matches,
    });
    this.whole = plan.leaves.length ? boundsOf(plan.box) : L.latLngBounds([-60, -170], [70, 170]);
    this.tiles = new PlanTiles(painter, {bounds: this.whole.pad(0.1)});
    this.labels = new Labels(plan, painter, layers);
    this.hovered = L.polygon([], {
      interactive: false, color: '#1f2933', weight: 2.5, fillColor: '#fff', fillOpacity: 0.25,
    });
    this.halo = L.polygon([], {interactive: false, color: '#fff', weight: 7, opacity: 0.85, fillOpacity: 0});
    this.selected = L.polygon([], {interactive: false, color: '#c2185b', weight: 3.5, fillOpacity: 0});
    this.spot = L.circleMarker([0, 0], {
      interactive: false, radius: 14, color: '#c2185b', weight: 3, fillOpacity: 0,
    });
    this.tip = L.tooltip({direction: 'top', offset: [0, -8], className: 'tip'});
    this.under = null;  // the area under the pointer
    this.redraw = this.redraw.bind(this);
    this.select = this.select.bind(this);
    this.openFinding = this.openFinding.bind(this);
    if (window.innerWidth < 760) document.querySelector('.legend').open = false;
    this.printOnOneSheet();
  }

  /** Once the legend is filled, which takes room beside the map. */
  start() {
    const {map} = this;
    this.fitAll();
    L.control.scale({imperial: false, maxWidth: 160}).addTo(map);
    map.addControl(new WholePlan(() => this.fitAll()));
    for (const layer of [this.tiles, this.hovered, this.halo, this.selected, this.labels]) layer.addTo(map);
    this.labels.draw();
    map.on('mousemove', (event) => this.hover(event.latlng));
    map.on('mouseout', () => this.leave());
    map.on('click', (event) => this.open(this.areaAt(event.latlng)));
    map.on('keydown', ({originalEvent: {key}}) => { if (key === 'Enter') this.open(this.areaAt(map.getCenter())); });
    document.addEventListener('keydown', (event) => { if (event.key === 'Escape') this.open(null); });
    if (location.hash) this.selectCode(decodeURIComponent(location.hash.slice(1)));
    performance.mark('wangge-drawn');
    window.wangge = {map, plan: this.plan, select: (code) => this.selectCode(code)};
  }

  areaAt(latlng) {
    return this.painter.areas.at(...this.worldOf(latlng));
  }

  worldOf(latlng) {
    const {x, y} = this.map.project(latlng, 0);
    return [x / 256, y / 256];
  }

  outline(polygon, area) {
    const rings = area ? ringsOf(area, this.plan.arcs) : [];
    polygon.setLatLngs(rings.map((ring) => {
      const places = [];
      for (let i = 0; i < ring.length; i += 2) places.push(toLatLng(ring[i], ring[i + 1]));
      return places;
    }));
  }

  hover(latlng) {
    const area = this.areaAt(latlng);
    if (area !== this.under) this.outline(this.hovered, area);
    this.under = area;
    if (!area) return this.tip.remove();
    const building = this.painter.showsBuildings(this.map.getZoom()) &&
      this.painter.buildings.at(...this.worldOf(latlng));
    this.tip.setLatLng(latlng).setContent(this.tipOf(area, building));
    if (!this.map.hasLayer(this.tip)) this.map.openTooltip(this.tip);
  }

  leave() {
    this.under = null;
    this.outline(this.hovered, null);
    this.tip.remove();
  }

  /** Shows the area's figures and outline; null closes. */
  open(area) {
    this.spot.remove();
    this.outline(this.halo, area);
    this.outline(this.selected, area);
    if (area) this.show(area);
    else byId('panel').hidden = true;
  }

  /** Shows the bounds with a margin, beside the legend where there is room for both. */
  fit(bounds, margin, maxZoom) {
    const legend = this.map.getSize().x > 900 ? document.querySelector('.legend').offsetWidth : 0;
    this.map.fitBounds(bounds, {paddingTopLeft: [margin, margin], paddingBottomRight: [margin + legend, margin], maxZoom});
  }

  fitAll() {
    this.fit(this.whole, 12);
  }

  /** Opens the area and goes there. */
  select(area) {
    this.open(area);
    if (area && Number.isFinite(area.box[0])) this.fit(boundsOf(area.box), 50, 18);
  }

  selectCode(code) {
    this.select(this.plan.byCode.get(code) || null);
  }

  /** A finding about a whole area shows the area, any other its place. */
  openFinding(finding) {
    this.open(finding.area);
    if (finding.area && !finding.unit) this.select(finding.area);
    if (!isInPlan(this.plan, finding)) return;
    this.spot.setLatLng(toLatLng(...finding.place)).addTo(this.map);
    if (!finding.area || finding.unit) this.map.setView(this.spot.getLatLng(), Math.max(17, this.map.getZoom()));
  }

  redraw() {
    this.tiles.redraw();
    this.labels.draw();
  }

  /** Paper has its own size: the map is laid out for it before printing and put back after. */
  printOnOneSheet() {
    let view = null;
    const layOut = (printing) => {
      if (printing) view = this.map.getBounds();
      document.body.classList.toggle('printing', printing);
      this.map.invalidateSize({animate: false, pan: false});
      this.map.fitBounds(view, {animate: false});
      this.redraw();
    };
    window.addEventListener('beforeprint', () => layOut(true));
    window.addEventListener('afterprint', () => layOut(false));
  }
}

const WholePlan = L.Control.extend({
  options: {position: 'topleft'},
  initialize(showAll) {
    this.showAll = showAll;
  },
  onAdd() {
    const button = element('button', {className: 'whole', title: 'Show the whole plan', onclick: this.showAll}, 'All');
    L.DomEvent.disableClickPropagation(button);
    return button;
  },
});
