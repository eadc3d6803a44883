// @ts-check
// Add chart: measure, group by, split by, form, filter, time and title, with a
// preview that is redrawn shortly after each change.
import {$, copy, foreign, h, icon, iconButton, say} from './dom.js';
import {ask, problemOf} from './api.js';
import {interval, length} from './format.js';
import {data, link, sameChart} from './state.js';
import {RISK, indexed} from './marks.js';
import {ChartBody} from './custom.js';
/** @import {App, Chart} from './types.js' */

/** @type {[string, string, string][]} id, icon, label */
const FORMS = [['bars', 'bars', 'Bars'], ['lines', 'lines', 'Lines'], ['list', 'list', 'Top list'], ['table', 'table', 'Table'], ['heat', 'heat', 'Heat map'], ['number', 'number', 'Number']];
/** @type {[string, string][]} */
const TIMES = [['time', 'Time, automatic steps'], ['time:5m', 'Time, every 5 minutes'], ['time:1h', 'Time, every hour'], ['time:1d', 'Time, every day'], ['hour', 'Hour and weekday']];
const PREVIEW_AFTER = 300;

/** @typedef {{m: string, by: string, split: string, form: string, q: string, time: string, range: string, from: string, to: string, title: string}} Draft */

/** @type {{draft: Draft, replaces: string, opener: Element | null, timer: number, asking: AbortController | null, body: ChartBody, chart: Chart | null} | null} */
let open = null;

/** @type {Draft} */
const EMPTY = {m: 'changes', by: 'time', split: '', form: 'bars', q: '', time: 'page', range: '24h', from: '', to: '', title: ''};

/** Opens the drawer, on a chart of the page or a new one. @param {App} app @param {string} [spec] */
export function showDrawer(app, spec = '') {
  open = {draft: spec ? readSpec(spec) : {...EMPTY}, replaces: spec, opener: document.activeElement, timer: 0, asking: null, body: new ChartBody(), chart: null};
  $('drawer').hidden = false;
  draw(app);
  $('draft-m').focus();
  preview(app);
}

export const isDrawerOpen = () => open !== null;

/** Closes the drawer and restores the focus. */
export function hideDrawer() {
  if (!open) return;
  const {opener, asking, timer} = open;
  clearTimeout(timer);
  asking?.abort();
  open = null;
  $('drawer').hidden = true;
  $('drawer').replaceChildren();
  if (opener instanceof HTMLElement && opener.isConnected) opener.focus();
}

/** @param {string} spec @returns {Draft} */
function readSpec(spec) {
  const p = new URLSearchParams(spec);
  const every = p.get('every');
  const by = p.get('by') ?? 'time';
  return {
    ...EMPTY, m: p.get('m') ?? 'changes', by: by === 'time' && every ? `time:${every}` : by, split: p.get('split') ?? '', form: p.get('form') ?? 'bars', q: p.get('q') ?? '',
    time: p.get('from') ? 'fixed' : p.get('range') ? 'span' : 'page', range: p.get('range') ?? EMPTY.range, from: p.get('from') ?? '', to: p.get('to') ?? '', title: p.get('title') ?? '',
  };
}

/** @param {Draft} d */
function writeSpec(d) {
  const [by, every] = d.by.split(':');
  const p = new URLSearchParams({m: d.m, by, form: d.form});
  if (every) p.set('every', every);
  if (d.split && d.split !== by && by !== 'risk') p.set('split', d.split);
  if (d.q.trim()) p.set('q', d.q.trim());
  if (d.title.trim()) p.set('title', d.title.trim());
  if (d.time === 'span') p.set('range', d.range);
  if (d.time === 'fixed') { p.set('from', d.from); p.set('to', d.to); }
  return p.toString();
}

/** Why a form does not fit the choice, or "". @param {Draft} d @param {string} form */
function unfit(d, form) {
  const time = d.by.startsWith('time');
  if (form === 'heat') return d.by === 'hour' ? '' : 'A heat map needs “Hour and weekday” as its group';
  if (d.by === 'hour') return 'Hours and weekdays are shown as a heat map';
  if (form === 'lines') return time ? '' : 'Lines need time as their group';
  if (form === 'list') return time ? 'A top list needs a field as its group' : '';
  if (form === 'bars') return time ? '' : 'Bars need time as their group; a top list has bars for values';
  return '';
}

