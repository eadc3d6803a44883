// @ts-check
// The chosen measure over time: legend, chart, table, brush and keys.
import {$, h, iconButton, say} from './dom.js';
import {axis, bucket, day, clock, full, interval, percent} from './format.js';
import {coloured} from './colours.js';
import {TimeChart} from './chart.js';
import {legendItem} from './legend.js';
import {dataTable} from './table.js';
/** @import {App, Histogram, Window} from './types.js' */

/** @type {TimeChart | null} */
let chart = null;
let cursor = -1;
/** @type {number | null} */
let anchor = null;
export const shown = {table: false};

const SPLITS = ['type', 'kind', 'wiki', 'namespace'];

/** @param {App} app */
export function drawHistogram(app) {
  if (!app.answer) return;
  const {histogram: data, window: w} = app.answer;
  $('hist-title').textContent = data.label;
  $('hist-unit').textContent = data.kind === 'rate' ? `in steps of ${interval(w.interval)}` : data.kind === 'share' ? `share of ${data.measure === 'reverts' ? 'edits' : 'changes'}` : `every ${interval(w.interval)}`;
  drawLegend(app, data);
  $('hist').hidden = shown.table;
  $('hist-table').hidden = !shown.table;
  if (shown.table) drawTable(app, data);
  else drawChart(app, data, w);
  drawReadout(app);
}

/** The height is a CSS token, so that space is reserved before the chart is drawn. */
const height = () => parseInt(getComputedStyle(document.documentElement).getPropertyValue('--hist'), 10);

/** The series that are not hidden. @param {App} app @param {Histogram} data */
function series(app, data) {
  if (!data.stacked) return [{name: data.label, colour: 1, values: data.totals}];
  return coloured(data.split, data.series).filter(one => !app.view.hide.includes(one.name));
}

/** @param {App} app @param {Histogram} data @param {Window} w */
function drawChart(app, data, w) {
  chart ??= makeChart(app);
  const list = series(app, data);
  const totals = data.stacked && app.view.hide.length ? w && data.totals.map((_, i) => list.reduce((n, one) => n + one.values[i], 0)) : data.totals;
  chart.update({
    window: w, series: list, totals, before: app.view.before ? data.before : null, stacked: data.stacked, height: height(), tick: axis[data.kind],
    local: app.view.local, gaps: gaps(app),
    label: `${data.label} every ${interval(w.interval)}, ${day(w.from, app.view.local)} ${clock(w.from, app.view.local)} to ${day(w.to, app.view.local)} ${clock(w.to, app.view.local)}. Arrow keys move the cursor, Shift with them selects, Enter zooms in.`,
  });
  if (cursor >= 0) point(app, Math.min(cursor, w.buckets - 1));
}

/**
 * Times in which nothing was collected, in the window. On a live page that includes the
 * time since the newest change, if that is long.
 * @param {App} app
 */
function gaps(app) {
  const {gaps: known, health: {newest}, window: w} = /** @type {NonNullable<App['answer']>} */ (app.answer);
  const late = newest && app.view.live && newest >= w.from && w.to - newest > 3 * w.interval;
  return late ? [...known, {from: newest, to: w.to}] : known;
}

/** @param {App} app */
function makeChart(app) {
  const made = new TimeChart($('hist'), {
    brush: () => drawReadout(app),
    cursor: i => point(app, i),
  });
  made.svg.setAttribute('tabindex', '0');
  made.svg.setAttribute('role', 'application');
  made.svg.addEventListener('keydown', (/** @type {KeyboardEvent} */ event) => onKey(app, event));
  made.svg.addEventListener('blur', () => point(app, -1));
  return made;
}

/** The selected buckets, if any. */
export const selection = () => chart?.selection ?? null;

/** @param {App} app */
export function clearSelection(app) {
  anchor = null;
  chart?.select(null);
  drawReadout(app);
}

/** Goes to the selected time: one entry in the history. @param {App} app */
export function zoom(app) {
  const range = selection();
  if (!range || !app.answer) return;
  const {start, interval: step} = app.answer.window;
  const time = (/** @type {number} */ i) => new Date(start + i * step).toISOString().replace('.000Z', 'Z');
  clearSelection(app);
  app.go({range: '', from: time(range[0]), to: time(range[1] + 1)});
}

