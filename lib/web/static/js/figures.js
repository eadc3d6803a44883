// @ts-check
// The figures at the top of the page. The pressed one is the measure of the histogram.
import {$, h, icon} from './dom.js';
import {full, MINUS, percent} from './format.js';
import {sparkline} from './chart.js';
/** @import {App, Figure} from './types.js' */

/** @param {App} app */
export function drawFigures(app) {
  if (!app.answer) return;
  const known = new Map([...$('kpis').querySelectorAll('button')].map(b => [b.dataset.id, b]));
  $('kpis').replaceChildren(...app.answer.figures.map(figure => {
    const button = known.get(figure.id) ?? h('button.kpi', {type: 'button', title: 'Show over time', 'data-id': figure.id,
      onclick: () => app.go({measure: figure.id})});
    button.setAttribute('aria-pressed', String(figure.id === app.view.measure));
    button.replaceChildren(...content(figure));
    return button;
  }));
}

/** @param {Figure} figure */
function content(figure) {
  return [
    h('span.kpi-label', {}, figure.label),
    h('span.kpi-value', {}, value(figure)),
    change(figure),
    sparkline(thin(figure.series)),
  ];
}

/** @param {Figure} figure */
export function value(figure) {
  const text = full[figure.kind](figure.value);
  if (figure.id === 'added' && figure.value > 0) return '+' + text;
  if (figure.id === 'removed' && figure.value > 0) return MINUS + text;
  return text;
}

/**
 * The change from the previous period: arrow, sign and figure, without colour. Shares
 * change by points.
 * @param {Figure} figure
 */
function change({kind, value: now, previous}) {
  if (previous === null) return h('span.kpi-change');
  const points = kind === 'share';
  if (now === previous || !points && previous === 0) return h('span.kpi-change', {}, now === previous ? 'as before' : 'none before');
  const by = points ? (now - previous) * 100 : now / previous - 1;
  if (Math.abs(by) < (points ? 0.05 : 0.0005)) return h('span.kpi-change', {}, 'as before');
  const size = points ? Math.abs(by).toFixed(1) + ' pt' : Math.abs(by) >= 10 ? `${Math.round(now / previous)} times` : percent(Math.abs(by));
  return h('span.kpi-change', {}, icon(by > 0 ? 'up' : 'fall', 'xs'), (by > 0 ? '+' : MINUS) + size);
}

/** At most about 36 points fit. @param {number[]} data */
function thin(data) {
  const every = Math.ceil(data.length / 36);
  return data.filter((_, i) => (data.length - 1 - i) % every === 0);
}
