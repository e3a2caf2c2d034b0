// The side of the page: search, figures of one area, findings, legend. Text goes in as text, never as HTML.

const levelNames = {
  province: 'Province 省', city: 'City 市', county: 'County 县', town: 'Town 镇/街道', community: 'Community 社区',
  sector: 'Sector 片区', grid: 'Grid 网格', micro_grid: 'Micro-grid 微网格',
};
const kindNames = {
  hamlet: 'hamlet', tower: 'tower', out_of_range: 'out of range', empty_zone: 'no households', neck: 'neck',
  unassigned: 'outside every area', straddler: 'straddles a line', overlap: 'overlapping buildings',
  mended: 'border mended', input: 'input', lumpy: 'lumpy units', unproven: 'no division found', annexed: 'hamlet taken in',
  attribute: 'bound missed', missing: 'value missing', apart: 'not kept apart', mixed: 'compound mixed', locked: 'locked',
};
const severeKinds = new Set(['hamlet', 'tower', 'out_of_range', 'unassigned', 'lumpy', 'unproven', 'attribute', 'apart']);

const number = new Intl.NumberFormat('en');
const byId = (id) => document.getElementById(id);

function element(tag, properties = {}, ...children) {
  const made = Object.assign(document.createElement(tag), properties);
  made.append(...children);
  return made;
}

function percent(part, whole) {
  if (!whole) return '–';
  const share = Math.floor((part / whole) * 1000) / 10;  // never "100 %" of less than all
  return `${share} %`;
}

function hectares(m2) {
  return `${(m2 / 10000).toFixed(m2 < 100000 ? 2 : 1)} ha`;
}

function titled(area) {
  return area.name ? `${area.name} (${area.code})` : area.code;
}

/** Whether a finding says a place on the map. */
function isInPlan({box}, {place: [x, y]}) {
  const marginX = (box[2] - box[0]) / 2, marginY = (box[3] - box[1]) / 2;
  return x > box[0] - marginX && x < box[2] + marginX && y > box[1] - marginY && y < box[3] + marginY;
}

function figure(list, term, value, note) {
  const worth = element('dd', {}, value);
  if (note) worth.append(' ', element('small', {}, note));
  list.append(element('div', {}, element('dt', {}, term), worth));
}

/** What the page is of, and whose data it shows. */
function showTitle(plan, what) {
  const tops = plan.areas.filter((area) => !area.parent && area.level !== 'micro_grid').map((a) => a.name || a.code);
  const place = tops.length > 3 ? `${tops[0]} … ${tops[tops.length - 1]} (${tops.length} areas)` : tops.join(', ');
  byId('title').textContent = place ? `${what}: ${place}` : what;
  document.title = byId('title').textContent;
  byId('source').textContent = [plan.source, 'drawn with Leaflet'].filter(Boolean).join(' · ');
}

function showSummary(plan) {
  const {micro_grids: all, in_range: good, households, assigned, compactness} = plan.summary;
  const list = byId('summary');
  figure(list, 'micro-grids', number.format(all));
  figure(list, `in range ${plan.range.join('–')}`, number.format(good), percent(good, all));
  figure(list, 'households 户', number.format(households));
  if (assigned < households) figure(list, 'outside every area', number.format(households - assigned));
  figure(list, 'median compactness', (compactness / 1000).toFixed(2));
}

/** A bar from 0 to beyond the range with the range shaded and the area's households marked. */
function gauge(plan, households) {
  const [min, max] = plan.range, end = Math.max(max * 1.5, households);
  const band = element('span', {className: 'band'}), mark = element('span', {className: 'mark'});
  band.style.left = `${(min / end) * 100}%`;
  band.style.width = `${((max - min) / end) * 100}%`;
  mark.style.left = `${(households / end) * 100}%`;
  const label = `${households} households; the range is ${min} to ${max}`;
  const bar = element('div', {className: 'gauge', title: label}, band, mark);
  bar.setAttribute('role', 'img');
  bar.setAttribute('aria-label', label);
  return bar;
}

function standing(plan, area) {
  const {households} = area, [min, max] = plan.range;
  if (area.dedicated) return {text: 'dedicated', good: true};
  if (households < min) return {text: `${min - households} below the range`, good: false};
  if (households > max) return {text: `${households - max} above the range`, good: false};
  return {text: 'in range', good: true};
}

function figuresOf(area, select) {
  const list = element('dl');
  if (area.parent) {
    const up = element('button', {className: 'link', onclick: () => select(area.parent)}, titled(area.parent));
    figure(list, 'Part of', up);
  }
  figure(list, 'Households 户', number.format(area.households));
  if (area.persons) figure(list, 'Persons 人', number.format(area.persons));
  figure(list, 'Units', number.format(area.units));
  figure(list, 'Area', hectares(area.areaM2));
  figure(list, 'Compactness', area.compactness.toFixed(2), '1 = a disc');
  return list;
}

function closeButton(select) {
  const close = element('button', {className: 'close', title: 'Close (Esc)', onclick: () => select(null)}, '×');
  close.setAttribute('aria-label', 'Close');
  return close;
}

/** `more` goes between the area's figures and its findings. */
function showArea(plan, area, select, more = []) {
  const panel = byId('panel');
  panel.replaceChildren(closeButton(select), element('p', {className: 'level'}, levelNames[area.level]),
    element('h2', {id: 'panel-code'}, area.code));
  if (area.name && area.name !== area.code) panel.append(element('p', {className: 'name'}, area.name));
  if (area.level === 'micro_grid') {
    const {text, good} = standing(plan, area);
    panel.append(element('p', {className: good ? 'standing' : 'standing severe'}, text));
    panel.append(gauge(plan, area.households));
  }
  panel.append(figuresOf(area, select), ...more);
  for (const finding of area.findings.slice(0, 20)) {
    panel.append(element('p', {className: 'finding'}, badge(finding.kind), ' ', finding.text));
  }
  panel.hidden = false;
}

