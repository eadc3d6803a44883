// @ts-check
// The time range: spans up to now on the left, a month and two fields on the
// right.
import {$, h, icon, iconButton, say} from './dom.js';
import {age, interval, length, pad, parts, stamp} from './format.js';
import {closePopover} from './popover.js';
/** @import {App} from './types.js' */

/** The month on show: its first day at 00:00 UTC. */
let month = 0;
/** The first of two days that are picked. */
let picked = 0;

/** @param {App} app */
export function drawRange(app) {
  const {view} = app;
  const span = spans(app).find(one => one.id === view.range);
  $('range-name').replaceChildren(...(span
    ? [h('span.wide-only', {}, `Last ${span.label}`), h('span.narrow-only', {}, span.id.replace(/^(\d+)(?=\D+$)/, '$1 '))]
    : [h('span.wide-only', {}, fixedName(app)), h('span.narrow-only', {}, 'Fixed')]));
  $('range').title = span ? `Last ${span.label}` : fixedName(app);
  const live = $('live');
  live.setAttribute('aria-pressed', String(view.live && !view.from));
  live.classList.toggle('is-stale', Boolean(app.problem) || app.answer?.state === 'empty');
}

/** The spans to choose from, and that of the address. @param {App} app */
function spans({view, config}) {
  const list = config.spans;
  if (!view.range || list.some(span => span.id === view.range)) return list;
  return [...list, {id: view.range, label: interval(length(view.range))}].sort((a, b) => length(a.id) - length(b.id));
}

/** @param {App} app */
function fixedName({view}) {
  if (Number.isNaN(Date.parse(view.from)) || Number.isNaN(Date.parse(view.to))) return 'Time range'; // a wrong address
  const from = stamp(Date.parse(view.from), view.local);
  const to = stamp(Date.parse(view.to), view.local);
  return from.slice(0, 10) === to.slice(0, 10) ? `${from} – ${to.slice(11)}` : `${from} – ${to}`;
}

/** @param {App} app */
export function wireRange(app) {
  $('live').addEventListener('click', () => toggleLive(app));
}

/** @param {App} app */
export function toggleLive(app) {
  if (app.view.from) app.go({from: '', to: '', range: '6h', live: true});
  else app.go({live: !app.view.live}, {replace: true});
  say(app.view.live && !app.view.from ? 'Live' : 'Not live');
}

/** Fills the popover. @param {App} app */
export function fillRange(app) {
  const {view, answer} = app;
  const from = view.from ? Date.parse(view.from) : answer?.window.from ?? Date.now() - 36e5;
  const to = view.to ? Date.parse(view.to) : answer?.window.to ?? Date.now();
  const p = parts(to, false);
  month = Date.UTC(p.year, p.month, 1);
  picked = 0;
  $('range-popover').replaceChildren(
    h('ul.range-quick', {'aria-label': 'Up to now'}, h('li.popover-title', {}, 'Up to now'),
      ...spans(app).map(span => h('li', {}, h('button.menu-item', {type: 'button', 'aria-pressed': String(span.id === view.range),
        onclick: () => { closePopover(); app.go({range: span.id, from: '', to: ''}); }},
        h('span', {}, 'Last ' + span.label), span.id === view.range && icon('check', 's'))))),
    h('form.range-exact', {onsubmit: (/** @type {Event} */ event) => { event.preventDefault(); apply(app); }},
      h('div', {id: 'range-month'}),
      h('div.range-fields', {}, field('From', 'range-from', stamp(from, view.local)), field('To', 'range-to', stamp(to, view.local))),
      h('p.hint', {id: 'range-hint'}),
      h('div.range-foot', {},
        h('div.segments', {role: 'group', 'aria-label': 'Time zone'}, ...['UTC', 'Local'].map(zone => h('button', {type: 'button', 'aria-pressed': String((zone === 'Local') === view.local),
          onclick: () => { app.go({local: zone === 'Local'}, {replace: true}); fillRange(app); }}, zone))),
        h('button.btn.btn-primary', {type: 'submit'}, 'Apply'))));
  drawMonth(app);
  drawHint(app);
  for (const id of ['range-from', 'range-to']) $(id).addEventListener('input', () => { paste(app); drawHint(app); });
}

/** @param {string} label @param {string} id @param {string} value */
const field = (label, id, value) => h('label.field', {}, h('span', {}, label), h('input.input', {id, value, autocomplete: 'off', spellcheck: 'false'}));

/**
 * Reads 2026-11-24 08:25 in the zone that is chosen, or any ISO 8601 time.
 * @param {string} text @param {boolean} local
 */