/** Shows the selection in the panel's heading, where it covers nothing. @param {App} app */
function drawReadout(app) {
  const range = selection();
  $('readout').hidden = !range || shown.table;
  if (!range || !app.answer) return drawLegendSoon(app);
  const {window: w, histogram: data} = app.answer;
  const from = w.start + range[0] * w.interval;
  const to = w.start + (range[1] + 1) * w.interval;
  const total = data.totals.slice(range[0], range[1] + 1).reduce((a, b) => a + b, 0);
  $('readout').replaceChildren(
    h('span', {}, h('b', {}, `${clock(from, app.view.local)} – ${clock(to, app.view.local)}`), ` · ${interval(to - from)}${data.stacked && data.kind !== 'rate' ? ` · ${full[data.kind](total)}${data.kind === 'count' ? ' ' + data.label.toLowerCase() : ''}` : ''}`),
    h('button.btn.btn-s.btn-primary', {type: 'button', onclick: () => zoom(app)}, 'Zoom in'),
    iconButton('close', 'Clear the selection (Esc)', {onclick: () => clearSelection(app)}));
  drawLegendSoon(app);
}

/** @param {App} app */
function drawLegendSoon(app) {
  if (app.answer) drawLegend(app, app.answer.histogram);
}

/** @param {App} app @param {KeyboardEvent} event */
function onKey(app, event) {
  if (!app.answer || !chart) return;
  const {buckets} = app.answer.window;
  if (event.key === 'Enter' && selection()) { event.preventDefault(); return zoom(app); }
  if (event.key === 'Escape' && selection()) { event.stopPropagation(); return clearSelection(app); }
  if (event.key === 'Backspace') { event.preventDefault(); return history.back(); }
  const here = cursor < 0 ? buckets - 1 : cursor;
  const next = {ArrowLeft: here - 1, ArrowRight: here + 1, Home: 0, End: buckets - 1}[event.key];
  if (next === undefined || event.ctrlKey || event.altKey || event.metaKey) return;
  event.preventDefault();
  const to = Math.min(buckets - 1, Math.max(0, next));
  if (event.shiftKey) {
    anchor ??= here;
    chart.select([Math.min(anchor, to), Math.max(anchor, to)]);
    drawReadout(app);
  } else anchor = null;
  point(app, to);
  say(`${bucket(app.answer.window, to, app.view.local)}: ${full[app.answer.histogram.kind](app.answer.histogram.totals[to])}`);
}

/** @param {App} app @param {number} i */
function point(app, i) {
  cursor = i;
  if (chart?.options && app.answer) chart.point(i, i < 0 ? [] : tip(app, i));
}

/** @param {App} app @param {number} i */
function tip(app, i) {
  const answer = /** @type {NonNullable<App['answer']>} */ (app.answer);
  const {histogram: data, window: w} = answer;
  const format = full[data.kind];
  const row = (/** @type {string} */ name, /** @type {string} */ value, /** @type {number | null} */ colour, extra = '') =>
    h('div.tip-row' + extra, {}, h('i.swatch' + (colour == null ? '.swatch-none' : `.b${colour}`)), h('span', {}, h('bdi', {}, name)), h('b', {}, value));
  const parts = data.stacked ? series(app, data).map(one => row(one.name, format(one.values[i] ?? 0), one.colour)).reverse() : [];
  return [
    h('p.tip-title', {}, bucket(w, i, app.view.local), i >= w.complete && h('span', {}, ' unfinished')),
    ...gaps(app).filter(gap => gap.from < w.start + (i + 1) * w.interval && gap.to > w.start + i * w.interval)
      .map(gap => h('div.tip-row', {}, h('i.swatch.swatch-missing'), h('span', {}, 'No data'), h('b', {}, `${clock(gap.from, app.view.local)}–${clock(gap.to, app.view.local)}`))),
    ...parts,
    row(data.stacked ? 'Total' : data.label, format(data.totals[i] ?? 0), null, parts.length ? '.tip-total' : ''),
    ...(app.view.before && data.before ? [row(before(w), format(data.before[i] ?? 0), null)] : []),
  ];
}

