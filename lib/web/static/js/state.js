// @ts-check
// What the page shows is its address, so every view can be sent to somebody,
// and the back button works.

/**
 * @typedef {object} State
 * @property {string} stream
 * @property {string} range one of the ranges the server knows; '' when from and to hold
 * @property {string} from
 * @property {string} to
 * @property {string} wiki  '' for all
 * @property {boolean} live
 */

/** @type {State} */
const defaults = { stream: 'recentchange', range: '1h', from: '', to: '', wiki: '', live: true };

/** Values are for the server to judge: it knows which there are. */
const names = /** @type {const} */ (['stream', 'range', 'from', 'to', 'wiki']);

/**
 * @param {string} search the part of an address behind "?", with it
 * @returns {State}
 */
export function parse(search) {
  const params = new URLSearchParams(search);
  const state = { ...defaults, live: params.get('live') !== '0' };
  for (const name of names) state[name] = params.get(name) ?? state[name];
  if (!params.has('range') && (params.has('from') || params.has('to'))) state.range = '';
  return state;
}

/**
 * The parameters of the view's data.
 * @param {State} state
 */
export function params(state) {
  const out = new URLSearchParams();
  for (const name of names) if (state[name] && state[name] !== defaults[name]) out.set(name, state[name]);
  return out;
}

/**
 * The address of the page.
 * @param {State} state
 */
export function address(state) {
  const out = params(state);
  if (!state.live) out.set('live', '0');
  return out.size ? '?' + out : location.pathname;
}
