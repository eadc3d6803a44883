// @ts-check
// A table of figures. The first column names the row.
import {h} from './dom.js';

/**
 * @param {string[]} heads
 * @param {any[][]} rows
 */
export function dataTable(heads, rows) {
  return h('table.data', {},
    h('thead', {}, h('tr', {}, ...heads.map((name, i) => h(i ? 'th.num' : 'th', {scope: 'col'}, h('bdi', {}, name))))),
    h('tbody', {}, ...rows.map(row => h('tr', {}, ...row.map((cell, i) => i ? h('td.num', {}, cell) : h('th', {scope: 'row'}, cell))))));
}
