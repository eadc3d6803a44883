// @ts-check
// The user's own charts. They are part of the address.
import {$, foreign, h, iconButton, say} from './dom.js';
import {axis, bucket, full, interval, span} from './format.js';
import {coloured} from './colours.js';
import {TimeChart} from './chart.js';
import {heatMap} from './heat.js';
import {legendItem} from './legend.js';
import {dataTable} from './table.js';
import {exportTool, linkTool, tableTool} from './tools.js';
import {painted} from './search.js';
import {only} from './terms.js';
import {data as dataParams, sameChart} from './state.js';
import {showDrawer} from './drawer.js';
/** @import {App, Chart} from './types.js' */

/** @typedef {{panel: HTMLElement, body: ChartBody, table: boolean}} Shown */
/** By its parameters. @type {Map<string, Shown>} */
const shown = new Map();
let made = 0;

/** @param {App} app */
export function drawCustoms(app) {
  if (!app.answer) return;
  const {charts} = app.answer;
  const wanted = new Set(charts.map(chart => chart.spec));
  for (const [spec, {panel}] of shown) if (!wanted.has(spec)) { panel.remove(); shown.delete(spec); }
  charts.forEach((chart, i) => {
    const one = shown.get(chart.spec) ?? make(app, chart);
    if ($('customs').children[i] !== one.panel) $('customs').insertBefore(one.panel, $('customs').children[i] ?? null);
    drawPanel(app, chart, one);
  });
}

/** @param {App} app @param {Chart} chart @returns {Shown} */
function make(app, chart) {
  const id = `chart-${made + 1}`;
  const panel = h('section.panel.a-custom', {id, 'aria-label': `Chart ${++made}: ${chart.title}`});
  /** @type {Shown} */
  const one = {panel, body: new ChartBody(), table: false};
  const own = () => { const p = dataParams({...app.view, charts: [chart.spec]}); return p; };
  panel.append(
    h('header.panel-head', {}, h('h2', {}, foreign(chart.title)), h('div.tools', {},
      iconButton('edit', 'Edit this chart', {onclick: () => showDrawer(app, chart.spec)}),
      tableTool(() => one.table, () => { one.table = !one.table; drawCustoms(app); }),
      exportTool(app, 'chart', own), linkTool(app, id),
      iconButton('trash', 'Remove from the page', {onclick: () => removeChart(app, chart.spec)}))),
    h('p.panel-sub'), one.body.element);
  shown.set(chart.spec, one);
  return one;
}

/** @param {App} app @param {Chart} chart @param {Shown} one */
function drawPanel(app, chart, one) {
  one.panel.querySelector('.panel-sub')?.replaceChildren(...sub(app, chart));
  one.body.draw(app, chart, {height: innerWidth < 1920 ? 196 : 252, table: one.table});
}

/** Query and span as small print, so that a screenshot explains itself. @param {App} app @param {Chart} chart */
function sub(app, chart) {
  return [
    ...(chart.q ? [h('code', {}, ...painted(chart.q))] : []),
    h('span', {}, chart.titled ? `${chart.label}, ` : '', span(chart.window.from, chart.window.to, app.view.local), chart.fixed ? ', fixed' : '', chart.by === 'time' && chart.form !== 'number' ? `, every ${interval(chart.window.interval)}` : ''),
  ];
}

/** @param {App} app @param {string} spec */
function removeChart(app, spec) {
  const before = app.view.charts;
  app.go({charts: before.filter(other => !sameChart(other, spec))});
  offerUndo(() => app.go({charts: before}));
}

/** @param {() => void} undo */
function offerUndo(undo) {
  document.querySelector('.undo')?.remove();
  const note = h('div.undo', {role: 'status'}, 'Chart removed. ', h('button.linkish', {type: 'button', onclick: () => { note.remove(); undo(); }}, 'Undo'));
  document.body.append(note);
  setTimeout(() => note.remove(), 10_000);
  say('Chart removed. Undo is at the end of the page.');
}

/** A chart of any form, on the page or in the preview. */
export class ChartBody {
  constructor() {
    this.legend = h('ul.legend');
    this.plot = h('div.chart');
    this.element = h('div.chart-body', {}, this.legend, this.plot);
    /** @type {TimeChart | null} */
    this.chart = null;
  }

