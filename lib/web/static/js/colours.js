// @ts-check
// The colour of a series belongs to its value, not to its rank, so that it stays
// when the order changes.
/** @import {Labelled} from './types.js' */

/** @type {Record<string, Record<string, number>>} */
const FIXED = {
  type: {edit: 1, log: 2, categorize: 3, new: 4, external: 5},
  kind: {registered: 1, bot: 2, ip: 3, temp: 4, hidden: 5},
  wiki: {wikidatawiki: 1, enwiki: 2, commonswiki: 3, dewiki: 4, frwiki: 5},
  namespace: {0: 1, 6: 2, 14: 3, 3: 4, 1: 5},
};
const COLOURS = 6;

/** @param {string} text */
function hash(text) {
  let n = 0;
  for (const c of text) n = (n * 31 + (c.codePointAt(0) ?? 0)) >>> 0;
  return n;
}

/**
 * The colours of the values of a field: 1 to 6, 0 for "other".
 * @param {string} field @param {Labelled[]} list
 * @returns {number[]}
 */
export function colours(field, list) {
  /** @type {Map<string, number>} */
  const taken = new Map();
  for (const {value} of list) {
    const fixed = FIXED[field]?.[value];
    if (fixed) taken.set(value, fixed);
  }
  for (const value of list.map(one => one.value).filter(v => v && !taken.has(v)).sort()) {
    const used = new Set(taken.values());
    let colour = hash(value) % COLOURS + 1;
    for (let i = 0; i < COLOURS && used.has(colour); i++) colour = colour % COLOURS + 1;
    taken.set(value, colour);
  }
  return list.map(one => taken.get(one.value) ?? 0);
}

/**
 * The series of a chart in the order in which they are stacked, with colours.
 * @template {Labelled} T
 * @param {string} field @param {T[]} list
 * @returns {(T & {colour: number, name: string})[]}
 */
export function coloured(field, list) {
  const found = colours(field, list);
  return list.map((one, i) => ({...one, colour: found[i], name: one.label || one.value || 'other'}))
    .sort((a, b) => (a.colour || 9) - (b.colour || 9));
}
