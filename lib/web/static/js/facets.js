// @ts-check
// Lists of the most frequent values of a field. A click shows only that value;
// + adds it, − leaves it out.
import {$, h, icon, iconButton} from './dom.js';
import {percent, whole} from './format.js';
import {also, exclude, only} from './terms.js';
import {ask} from './api.js';
import {data} from './state.js';
/** @import {App, Facet, FacetValue} from './types.js' */

/** Lists that show more than the page asks for. @type {Map<string, {key: string, values: FacetValue[]}>} */
const longer = new Map();
/** The search text of each list. @type {Map<string, string>} */
const finding = new Map();

/** @param {App} app */
export function drawFacets(app) {
  if (!app.answer) return;
  const {activeElement} = document;
  const focus = activeElement?.closest('#facets') ? activeElement.getAttribute('data-focus') : null;
  const {total} = app.answer;
  $('facets').replaceChildren(...app.answer.facets.map(one => facet(app, one, total)));
  if (focus) $('facets').querySelector(`[data-focus="${CSS.escape(focus)}"]`)?.focus({preventScroll: true});
  $('sheet-show').textContent = `Show ${whole(total)} changes`;
}

/** @param {App} app @param {Facet} one @param {number} total */
function facet(app, one, total) {
  const more = longer.get(one.id);
  const fresh = more?.key === data(app.view).toString() ? more.values : null;
  const values = fresh ?? one.values;
  const most = Math.max(1, ...values.filter(v => !v.in || v.in === 'only').map(v => v.count));
  const open = finding.has(one.id);
  return h('section.facet' + (one.id === 'page' ? '.no-share' : ''), {'aria-label': one.title},
    h('h3', {}, one.title, h('small', {}, whole(one.distinct)),
      h('span.facet-tools', {}, iconButton('search', `Find in ${one.title.toLowerCase()}`, {'data-focus': 'find-' + one.id, 'aria-expanded': String(open), onclick: () => find(app, one)}))),
    open && findField(app, one),
    one.problem ? h('p.hint', {}, one.problem)
      : values.length ? h('ul', {}, ...values.map(value => row(app, one, value, total, most)))
      : h('p.hint', {}, 'None match.'),
    (one.distinct > one.values.length || fresh) && !open && h('button.linkish.facet-more', {type: 'button', 'data-focus': 'more-' + one.id, onclick: () => fresh ? less(app, one) : load(app, one, '')}, fresh ? 'Show fewer' : 'Show more'));
}

/** @param {App} app @param {Facet} one @param {FacetValue} value @param {number} total @param {number} most */
function row(app, one, value, total, most) {
  const {q} = app.view;
  const name = value.label || value.value;
  const is = value.in ? {only: '.is-in', out: '.is-out', more: '.is-more'}[value.in] : '';
  const key = `${one.id}-${value.value}`;
  const go = (/** @type {string} */ query) => app.go({q: query});
  return h('li.facet-row' + is, {vars: {'--part': value.in === 'out' ? 0 : Math.max(0.006, Math.min(1, value.count / most))}},
    h('button.facet-name', {type: 'button', title: value.value, 'aria-pressed': String(value.in === 'only'), 'data-focus': key,
      onclick: () => go(value.in === 'out' ? exclude(q, one.term, value.value) : only(q, one.term, value.value))},
      value.in === 'only' && icon('check', 'xs'), h('bdi', {dir: 'auto'}, name), value.note && h('small', {}, value.note)),
    h('span.facet-actions', {},
      iconButton('add', `Also ${name}`, {'data-focus': key + '+', onclick: () => go(also(q, one.term, value.value))}),
      iconButton('minus', `Without ${name}`, {'data-focus': key + '-', onclick: () => go(exclude(q, one.term, value.value))})),
    h('span.facet-value', {}, value.in === 'out' ? 'left out' : (value.in === 'more' ? '+' : '') + whole(value.count)),
    h('span.facet-share', {}, one.id === 'page' || value.in === 'more' || value.in === 'out' || !total ? '' : percent(value.count / total)));
}

/** @param {App} app @param {Facet} one */
function find(app, one) {
  if (finding.has(one.id)) return less(app, one);
  finding.set(one.id, '');
  drawFacets(app);
  /** @type {HTMLInputElement | null} */
  const field = $('facets').querySelector(`[data-focus="field-${one.id}"]`);
  field?.focus();
}

/** @param {App} app @param {Facet} one */
function findField(app, one) {
  const field = h('input.input.facet-find', {type: 'search', 'aria-label': `Find in ${one.title.toLowerCase()}`, placeholder: 'Begins with', 'data-focus': 'field-' + one.id,
    oninput: () => { finding.set(one.id, field.value); load(app, one, field.value); },
    onkeydown: (/** @type {KeyboardEvent} */ event) => { if (event.key === 'Escape') { event.stopPropagation(); less(app, one); } }});
  field.value = finding.get(one.id) ?? '';
  return field;
}

/** @param {App} app @param {Facet} one */
function less(app, one) {
  longer.delete(one.id);
  finding.delete(one.id);
  drawFacets(app);
}

/** @param {App} app @param {Facet} one @param {string} prefix */
async function load(app, one, prefix) {
  const params = data({...app.view, charts: []});
  const key = data(app.view).toString();
  params.set('field', one.id);
  params.set('size', '50');
  if (prefix) params.set('prefix', prefix);
  try {
    const found = await ask('values', params);
    if (finding.has(one.id) && finding.get(one.id) !== prefix) return;
    longer.set(one.id, {key, values: found.values});
    drawFacets(app);
  } catch {
    // Keep the list; another part of the page shows that the server is down.
  }
}
