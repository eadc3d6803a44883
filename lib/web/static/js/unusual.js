// @ts-check
// Values that are far more frequent than in the same time of the day before.
import {$, h} from './dom.js';
import {interval, whole} from './format.js';
import {only} from './terms.js';
/** @import {App, UnusualItem} from './types.js' */

/** @param {App} app */
export function drawUnusual(app) {
  if (!app.answer) return;
  const {unusual, window: w} = app.answer;
  if (unusual.problem) return $('unusual').replaceChildren(h('p.hint', {}, unusual.problem));
  if (!unusual.items.length) return $('unusual').replaceChildren(h('p.hint', {}, 'Nothing is twice as frequent as in the same time of the day before.'));
  const most = Math.max(...unusual.items.map(factor));
  const hours = Math.round((w.to - w.from) / 36e5);
  $('unusual').replaceChildren(
    h('table.data.unusual', {},
      h('thead', {}, h('tr', {}, h('th', {scope: 'col'}, 'What'), h('th.num', {scope: 'col'}, 'Now'), h('th.num.c-less', {scope: 'col'}, 'Usual'), h('th.num', {scope: 'col'}, 'Times'))),
      h('tbody', {}, ...unusual.items.map(item => h('tr', {},
        h('td.c-title', {}, h('small.field-name', {}, item.field), h('button.linkish.clip', {type: 'button', dir: 'auto', title: `Only ${item.value}`,
          onclick: () => app.go({q: only(app.view.q, item.term, item.value)})}, item.label || item.value)),
        h('td.num.strong', {}, whole(item.now)), h('td.num.soft.c-less', {}, item.usual ? whole(item.usual) : 'none'),
        h('td.num.c-times', {vars: {'--part': factor(item) / most}}, h('span', {}, item.usual ? factor(item).toFixed(1) + '×' : 'new')))))),
    h('p.panel-note', {}, `At least twice as many as in the same ${hours > 1 ? hours + ' hours' : interval(Math.round((w.to - w.from) / 6e4) * 6e4)} of the day before, and at least 10.`));
}

/** @param {UnusualItem} item */
const factor = item => item.now / Math.max(1, item.usual);