function badge(kind) {
  return element('span', {className: severeKinds.has(kind) ? 'badge severe' : 'badge'}, kindNames[kind] || kind);
}

/** One folded list a kind, the severe kinds first and the first of them open; a list is filled when it opens. */
function showFindings(plan, open) {
  byId('finding-count').textContent = number.format(plan.findings.length);
  if (!plan.findings.length) byId('findings').append(element('p', {className: 'none'}, 'None: nothing to look at.'));
  const order = Object.keys(kindNames);
  const groups = [...groupBy(plan.findings, (finding) => finding.kind)]
    .sort(([a], [b]) => order.indexOf(a) - order.indexOf(b));
  groups.forEach(([kind, findings], i) => {
    const list = element('ul');
    const group = element('details', {}, element('summary', {}, badge(kind), ' ',
      element('span', {className: 'count'}, number.format(findings.length))), list);
    group.addEventListener('toggle', () => {
      if (group.open && !list.childElementCount) list.append(...findings.map((finding) => findingRow(finding, open)));
    });
    group.open = i === 0;
    byId('findings').append(group);
  });
}

function findingRow(finding, open) {
  const text = element('span', {}, finding.text);
  const code = element('span', {className: 'code'}, finding.area ? finding.area.code : finding.unit);
  return element('li', {}, element('button', {onclick: () => open(finding)}, code, text));
}

const layerTexts = [
  {name: 'buildings', text: 'buildings'},
  ...Object.entries(barrierStyles).map(([name, style]) => ({name, text: style.text, style})),
  {name: 'labels', text: 'code and households'},
  {name: 'findings', text: 'places of findings'},
];

function showLegend(classes, rows, layers, change) {
  for (const {key, colour, text, pattern, count} of classes) {
    if (!count && (key === 'dedicated' || key === 'upper')) continue;
    const swatch = element('span', {className: pattern ? `swatch ${pattern}` : 'swatch'});
    if (colour) swatch.style.backgroundColor = colour;
    byId('classes').append(element('li', {}, swatch, element('span', {}, text),
      element('span', {className: 'count'}, number.format(count))));
  }
  for (const row of rows) byId('layers').append(layerRow(row, layers, change));
}

function layerRow({name, text, style}, layers, change) {
  const box = element('input', {type: 'checkbox', checked: layers[name]});
  box.addEventListener('change', () => {
    layers[name] = box.checked;
    change();
  });
  const sample = element('span', {className: `sample ${name}`});
  if (style) {
    sample.style.borderTop =
      `${Math.max(1.5, style.width)}px ${style.dash.length ? 'dashed' : 'solid'} ${style.colour}`;
  }
  return element('li', {}, element('label', {}, box, sample, text));
}

/** Areas whose code or name holds the text; an equal code first, then codes that end so, begin so, hold it. */
function matches(plan, text) {
  const wanted = text.trim().toLowerCase();
  if (!wanted) return [];
  const rank = ({code, name}) => {
    const c = code.toLowerCase();
    if (c === wanted) return 0;
    if (c.endsWith(wanted)) return 1;
    if (c.startsWith(wanted)) return 2;
    if (c.includes(wanted)) return 3;
    return name.toLowerCase().includes(wanted) ? 4 : 5;
  };
  return plan.areas.map((area) => [rank(area), area]).filter(([r]) => r < 5)
    .sort(([a, x], [b, y]) => a - b || x.row - y.row).slice(0, 12).map(([, area]) => area);
}

/** A search field with a list under it: arrows choose, Enter opens, Escape closes. */
function setUpSearch(plan, select) {
  const field = byId('search'), list = byId('hits');
  let found = [], chosen = 0;
  const show = () => {
    list.replaceChildren(...found.map((area, i) => {
      const row = element('li', {id: `hit-${i}`, onmousedown: () => take(area)}, area.code, ' ',
        element('small', {}, area.name && area.name !== area.code ? area.name : `${area.households} households`));
      row.setAttribute('role', 'option');
      row.setAttribute('aria-selected', i === chosen);
      return row;
    }));
    list.hidden = !found.length;
    field.setAttribute('aria-expanded', !list.hidden);
    field.setAttribute('aria-activedescendant', found.length ? `hit-${chosen}` : '');
  };
  const look = () => {
    found = matches(plan, field.value);
    chosen = 0;
    field.classList.toggle('nothing', !found.length && field.value.trim() !== '');
    show();
  };
  const take = (area) => {
    found = [];
    show();
    select(area);
  };
  field.addEventListener('input', look);
  field.addEventListener('blur', () => { found = []; show(); });
  field.addEventListener('keydown', (event) => {
    if (event.key === 'Enter' && !found.length) look();
    if (event.key === 'Enter' && found.length) take(found[chosen]);
    else if (event.key === 'Escape') take(null);
    else if (event.key.startsWith('Arrow') && found.length && /Up|Down/.test(event.key)) {
      chosen = (chosen + (event.key === 'ArrowDown' ? 1 : found.length - 1)) % found.length;
      show();
      event.preventDefault();
    }
  });
  document.addEventListener('keydown', (event) => {
    if (event.key === '/' && document.activeElement !== field) {
      field.focus();
      event.preventDefault();
    }
  });
}