/** The period before, by its length. @param {Window} w */
function before(w) {
  const ms = w.to - w.from; // a live window is up to a bar longer than its range
  const rounded = [36e5, 6e4].map(unit => Math.round(ms / unit) * unit).find(n => Math.abs(n - ms) <= ms / 60) || ms;
  return interval(rounded).replace(/^(?=[a-z])/, '1 ') + ' before';
}

/** @param {App} app @param {Histogram} data */
function drawLegend(app, data) {
  const w = /** @type {NonNullable<App['answer']>} */ (app.answer).window;
  if (data.problem) return $('legend').replaceChildren(h('li.hint', {}, data.problem));
  const range = selection();
  const within = (/** @type {number[]} */ list) => range ? list.slice(range[0], range[1] + 1).reduce((a, b) => a + b, 0) : null;
  const format = full[data.kind];
  const all = within(data.totals) ?? data.total;
  const items = data.stacked ? coloured(data.split, data.series).map(one => {
    const value = data.kind === 'rate' && range ? (within(one.values) ?? 0) / (range[1] - range[0] + 1) : within(one.values) ?? one.total;
    const on = !app.view.hide.includes(one.name);
    return legendItem({name: one.name, colour: one.colour, value: format(value), note: data.kind !== 'rate' || !range ? percent(all ? value / all : 0) : undefined, on,
      toggle: event => hide(app, data, one.name, on, event.altKey)});
  }) : [h('li.hint', {}, data.kind === 'share' ? 'A share cannot be stacked or added up.' : 'This figure is counted anew in each step, so it cannot be stacked or added up.')];
  if (data.before) {
    items.push(legendItem({name: before(w), colour: null, value: data.kind === 'rate' && range ? '' : format(within(data.before) ?? data.before_total), on: app.view.before,
      toggle: () => app.go({before: !app.view.before}, {replace: true})}));
  }
  if (gaps(app).length) items.push(h('li', {title: 'Nothing was collected then: it says nothing about the wikis'}, h('span.legend-item', {}, h('i.swatch.swatch-missing'), h('span.legend-name', {}, 'no data'))));
  $('legend').replaceChildren(...items);
}

/** @param {App} app @param {Histogram} data @param {string} name @param {boolean} on @param {boolean} others */
function hide(app, data, name, on, others) {
  const names = coloured(data.split, data.series).map(one => one.name);
  const hidden = others ? names.filter(n => n !== name) : on ? [...app.view.hide, name] : app.view.hide.filter(n => n !== name);
  app.go({hide: hidden}, {replace: true});
}

/** The choice of a split, also before there is an answer. @param {App} app */
export function drawSplit(app) {
  const stacked = app.answer?.histogram.stacked ?? true;
  $('split').replaceChildren(...SPLITS.map(id => {
    const field = app.config.fields.find(f => f.id === id);
    return h('button', {type: 'button', 'aria-pressed': String(id === app.view.split), disabled: !stacked, 'data-id': id,
      onclick: () => app.go({split: id, hide: []}, {replace: true})}, field?.label ?? id);
  }));
}

/** @param {App} app @param {Histogram} data */
function drawTable(app, data) {
  const w = /** @type {NonNullable<App['answer']>} */ (app.answer).window;
  const format = full[data.kind];
  const list = data.stacked ? coloured(data.split, data.series) : [];
  $('hist-table').replaceChildren(dataTable(
    [app.view.local ? 'From' : 'From (UTC)', ...list.map(one => one.name), 'Total', ...(data.before ? [before(w)] : [])],
    data.totals.map((n, i) => [
      h('span', {}, `${day(w.start + i * w.interval, app.view.local)} ${clock(w.start + i * w.interval, app.view.local)}`, i >= w.complete && h('small', {}, ' unfinished')),
      ...list.map(one => format(one.values[i])), h('b', {}, format(n)), ...(data.before ? [format(data.before[i])] : []),
    ]).reverse()));
}
