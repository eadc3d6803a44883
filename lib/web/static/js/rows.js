// @ts-check
// The list of the newest changes.

import { foreign, h } from './dom.js';
import { full, recent, signed } from './format.js';

/**
 * One change. Addresses are made and checked by the server.
 * @typedef {object} Row
 * @property {string} id
 * @property {number} time
 * @property {string} wiki
 * @property {string} type
 * @property {string} flags
 * @property {string} title
 * @property {string} [url]
 * @property {string} user
 * @property {string} [user_url]
 * @property {string} user_kind
 * @property {number | null} delta
 * @property {string} [log]
 * @property {string} comment
 */

/** MediaWiki's letters, and from how many bytes on it prints a difference bold. */
const FLAGS = /** @type {Record<string, string>} */ ({ N: 'new page', m: 'minor edit', b: 'bot', '!': 'not patrolled yet' });
const LARGE = 500;

/**
 * The list, which holds still while somebody points at it or reads it with the
 * keyboard: a row must not move away under the eye.
 * @param {HTMLElement} table
 * @param {HTMLElement} note
 * @returns {(rows: Row[], fresh: boolean) => void} fresh: the rows of another view, to be shown at once
 */
export function rowList(table, note) {
  const body = /** @type {HTMLElement} */ (table.querySelector('tbody'));
  /** @type {Row[]} */ let newest = [];
  let pointed = false;
  const update = (fresh = false) => {
    const held = !fresh && (pointed || body.matches(':focus-within'));
    if (!held) list(body, newest);
    note.textContent = held ? waiting(body, newest) : '';
  };
  body.addEventListener('pointerenter', event => { pointed = event.pointerType === 'mouse'; update(); });
  body.addEventListener('pointerleave', () => { pointed = false; update(); });
  body.addEventListener('focusout', () => queueMicrotask(update));
  return (rows, fresh) => {
    newest = rows;
    update(fresh);
  };
}

/**
 * Puts rows into the table. Those that are there already are not touched, so
 * that a selection in them lasts.
 * @param {HTMLElement} body
 * @param {Row[]} rows newest first
 */
function list(body, rows) {
  const wanted = new Set(rows.map(row => row.id));
  const present = new Map();
  for (const element of [...body.children]) {
    const id = /** @type {HTMLElement} */ (element).dataset.id ?? '';
    if (wanted.has(id)) present.set(id, element);
    else element.remove();
  }
  let next = body.firstElementChild;
  for (const row of rows) {
    const element = present.get(row.id) ?? line(row);
    if (element === next) next = next?.nextElementSibling ?? null;
    else body.insertBefore(element, next);
  }
}

/**
 * Says how many changes are not shown because the list holds still.
 * @param {HTMLElement} body
 * @param {Row[]} rows
 */
function waiting(body, rows) {
  const shown = new Set([...body.children].map(element => /** @type {HTMLElement} */ (element).dataset.id));
  const fresh = rows.filter(row => !shown.has(row.id)).length;
  if (fresh === 0) return '';
  return `held still while you read: ${fresh}${fresh === rows.length ? ' or more' : ''} newer`;
}

/** @param {Row} row */
function line(row) {
  return h('tr', { 'data-id': row.id },
    h('td', {}, h('time', { datetime: new Date(row.time).toISOString(), title: full(row.time) + ' UTC' }, recent(row.time))),
    h('td', { class: 'wiki' }, row.wiki && foreign(row.wiki)),
    h('td', { class: 'flags' }, ...flags(row.flags)),
    h('td', { class: 'number' }, bytes(row.delta)),
    h('td', {}, h('span', { class: 'text' }, row.title && link(row.title, row.url))),
    h('td', {}, h('span', { class: 'text' }, user(row))),
    h('td', {}, h('span', { class: 'text', title: row.comment }, row.log ? h('span', { class: 'tag' }, row.log) : null, row.comment && foreign(row.comment))));
}

/** @param {string} letters */
const flags = letters => [...letters].map(letter => h('abbr', { title: FLAGS[letter] ?? '' }, letter));

/** @param {number | null} delta */
function bytes(delta) {
  if (delta === null) return null;
  const sort = delta > 0 ? 'added' : delta < 0 ? 'removed' : '';
  return h('span', { class: Math.abs(delta) >= LARGE ? sort + ' large' : sort }, signed(delta));
}

/** @param {Row} row */
function user(row) {
  if (row.user) return link(row.user, row.user_url);
  return row.user_kind === 'hidden' ? h('span', { class: 'gone', title: 'the name was removed from the event' }, 'hidden') : null;
}

/**
 * @param {string} text
 * @param {string} [address] none where there is nothing safe to link to
 */
function link(text, address) {
  if (!address) return foreign(text);
  return h('a', { href: address, target: '_blank', rel: 'noopener noreferrer' }, foreign(text));
}