export function parseTime(text, local) {
  const t = text.trim().replace(/^(\d{4}-\d\d-\d\d)$/, '$1T00:00').replace(' ', 'T');
  if (!/^\d{4}-\d\d-\d\dT\d\d:\d\d/.test(t)) return NaN;
  return Date.parse(/(Z|[+-]\d\d:?\d\d)$/.test(t) || local ? t : t + 'Z');
}

/**
 * Reads an interval as ISO 8601 has it: 2026-11-24T08:25Z/PT3H or from/to.
 * @param {string} text @param {boolean} local @returns {[number, number] | null}
 */
export function parseInterval(text, local) {
  const [a, b] = text.trim().split('/');
  if (!b) return null;
  const length = /^P(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?)?$/.exec(b);
  const from = parseTime(a, local);
  const to = length ? from + (Number(length[1] ?? 0) * 24 + Number(length[2] ?? 0)) * 36e5 + Number(length[3] ?? 0) * 6e4 : parseTime(b, local);
  return Number.isNaN(from + to) ? null : [from, to];
}

/** An interval pasted into one field fills both. @param {App} app */
function paste(app) {
  const found = parseInterval($('range-from').value, app.view.local);
  if (!found) return;
  $('range-from').value = stamp(found[0], app.view.local);
  $('range-to').value = stamp(found[1], app.view.local);
}

/** @param {App} app @returns {[number, number]} */
const fields = app => [parseTime($('range-from').value, app.view.local), parseTime($('range-to').value, app.view.local)];

/** @param {App} app */
function drawHint(app) {
  const [from, to] = fields(app);
  const hint = Number.isNaN(from + to) ? 'Write times like 2026-11-24 08:25.'
    : to <= from ? 'The end is not after the beginning.'
    : `${age(to - from)}. You can also paste 2026-11-24T08:25Z/PT3H.`;
  $('range-hint').textContent = hint;
}

/** @param {App} app */
function apply(app) {
  const [from, to] = fields(app);
  if (Number.isNaN(from + to) || to <= from) {
    drawHint(app);
    say($('range-hint').textContent);
    return;
  }
  const iso = (/** @type {number} */ ms) => new Date(ms).toISOString().replace('.000Z', 'Z');
  closePopover();
  app.go({range: '', from: iso(from), to: iso(to)});
}

/** @param {App} app */
function drawMonth(app) {
  const {year, month: m} = parts(month, false);
  const name = (/** @type {number} */ n) => new Date(Date.UTC(year, m + n, 1)).toLocaleDateString('en', {month: 'long', year: 'numeric', timeZone: 'UTC'});
  const turn = (/** @type {number} */ by) => { month = Date.UTC(year, m + by, 1); drawMonth(app); };
  const lead = (new Date(month).getUTCDay() + 6) % 7;
  const days = new Date(Date.UTC(year, m + 1, 0)).getUTCDate();
  const now = Date.now();
  const [from, to] = fields(app);
  const day = (/** @type {number} */ n) => {
    const at = Date.UTC(year, m, n);
    const on = at + 864e5 > from && at < to;
    return h('button.day' + (on ? '.is-on' : ''), {type: 'button', disabled: at > now, 'aria-label': `${n} ${name(0)}`, 'aria-pressed': String(on), onclick: () => pick(app, at)}, n);
  };
  $('range-month').replaceChildren(
    h('div.month-head', {}, iconButton('prev', name(-1), {onclick: () => turn(-1)}), h('b', {}, name(0)), iconButton('next', name(1), {disabled: Date.UTC(year, m + 1, 1) > now, onclick: () => turn(1)})),
    h('div.month', {}, ...['Mo', 'Tu', 'We', 'Th', 'Fr', 'Sa', 'Su'].map(text => h('span.month-day', {}, text)),
      ...Array.from({length: lead}, () => h('span')), ...Array.from({length: days}, (_, i) => day(i + 1))));
}

/** A day, and with a second click the days up to it. @param {App} app @param {number} at */
function pick(app, at) {
  const other = picked || at;
  const date = (/** @type {number} */ ms) => `${new Date(ms).getUTCFullYear()}-${pad(new Date(ms).getUTCMonth() + 1)}-${pad(new Date(ms).getUTCDate())} 00:00`;
  $('range-from').value = date(Math.min(at, other));
  $('range-to').value = date(Math.max(at, other) + 864e5);
  picked = picked ? 0 : at;
  drawMonth(app);
  drawHint(app);
}
