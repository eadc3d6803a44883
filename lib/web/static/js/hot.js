// @ts-check
// Hot pages: those that several people edit.
import {$, h, wikiLink} from './dom.js';
import {clock, day, whole} from './format.js';
import {barcode} from './chart.js';
import {bytesMark} from './row.js';
/** @import {App} from './types.js' */

/** @param {App} app */
export function drawHot(app) {
  if (!app.answer) return;
  const {hot, window: w} = app.answer;
  if (hot.problem) return $('hot').replaceChildren(h('p.hint', {}, hot.problem));
  if (!hot.pages.length) return $('hot').replaceChildren(h('p.hint', {}, 'No page has three editors in this time.'));
  $('hot').replaceChildren(
    h('table.data.hot', {},
      h('thead', {}, h('tr', {}, h('th', {scope: 'col'}, 'Page'), h('th.num', {scope: 'col'}, 'Editors'), h('th.num.c-less', {scope: 'col'}, 'Edits'),
        h('th.c-code', {scope: 'col'}, w.to - w.from > 864e5 ? `${day(w.from, app.view.local)} – ${day(w.to, app.view.local)}` : `${clock(w.from, app.view.local)} – ${clock(w.to, app.view.local)}`), h('th.num.c-least', {scope: 'col'}, 'Net bytes'))),
      h('tbody', {}, ...hot.pages.map(page => h('tr', {},
        h('td.c-title', {}, h('div.with-pair', {}, h('span.clip', {dir: 'auto'}, wikiLink(page.label || page.value, page.url)), h('small', {}, page.note ?? ''))),
        h('td.num.strong', {}, whole(page.editors)), h('td.num.c-less', {}, whole(page.edits)),
        h('td.c-code', {}, barcode(hot.ticks, page.at, page.reverted)), h('td.num.c-least', {}, bytesMark(page.net)))))),
    h('p.panel-note', {}, h('span', {}, h('i.key-edit'), 'edit'), h('span', {}, h('i.key-revert'), 'likely revert, judged by its summary'), h('a', {href: 'help#reverts'}, 'How it is judged')));
}
