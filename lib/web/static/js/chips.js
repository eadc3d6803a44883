// @ts-check
// The filters as chips, and the rest of the rows above the figures.
import {$, h, icon} from './dom.js';
import {age, span} from './format.js';
import {remove, replace, split} from './terms.js';
import {isLive} from './state.js';
import {RISK, offered} from './marks.js';
/** @import {App, Option, Term} from './types.js' */

/** @param {App} app */
export function drawChips(app) {
  const {activeElement} = document;
  const focused = activeElement?.closest('#chips') ? [...$('chips').querySelectorAll('button')].indexOf(/** @type {any} */ (activeElement)) : -1;
  const list = terms(app);
  $('chips').replaceChildren(...(list.length
    ? [...list.map(term => chip(app, term)),
      h('li', {}, h('button.linkish', {type: 'button', onclick: () => app.go({q: ''})}, 'Clear all')),
      h('li', {}, h('button.linkish', {type: 'button', id: 'edit-text'}, 'Edit as text'))]
    : [h('li.hint', {}, icon('funnel', 's'), 'No filters. Click a value anywhere to see only that.')]));
  const buttons = $('chips').querySelectorAll('button');
  if (focused >= 0) buttons[Math.min(focused, buttons.length - 1)]?.focus();
  $('sheet-open').lastElementChild.textContent = list.length ? `Filters (${list.length})` : 'Filters';
  document.body.classList.toggle('has-filters', list.length > 0);
}

/**
 * The terms as the server returned them; terms that it has not seen yet are as written.
 * @param {App} app @returns {Term[]}
 */
function terms(app) {
  const known = new Map((app.answer?.terms ?? []).map(term => [term.text, term]));
  return split(app.view.q).map(text => known.get(text) ?? {
    text, inverse: text.startsWith('-') ? text.slice(1) : '-' + text, field: '', label: '', shown: text.replace(/^-/, ''), not: text.startsWith('-'), values: [],
  });
}

/** @param {App} app @param {Term} term */
function chip(app, term) {
  const drop = () => app.go({q: remove(app.view.q, term.text)});
  const onkeydown = (/** @type {KeyboardEvent} */ event) => { if (event.key === 'Backspace' || event.key === 'Delete') { event.preventDefault(); drop(); } };
  return h('li.chip', {title: `${term.text}\nClick to ${term.not ? 'see only this' : 'leave this out'}`},
    h('button.chip-body', {type: 'button', onkeydown, onclick: () => app.go({q: replace(app.view.q, term.text, term.inverse)})},
      term.label && h('span.chip-label', {}, term.label), term.not && h('span.chip-op', {}, 'not'), h('bdi', {dir: 'auto'}, term.shown)),
    h('button.chip-close', {type: 'button', onkeydown, 'aria-label': `Remove ${term.label} ${term.shown}`, onclick: drop}, icon('close', 'xs')));
}

/** @param {App} app */
export function drawTabs(app) {
  const {view, config} = app;
  const now = config.presets.find(p => p.id === view.tab) ?? config.presets[0];
  const edited = view.tab !== '' && (now.q ?? '') !== view.q;
  document.body.dataset.tab = now.id;
  $('tabs').replaceChildren(...offered(app).map(preset => h('li', {}, h('a.tab', {
    href: '?', 'aria-current': preset === now ? 'page' : false, 'data-id': preset.id,
    onclick: (/** @type {MouseEvent} */ event) => {
      if (event.ctrlKey || event.metaKey || event.shiftKey) return;
      event.preventDefault();
      choose(app, preset.id);
    }}, preset.label, preset === now && edited && h('small', {}, '\u00a0edited')))));
  for (const a of $('tabs').querySelectorAll('a')) a.href = presetAddress(app, a.dataset.id ?? '');
}

/** @param {App} app @param {string} id */
function presetAddress(app, id) {
  const p = new URLSearchParams(location.search);
  const preset = app.config.presets.find(one => one.id === id);
  p.delete('tab');
  p.delete('q');
  if (id) p.set('tab', id);
  if (preset?.q) p.set('q', preset.q);
  if (preset?.split) p.set('split', preset.split);
  const stream = streamOf(app, preset);
  if (stream === 'recentchange') p.delete('stream');
  else p.set('stream', stream);
  return '?' + p;
}

/** The stream of a preset: its own, or the current one, or recentchange if that is the stream of scores. @param {App} app @param {Option | undefined} preset */
const streamOf = ({view}, preset) => preset?.stream ?? (view.stream === RISK ? 'recentchange' : view.stream);

/** Goes to a preset. @param {App} app @param {string} id */
export function choose(app, id) {
  const preset = app.config.presets.find(one => one.id === id);
  if (preset) app.go({tab: id, q: preset.q ?? '', hide: [], stream: streamOf(app, preset), split: preset.split ?? app.view.split});
}

/** The time that is shown, and on a phone the health. @param {App} app */
export function drawPeriod(app) {
  if (!app.answer) return;
  const {window: w, health} = app.answer;
  const lag = health.newest ? Date.now() - health.newest : 0;
  const bad = app.problem || isLive(app.view) && lag > 30_000;
  $('period').replaceChildren(
    h('span.wide-only', {}, span(w.from, w.to, app.view.local)),
    bad ? h('span.narrow-only.is-bad', {}, icon('alert', 's'), `No new data for ${age(lag)}`)
      : h('span.narrow-only', {}, icon('success', 's'), `Lag ${age(lag)} · ${Math.round(health.rate)}/s`));
}