  /** @param {App} app @param {Chart} chart @param {{height: number, table?: boolean}} options */
  draw(app, chart, {height, table = false}) {
    const series = chart.series.length ? coloured(chart.split, chart.series) : [];
    const byTime = chart.by === 'time' && !table && (chart.form === 'bars' || chart.form === 'lines');
    this.legend.hidden = !series.length;
    this.legend.replaceChildren(...series.map(one => legendItem({name: one.name, colour: one.colour, value: full[chart.kind](one.total)})));
    if (!byTime || chart.problem) this.chart = null;
    if (chart.problem) return this.plot.replaceChildren(h('p.hint', {}, chart.problem));
    if (byTime) return this.#time(app, chart, series, height);
    this.plot.replaceChildren(...this.#content(app, chart, series, table));
  }

  /** @param {App} app @param {Chart} chart @param {(Chart['series'][number] & {colour: number, name: string})[]} series @param {number} height */
  #time(app, chart, series, height) {
    if (!this.chart) {
      const made = new TimeChart(this.plot, {cursor: i => made.point(i, i < 0 ? [] : this.#tip(app, i))});
      this.chart = made;
    }
    this.drawn = {chart, series};
    const stacked = chart.form === 'bars' && chart.totals.every(n => n >= 0);
    this.chart.update({
      window: chart.window, series: series.length ? series : [{name: chart.label, colour: 1, values: chart.totals}], totals: chart.totals, before: null,
      stacked, height, tick: axis[chart.kind], local: app.view.local, label: `${chart.title}, ${span(chart.window.from, chart.window.to, app.view.local)}`,
    });
  }

  /** @param {App} app @param {number} i */
  #tip(app, i) {
    if (!this.drawn) return [];
    const {chart, series} = this.drawn;
    const format = full[chart.kind];
    return [h('p.tip-title', {}, bucket(chart.window, i, app.view.local), i >= chart.window.complete && h('span', {}, ' unfinished')),
      ...series.map(one => h('div.tip-row', {}, h(`i.swatch.b${one.colour}`), h('span', {}, h('bdi', {}, one.name)), h('b', {}, format(one.values[i])))).reverse(),
      h('div.tip-row' + (series.length ? '.tip-total' : ''), {}, h('i.swatch.swatch-none'), h('span', {}, series.length ? 'Total' : chart.label), h('b', {}, format(chart.totals[i])))];
  }

  /** @param {App} app @param {Chart} chart @param {(Chart['series'][number] & {colour: number, name: string})[]} series @param {boolean} table */
  #content(app, chart, series, table) {
    const format = full[chart.kind];
    if (chart.form === 'number' && !table) return [h('p.big-number', {}, format(chart.value))];
    if (chart.by === 'hour') return heatMap(app, chart.start, chart.hours, chart.kind, chart.label.toLowerCase());
    if (chart.by === 'time') {
      return [h('div.table-scroll', {role: 'region', tabindex: '0', 'aria-label': chart.title}, dataTable([app.view.local ? 'From' : 'From (UTC)', ...series.map(one => one.name), chart.label],
        chart.totals.map((n, i) => [bucket(chart.window, i, app.view.local), ...series.map(one => format(one.values[i])), format(n)]).reverse()))];
    }
    if (table || chart.form === 'table') {
      return [h('div.table-scroll', {role: 'region', tabindex: '0', 'aria-label': chart.title}, dataTable(['Value', ...series.map(one => one.name), chart.label],
        chart.keys.map((key, i) => [foreign(key.label || key.value), ...series.map(one => format(one.values[i])), format(chart.totals[i])])))];
    }
    return [this.#list(app, chart, series)];
  }

  /** @param {App} app @param {Chart} chart @param {(Chart['series'][number] & {colour: number, name: string})[]} series */
  #list(app, chart, series) {
    const most = Math.max(...chart.totals.map(Math.abs), 1e-9);
    const format = full[chart.kind];
    if (!chart.keys.length) return h('p.hint', {}, 'None match.');
    return h('ul.top-list', {}, ...chart.keys.map((key, i) => {
      const field = key.term.slice(0, key.term.indexOf('='));
      return h('li.facet-row', {vars: {'--part': series.length ? 0 : Math.abs(chart.totals[i]) / most}},
        chart.by === 'risk' ? h('span.facet-name', {}, key.label)
          : h('button.facet-name', {type: 'button', title: `Only ${key.value}`, onclick: () => app.go({q: only(app.view.q, field, key.value)})}, h('bdi', {dir: 'auto'}, key.label || key.value), key.note && h('small', {}, key.note)),
        series.length > 0 && h('span.split-bar', {'aria-hidden': 'true'}, ...series.map(one => h(`i.b${one.colour}`, {vars: {'--part': Math.max(0, one.values[i]) / most}}))),
        h('span.facet-value', {}, format(chart.totals[i])));
    }));
  }
}
