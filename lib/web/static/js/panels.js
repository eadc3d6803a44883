// @ts-check
// The figures and the list of wikis.

import { byId, foreign, h } from './dom.js';
import { day, duration, grouped, period, rate, seconds, signed } from './format.js';

/** @typedef {import('./poll.js').View} View */

/** @param {View} view */
export function figures(view) {
  put('count', grouped(view.count), period(view.from, view.to));
  put('bytes', signed(view.net_bytes));
  if (view.per_second === null || !view.first || !view.last) put('rate', '–', '');
  else put('rate', rate(view.per_second), 'mean of ' + period(view.first, view.last));
  if (view.last) put('newest', seconds(view.last), age(view.last, view.generated));
  else put('newest', '–', '');
}

/**
 * @param {string} id of the value; its note has the same with "-note"
 * @param {string} value
 * @param {string} [note]
 */
function put(id, value, note) {
  byId(id).textContent = value;
  if (note !== undefined) byId(id + '-note').textContent = note;
}

/**
 * How long ago an event was when the view was made, by the server's clock.
 * @param {number} event
 * @param {number} now
 */
function age(event, now) {
  const ago = now - event < 1000 ? 'just now' : duration(now - event) + ' ago';
  return now - event < 86400e3 ? ago : `${day(event)}, ${ago}`;
}

/**
 * The list of top wikis. It is a bar chart that is its own table. Rows are kept
 * and refilled, so that a button does not vanish under a finger.
 * @param {HTMLElement} table
 * @param {(wiki: string) => void} choose
 * @returns {(view: View) => void}
 */
export function wikiList(table, choose) {
  const [body, foot] = ['tbody', 'tfoot'].map(part => /** @type {HTMLElement} */ (table.querySelector(part)));
  return view => {
    const most = view.wikis[0]?.count ?? 1;
    const rows = view.wikis.map((wiki, i) => {
      const row = body.children[i] ?? wikiRow(choose);
      fillRow(row, wiki.wiki, wiki.count, view.count, most);
      return row;
    });
    for (const row of rows) if (!row.isConnected) body.append(row);
    while (body.children.length > rows.length) body.lastElementChild?.remove();
    foot.replaceChildren(...view.wikis_other > 0 ? [restRow(view)] : []);
  };
}

/** @param {(wiki: string) => void} choose */
function wikiRow(choose) {
  const button = h('button', { type: 'button', click: () => choose(button.dataset.wiki ?? '') });
  return h('tr', {},
    h('td', { class: 'name' }, h('i'), button),
    h('td', { class: 'number count' }),
    h('td', { class: 'number share' }));
}

/**
 * @param {Element} row
 * @param {string} wiki
 * @param {number} count
 * @param {number} all
 * @param {number} most
 */
function fillRow(row, wiki, count, all, most) {
  const [name, amount, share] = row.children;
  const [bar, button] = /** @type {HTMLElement[]} */ ([...name.children]);
  bar.style.width = 100 * count / most + '%';
  if (button.dataset.wiki !== wiki) {
    button.dataset.wiki = wiki;
    button.title = `Show ${wiki} alone`;
    button.replaceChildren(foreign(wiki));
  }
  amount.textContent = grouped(count);
  share.textContent = percent(count, all);
}

/** @param {View} view */
const restRow = view => h('tr', {},
  h('td', { class: 'name' }, h('span', { class: 'rest' }, 'all others')),
  h('td', { class: 'number' }, grouped(view.wikis_other)),
  h('td', { class: 'number share' }, percent(view.wikis_other, view.count)));

/**
 * @param {number} part
 * @param {number} all
 */
function percent(part, all) {
  const p = 100 * part / Math.max(1, all);
  return p > 0 && p < 1 ? '<1 %' : Math.round(p) + ' %';
}
