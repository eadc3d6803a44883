// @ts-check
// The state of the page is its address: reading it, writing it, going back.
/** @import {View} from './types.js' */

const DEFAULTS = {stream: 'recentchange', range: '6h', split: 'type', measure: 'changes'};

/** Reads an address. @param {string} search @returns {View} */
export function read(search) {
  const p = new URLSearchParams(search);
  const fixed = p.has('from') || p.has('to');
  return {
    stream: p.get('stream') || DEFAULTS.stream,
    q: p.get('q') ?? '',
    range: fixed ? '' : p.get('range') || DEFAULTS.range,
    from: p.get('from') ?? '',
    to: p.get('to') ?? '',
    split: p.get('split') || DEFAULTS.split,
    measure: p.get('measure') || DEFAULTS.measure,
    charts: p.getAll('chart'),
    tab: p.get('tab') ?? '',
    live: p.get('live') !== '0',
    local: p.get('tz') === 'local',
    before: p.get('before') !== '0',
    hide: (p.get('hide') ?? '').split(',').filter(Boolean),
  };
}

/** Writes the state as parameters, without the defaults. @param {View} v */
export function params(v) {
  const p = data(v);
  if (v.tab) p.set('tab', v.tab);
  if (!v.live) p.set('live', '0');
  if (v.local) p.set('tz', 'local');
  if (!v.before) p.set('before', '0');
  if (v.hide.length) p.set('hide', v.hide.join(','));
  return p;
}

/** The parameters that the answer depends on. @param {View} v */
export function data(v) {
  const p = new URLSearchParams();
  for (const name of /** @type {const} */ (['stream', 'range', 'split', 'measure'])) {
    if (v[name] && v[name] !== DEFAULTS[name]) p.set(name, v[name]);
  }
  if (v.q) p.set('q', v.q);
  if (v.from) p.set('from', v.from);
  if (v.to) p.set('to', v.to);
  for (const chart of v.charts) p.append('chart', chart);
  return p;
}

/** The parameters that select changes. @param {View} v */
export function changes(v) {
  const p = data({...v, charts: []});
  for (const name of ['split', 'measure']) p.delete(name);
  return p;
}

/** The address of a state. @param {View} v */
export const address = v => {
  const text = params(v).toString();
  return text ? '?' + text : location.pathname;
};

/** The address for others: absolute. @param {View} v */
export const link = v => new URL(address(v), location.href).href;

/** Whether the view follows the present. @param {View} v */
export const isLive = v => v.live && !v.from;

/** Whether two charts are the same, in whatever order their parameters are. @param {string} a @param {string} b */
export function sameChart(a, b) {
  const [x, y] = [a, b].map(text => { const p = new URLSearchParams(text); p.sort(); return p.toString(); });
  return x === y;
}
