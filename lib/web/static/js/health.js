// @ts-check
// Whether the index keeps up with the stream, for operators.
import {$, h, icon} from './dom.js';
import {age, clock, clockSeconds, day, whole} from './format.js';
/** @import {App, Health} from './types.js' */

const LATE = 30_000;

/** @param {App} app */
export function drawHealth(app) {
  const {answer, problem} = app;
  const button = $('health');
  const h1 = answer?.health;
  const lag = h1?.newest ? Date.now() - h1.newest : 0;
  const waiting = !answer && !problem || answer?.state === 'empty';
  const bad = Boolean(problem) || Boolean(h1?.newest) && lag > LATE;
  button.classList.toggle('is-bad', !waiting && (bad || Boolean(h1?.gaps.length)));
  button.classList.toggle('is-waiting', waiting);
  button.replaceChildren(...content(answer ? h1 : undefined, lag, waiting, bad, Boolean(problem) && !answer));
}

/** @param {Health | undefined} health @param {number} lag @param {boolean} waiting @param {boolean} bad @param {boolean} lost */
function content(health, lag, waiting, bad, lost) {
  if (lost) return [icon('alert', 's'), h('span', {}, 'No answer')];
  if (waiting) return [icon('clock', 's'), h('span', {}, health ? 'Waiting for the first change' : 'Asking the store')];
  if (bad) return [icon('alert', 's'), h('span', {}, 'No new data for ', h('b', {}, age(lag)))];
  const gaps = health?.gaps.length ?? 0;
  return [icon(gaps ? 'alert' : 'success', 's'), h('span', {}, 'Lag ', h('b', {}, age(lag))), h('span', {}, h('b', {}, rate(health?.rate ?? 0)), '/s'),
    h('span.wide-only', {}, gaps ? `${gaps} gap${gaps > 1 ? 's' : ''}` : 'no gaps')];
}

/** @param {number} n */
const rate = n => n < 10 ? n.toFixed(1) : whole(n);

/** Fills the popover. @param {App} app */
export function fillHealth(app) {
  const {answer, problem} = app;
  const health = answer?.health;
  const lag = health?.newest ? Date.now() - health.newest : 0;
  const fine = answer && !problem && lag <= LATE && !health?.gaps.length;
  const row = (/** @type {string} */ name, /** @type {string} */ value, note = '') => [h('dt', {}, name), h('dd', {}, h('b', {}, value), note && h('span', {}, ' ' + note))];
  $('health-popover').replaceChildren(
    h('p.health-head' + (fine ? '' : '.is-bad'), {}, icon(fine ? 'success' : 'alert'), h('span', {}, h('b', {}, fine ? 'All is well' : problem ? problem.error : 'Look here'),
      answer && h('small', {}, `as of ${clockSeconds(answer.generated, app.view.local)}${app.view.local ? '' : ' UTC'}`))),
    health ? h('dl.facts', {},
      ...row('Newest change', health.newest ? age(lag) : 'none', health.newest ? 'old' : ''),
      ...row('Rate', `${rate(health.rate)}/s`, health.usual ? `at this hour yesterday ${rate(health.usual)}/s` : ''),
      ...row('Gaps', health.gaps.length ? String(health.gaps.length) : 'none', 'in 24 hours'),
      h('dd.facts-wide', {}, strip(app, health)),
      ...row('Last answer', `${whole(answer?.took ?? 0)} ms`, `kept for ${age(answer?.kept ?? 0).replace('.0', '')}`),
      ...row('Index', whole(health.documents), 'changes'),
      ...row('Source', health.source)) : h('p.hint', {}, 'There is no answer yet.'));
}

/** The last 24 hours as a strip with holes. @param {App} app @param {Health} health */
function strip(app, health) {
  const end = app.answer?.generated ?? Date.now();
  const start = end - 864e5;
  const holes = health.gaps.filter(gap => gap.to > start).map(gap => h('i.hole', {
    title: `${day(gap.from, app.view.local)}, ${clock(gap.from, app.view.local)}–${clock(gap.to, app.view.local)}`,
    vars: {'--at': Math.max(0, (gap.from - start) / 864e5), '--part': (gap.to - Math.max(start, gap.from)) / 864e5}}));
  return h('div', {}, h('span.strip', {role: 'img', 'aria-label': holes.length ? `${holes.length} gaps in the last 24 hours` : 'No gaps in the last 24 hours'}, ...holes),
    h('span.strip-ends', {}, h('span', {}, `${clock(start, app.view.local)} yesterday`), h('span', {}, 'now')));
}