/** @param {App} app @param {Partial<Draft>} changes */
function change(app, changes) {
  if (!open) return;
  Object.assign(open.draft, changes);
  const d = open.draft;
  if (unfit(d, d.form)) d.form = FORMS.map(([id]) => id).find(id => !unfit(d, id)) ?? 'table';
  if (d.time === 'fixed' && !d.from && app.answer) {
    const iso = (/** @type {number} */ ms) => new Date(ms).toISOString().replace(/\.\d+Z$/, 'Z');
    const w = (open.chart ?? app.answer).window;
    d.from = iso(w.from);
    d.to = iso(w.to);
  }
  drawChoices(app);
  clearTimeout(open.timer);
  open.timer = window.setTimeout(() => preview(app), PREVIEW_AFTER);
}

/** @param {App} app */
async function preview(app) {
  if (!open) return;
  const mine = open;
  mine.asking?.abort();
  mine.asking = new AbortController();
  const params = data({...app.view, charts: [writeSpec(mine.draft)]});
  try {
    mine.chart = await ask('chart', params, mine.asking.signal);
    if (open !== mine || !mine.chart) return;
    mine.body.draw(app, mine.chart, {height: 200});
    $('draft-problem').replaceChildren();
    $('draft-took').textContent = `Preview took ${mine.chart.took} ms`;
    $('draft-name').replaceChildren(foreign(mine.chart.title));
    if (!mine.draft.title) $('draft-title').placeholder = mine.chart.title;
    $('draft-add').disabled = false;
  } catch (error) {
    if (mine.asking.signal.aborted || open !== mine) return;
    const problem = problemOf(error);
    $('draft-problem').replaceChildren(icon('error', 's'), `${problem.error}. ${problem.hint ?? ''}`);
    $('draft-add').disabled = problem.status === 400;
  }
}

/** @param {string} label @param {string} id @param {[string, string][]} options @param {string} value @param {(value: string) => void} on */
function choice(label, id, options, value, on) {
  const select = h('select', {id, onchange: () => on(select.value)}, ...options.map(([v, text]) => h('option', {value: v, selected: v === value}, text)));
  return h('label.field', {}, h('span', {}, label), h('span.select', {}, select, icon('down', 'xs')));
}

/** @param {App} app */
function draw(app) {
  if (!open) return;
  const {draft: d, body, replaces} = open;
  const {fields} = app.config;
  const measures = app.config.measures.filter(m => indexed(app, m.stream));
  /** @type {[string, string][]} */
  const byRisk = indexed(app, RISK) ? [['risk', 'Revert risk']] : [];
  $('drawer').replaceChildren(
    h('header.drawer-head', {}, h('h2', {id: 'drawer-title'}, replaces ? 'Edit chart' : 'Add chart'), iconButton('close', 'Close (Esc)', {onclick: hideDrawer})),
    h('div.drawer-body', {},
      h('figure.preview', {}, h('figcaption', {}, h('b', {id: 'draft-name'})), body.element),
      h('p.hint.draft-problem', {id: 'draft-problem', role: 'status'}),
      h('div.form', {},
        h('div.form-row-3', {},
          choice('Measure', 'draft-m', measures.map(m => [m.id, m.label]), d.m, m => change(app, {m})),
          choice('Group by', 'draft-by', [...TIMES, ...byRisk, ...fields.map(f => /** @type {[string, string]} */ ([f.id, f.label]))], d.by, by => change(app, {by})),
          choice('Split by', 'draft-split', [['', 'Nothing'], ...fields.map(f => /** @type {[string, string]} */ ([f.id, f.label]))], d.split, split => change(app, {split}))),
        h('p.hint', {id: 'draft-note'}),
        h('fieldset.forms', {}, h('legend', {}, 'Form'), ...FORMS.map(([id, glyph, label]) => h('label.form-tile', {},
          h('input', {type: 'radio', name: 'form', value: id, onchange: () => change(app, {form: id})}), icon(glyph), h('span', {}, label)))),
        h('label.field', {}, h('span', {}, 'Filter'), filterField(app, d), h('small.hint', {}, 'In the query language, such as wm.user_kind=temp wiki=enwiki|dewiki|frwiki. The filters of the page apply as well.')),
        h('fieldset.radio-row', {id: 'draft-times'}),
        h('label.field', {}, h('span', {}, 'Title'), titleField(app, d)))),
    h('footer.drawer-foot', {}, h('button.btn.btn-primary', {type: 'button', id: 'draft-add', onclick: () => finish(app)}, replaces ? 'Change the chart' : 'Add to the page'),
      h('button.btn', {type: 'button', onclick: (/** @type {MouseEvent} */ e) => copy(link({...app.view, charts: chartsWith(app)}), /** @type {Element} */ (e.currentTarget))}, 'Copy link'),
      h('span.hint', {id: 'draft-took'})));
  drawChoices(app);
}

