// @ts-check
// What the page shows instead of figures, or above them: loading, empty, nothing
// matches, no answer, stale, partial. Each says what is so, then what to do.
import {$, copy, h, icon, iconButton} from './dom.js';
import {age, clock, clockSeconds, day, interval, length} from './format.js';
/** @import {App, Answer, Problem} from './types.js' */

/** When the next try is, in ms since 1970. */
export const next = {at: 0, since: 0};

/** @param {App} app */
export function drawState(app) {
  const {answer, problem} = app;
  const body = document.body.classList;
  const full = problem && !answer ? 'error' : answer && answer.state !== 'ok' ? answer.state : '';
  body.toggle('is-full', full !== '');
  body.toggle('is-nomatch', full === 'nomatch');
  body.toggle('is-loading', !answer && !problem);
  $('full').hidden = full === '';
  if (!answer && !problem) drawBones();
  if (full) drawFull(app, full);
  drawNotice(app, full !== '');
}

/** @type {Record<string, (app: App) => any[]>} */
const PAGES = {error: errorPage, empty: emptyPage, nomatch: noMatchPage, foreign: foreignPage};

let drawn = '';

/** @param {App} app @param {string} name */
function drawFull(app, name) {
  const key = JSON.stringify([name, app.problem, app.answer?.q, app.answer?.last_match, Math.ceil((next.at - Date.now()) / 1000)]);
  if (key === drawn && $('full').childElementCount) return;
  drawn = key;
  const retry = $('full').querySelector('.next-try');
  if (name === 'error' && retry && $('full').dataset.problem === JSON.stringify(app.problem)) {
    retry.textContent = nextTry();
    return;
  }
  $('full').dataset.problem = name === 'error' ? JSON.stringify(app.problem) : '';
  $('full').replaceChildren(...PAGES[name](app));
}

/** @param {string} text */
export const command = text => h('div.command', {}, h('code', {}, text), iconButton('copy', 'Copy the command', {onclick: (/** @type {MouseEvent} */ e) => copy(text, /** @type {Element} */ (e.currentTarget))}));

/** @param {'ok' | 'bad' | 'wait' | 'ask'} kind @param {string} title @param {string} detail @param {...any} more */
const step = (kind, title, detail, ...more) =>
  h('li.' + kind, {}, icon({ok: 'success', bad: 'error', wait: 'clock', ask: 'help'}[kind], 's'), h('div', {}, h('b', {}, title), detail && h('small', {}, detail), ...more));

const nextTry = () => next.at > Date.now() ? `next try in ${Math.ceil((next.at - Date.now()) / 1000)} s` : 'trying now';

/** @param {App} app */
const tryNow = app => h('button.btn.btn-primary', {type: 'button', onclick: () => app.refresh()}, 'Try now');

/** @param {App} app */
function errorPage(app) {
  const problem = /** @type {Problem} */ (app.problem);
  if (problem.status === 400) return [h('h2', {}, 'This address is wrong'), h('p', {}, `${problem.error}. ${problem.hint}`), h('p.actions', {}, h('a.btn.btn-primary', {href: '?'}, 'Start again'))];
  const own = problem.status === 0;
  return [
    h('h2', {}, problem.error),
    h('p', {}, `${problem.hint} It has been so since ${clockSeconds(next.since || Date.now(), app.view.local)}${app.view.local ? '' : ' UTC'}.`),
    h('p.actions', {}, tryNow(app), h('span.hint.next-try', {}, nextTry())),
    h('ol.steps', {}, ...(own
      ? [step('ask', 'Is it running?', 'Start it again.', command('wm-serve'))]
      : [step('ask', 'Is it running?', 'Start it on the machine of wm-serve.', command('wm-store')),
        step('ask', 'Is it somewhere else?', 'Tell wm-serve where.', command('wm-serve --es https://search.example:9200'))])),
    h('p.hint', {}, 'If you do not run this server, tell the person who does.'),
  ];
}

/** @param {App} app */
function emptyPage(app) {
  const {health, took, generated, stream} = /** @type {Answer} */ (app.answer);
  const tail = stream === 'recentchange' ? 'wm-tail' : `wm-tail ${stream}`;
  return [
    h('h2', {}, 'No changes here yet'),
    h('p', {}, 'This page shows what wm-es has written to the store. Start the pipeline in a shell, and the page fills by itself within seconds.'),
    command(`${tail} | wm-es`),
    h('ol.steps', {}, step('ok', 'The store answers', `${health.source}, in ${took} ms`),
      step('wait', 'Waiting for the first change', `none of ${stream} at ${clockSeconds(generated, app.view.local)}${app.view.local ? '' : ' UTC'}`)),
    h('p.hint', {}, 'Looking for older changes? ', h('code', {}, `${tail} --since 24h | wm-es`), ' fetches what the stream still has.'),
  ];
}

