// @ts-check
// The heat map: changes per minute by hour and weekday, seven steps of one colour.
import {$, h} from './dom.js';
import {full, pad, parts, whole} from './format.js';
/** @import {App, Heat, Kind} from './types.js' */

const DAYS = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'];
const HOURS = Array.from({length: 24}, (_, hour) => hour);

/** @param {App} app */
export function drawHeat(app) {
  if (!app.answer) return;
  const {heat} = app.answer;
  $('heat').replaceChildren(...(heat.problem ? [h('p.hint', {}, heat.problem)] : heatMap(app, heat.start, heat.hours.map(n => n / 60), 'rate', 'changes per minute')));
}

/**
 * Averages hours by weekday and hour of the day, and draws them.
 * @param {App} app @param {number} start @param {number[]} hours @param {Kind} kind @param {string} unit
 */
export function heatMap(app, start, hours, kind, unit) {
  const {local} = app.view;
  const values = fold(start, hours, local);
  const flat = values.flat().filter(v => v !== null);
  if (!flat.length) return [h('p.hint', {}, 'There is no complete hour yet.')];
  const low = Math.min(...flat);
  const high = Math.max(...flat);
  const step = (/** @type {number} */ v) => Math.min(6, Math.floor((v - low) / (high - low || 1) * 7));
  const format = (/** @type {number} */ v) => kind === 'rate' ? whole(v) === '0' && v > 0 ? '<1' : whole(v) : full[kind](v);
  const now = parts(Date.now(), local);
  const cell = (/** @type {number | null} */ v, /** @type {number} */ d, /** @type {number} */ hour) => {
    const isNow = (now.weekday + 6) % 7 === d && now.hour === hour ? '.is-now' : '';
    const name = `${DAYS[d]} ${pad(hour)}–${pad((hour + 1) % 24)}`;
    return v === null ? h('td.q-none' + isNow, {title: `${name}: no data`}, h('span.unseen', {}, 'no data'))
      : h(`td.q${step(v)}${isNow}`, {title: `${name}: ${format(v)} ${unit}`}, h('span.unseen', {}, format(v)));
  };
  return [
    h('table.heat', {},
      h('thead', {}, h('tr', {}, h('td'), ...HOURS.map(hour => h('th', {scope: 'col'}, hour % 3 === 0 ? pad(hour) : h('span.unseen', {}, pad(hour)))))),
      h('tbody', {}, ...DAYS.map((day, d) => h('tr', {}, h('th', {scope: 'row'}, day), ...values[d].map((v, hour) => cell(v, d, hour)))))),
    h('p.panel-note.heat-key', {}, h('span', {}, format(low)), h('span.heat-scale', {}, ...[0, 1, 2, 3, 4, 5, 6].map(q => h(`i.q${q}`))),
      h('span', {}, `${format(high)} ${unit}, ${local ? 'local time' : 'UTC'}`), h('span.heat-now', {}, h('i'), 'this hour')),
  ];
}

/**
 * The average of each hour of the week, or null without data. Hours before the first
 * change have no data.
 * @param {number} start @param {number[]} hours @param {boolean} local
 */
export function fold(start, hours, local) {
  const sums = DAYS.map(() => HOURS.map(() => ({n: 0, sum: 0})));
  const first = hours.findIndex(n => n > 0);
  hours.forEach((n, i) => {
    if (first < 0 || i < first) return;
    const at = parts(start + i * 36e5, local);
    const cell = sums[(at.weekday + 6) % 7][at.hour];
    cell.n++;
    cell.sum += n;
  });
  return sums.map(row => row.map(({n, sum}) => n ? sum / n : null));
}