/** @param {App} app @param {Draft} d */
function filterField(app, d) {
  const input = h('input.input.mono', {id: 'draft-q', autocomplete: 'off', autocapitalize: 'off', spellcheck: 'false', oninput: () => change(app, {q: input.value})});
  input.value = d.q;
  return input;
}

/** @param {App} app @param {Draft} d */
function titleField(app, d) {
  const input = h('input.input', {id: 'draft-title', autocomplete: 'off', maxlength: '150', oninput: () => change(app, {title: input.value})});
  input.value = d.title;
  return input;
}

/** The parts of the form that depend on the rest. @param {App} app */
function drawChoices(app) {
  if (!open) return;
  const {draft: d} = open;
  for (const input of $('drawer').querySelectorAll('.form-tile input')) {
    const why = unfit(d, input.value);
    input.disabled = why !== '';
    input.checked = input.value === d.form;
    input.closest('label').title = why;
    input.closest('label').classList.toggle('is-disabled', why !== '');
  }
  const measure = app.config.measures.find(m => m.id === d.m);
  $('draft-note').textContent = d.split && !measure?.stacks ? `${measure?.label} cannot be split: the parts would not add up.` : '';
  $('draft-note').hidden = !$('draft-note').textContent;
  const radio = (/** @type {string} */ value, /** @type {any} */ label) => h('label', {}, h('input', {type: 'radio', name: 'span', value, checked: d.time === value, onchange: () => change(app, {time: value})}), label);
  if ($('draft-times').childElementCount && $('draft-times').dataset.time === d.time) return;
  $('draft-times').dataset.time = d.time;
  const had = $('draft-times').contains(document.activeElement);
  const spans = h('select.inline-select', {'aria-label': 'Length of time', onchange: () => change(app, {range: spans.value, time: 'span'})},
    ...app.config.spans.map(span => h('option', {value: span.id, selected: span.id === d.range}, 'Last ' + span.label)),
    !app.config.spans.some(span => span.id === d.range) && h('option', {value: d.range, selected: true}, 'Last ' + interval(length(d.range))));
  $('draft-times').replaceChildren(h('legend', {}, 'Time'), radio('page', 'As the page'), radio('span', spans), radio('fixed', 'Fixed, for citing'),
    d.time !== 'fixed' ? '' : h('small.hint', {}, `A fixed span never moves: ${d.from} to ${d.to}. The link goes on showing the same changes.`));
  if (had) $('draft-times').querySelector('input:checked')?.focus();
}

/** The charts of the page with this one. @param {App} app */
function chartsWith(app) {
  if (!open) return app.view.charts;
  const spec = writeSpec(open.draft);
  const {replaces} = open;
  const others = app.view.charts;
  return replaces ? others.map(other => sameChart(other, replaces) ? spec : other) : [...others.filter(other => !sameChart(other, spec)), spec];
}

/** @param {App} app */
function finish(app) {
  if (!open) return;
  const charts = chartsWith(app);
  const replaced = open.replaces;
  hideDrawer();
  app.go({charts});
  say(replaced ? 'Chart changed' : 'Chart added');
  const show = () => { const last = $('customs').lastElementChild; last?.scrollIntoView({block: 'nearest'}); };
  setTimeout(show, 600);
}