/** @param {App} app */
function foreignPage(app) {
  const {health} = /** @type {Answer} */ (app.answer);
  return [
    h('h2', {}, 'The index is not one of wm-es'),
    h('p', {}, 'It has documents, but maps their fields in another way, so nothing can be counted. It was made before the template of wm-es, or by another program.'),
    h('ol.steps', {}, step('ok', 'The store answers', health.source), step('bad', 'The fields cannot be counted', 'wm and @timestamp are missing, or are text'),
      step('ask', 'What is different?', 'This shows it.', command('wm-es check')),
      step('ask', 'Start afresh?', 'This deletes the index and puts the template in place.', command('wm-es init-index --recreate'))),
  ];
}

/** @param {App} app */
function noMatchPage(app) {
  const {window: w, last_match: last, terms} = /** @type {Answer} */ (app.answer);
  const wider = last && app.config.spans.find(span => length(span.id) > w.to - w.from && Date.now() - length(span.id) < last);
  return [
    h('h2', {}, `Nothing matches in ${app.view.from ? 'this time' : `these ${interval(length(app.view.range))}`}`),
    h('p', {}, (terms.length > 1 ? `No change passes all ${terms.length} filters. ` : terms.length ? 'No change passes the filter. ' : 'There are no changes in this time. ')
      + (!last ? 'None in the index does.' : `The last one that did was on ${day(last, app.view.local)} at ${clock(last, app.view.local)}${app.view.local ? '' : ' UTC'}.`)),
    h('p.actions', {},
      wider && h('button.btn.btn-primary', {type: 'button', onclick: () => app.go({range: wider.id, from: '', to: ''})}, `Show the last ${wider.label}`),
      terms.length > 0 && h('button.btn', {type: 'button', onclick: () => app.go({q: '', tab: ''})}, 'Clear all filters')),
  ];
}

/** What holds for the figures that are shown. @param {App} app @param {boolean} full */
function drawNotice(app, full) {
  const {answer, problem} = app;
  const notice = $('notice');
  const stale = Boolean(problem && answer && !full);
  const kind = stale ? 'stale' : answer?.partial && !full ? 'partial' : '';
  notice.hidden = kind === '';
  if (!kind) return notice.replaceChildren();
  const text = kind === 'stale' && answer
    ? [h('b', {}, `These figures are ${age(Date.now() - answer.generated)} old. `), h('span', {}, `${problem?.error}. `), h('span.next-try', {}, cap(nextTry()) + '.')]
    : [h('b', {}, 'These figures are not complete. '), 'The store could not read everything in time. A shorter time or fewer filters help.'];
  const p = notice.querySelector('p');
  if (p && notice.dataset.kind === kind) return p.replaceChildren(...text);
  notice.dataset.kind = kind;
  notice.replaceChildren(icon('alert'), h('p', {}, ...text), h('button.btn.btn-s', {type: 'button', onclick: () => app.refresh()}, 'Try now'));
}

/** @param {string} text */
const cap = text => text[0].toUpperCase() + text.slice(1);

/** Real heights, flat bones, no motion. */
function drawBones() {
  const bone = (/** @type {string} */ name) => h('div.bone' + name);
  const bones = (/** @type {number} */ n) => Array.from({length: n}, () => bone('.bone-row'));
  $('hist').replaceChildren(bone('.bone-chart.bone-hist'));
  $('legend').replaceChildren(h('li', {}, bone('.bone-legend')));
  for (const id of ['hot', 'unusual', 'heat']) $(id).replaceChildren(...bones(7));
  $('facets').replaceChildren(...['Wikis', 'User kinds', 'Namespaces', 'Users', 'Pages', 'Log actions'].map((title, i) =>
    h('section.facet', {'aria-label': title}, h('h3', {}, title), h('ul', {}, ...Array.from({length: [8, 5, 6, 8, 6, 6][i]}, () => h('li', {}, bone('.bone-row')))))));
  $('kpis').replaceChildren(...['Changes', 'Per minute', 'Editors', 'Pages', 'Bytes added', 'Bytes removed', 'Likely reverts', 'Bot share'].map(label =>
    h('div.kpi', {}, h('span.kpi-label', {}, label), bone('.bone-value'), bone('.bone-foot'))));
  $('feed').replaceChildren(...Array.from({length: 26}, () => h('tr', {}, ...['time', 'wiki', 'flags', 'page', 'bytes', 'user', 'summary'].map(name =>
    h('td.c-' + name, {}, name === 'flags' ? '' : bone('.bone-row'))))));
}
