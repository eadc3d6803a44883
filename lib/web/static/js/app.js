// @ts-check
// The page: what the controls do, and where the data goes.

import { barChart, chartTable } from './chart.js';
import { byId, foreign, h, say } from './dom.js';
import { duration, each, period, seconds } from './format.js';
import { figures, wikiList } from './panels.js';
import { Poller } from './poll.js';
import { rowList } from './rows.js';
import { address, params, parse } from './state.js';

/** @typedef {import('./poll.js').View} View */
/** @typedef {import('./poll.js').Failure} Failure */
/** @typedef {import('./state.js').State} State */

let state = parse(location.search);
/** @type {View | null} */ let shown = null;
/** @type {Failure | null} */ let failure = null;
let shownAt = 0; // by the browser's clock
let fresh = true; // the next view is another one than that on the page

/** @type {HTMLSelectElement} */ const stream = byId('stream');
/** @type {HTMLSelectElement} */ const range = byId('range');
/** @type {HTMLButtonElement} */ const live = byId('live');

const poller = new Poller(dataAddress, show, fail);
const drawChart = barChart(byId('chart'));
/** @type {HTMLDetailsElement} */ const chartDetails = byId('chart-table');
const fillChartTable = chartTable(chartDetails);
const listWikis = wikiList(byId('wikis'), wiki => change({ wiki }));
const listRows = rowList(byId('rows'), byId('rows-note'));

function dataAddress() {
  return '/api/view?' + params(state);
}

/** @param {View} view */
function show(view) {
  if (failure) say('The page is up to date again');
  failure = null;
  shown = view;
  shownAt = Date.now();
  figures(view);
  drawChart(view);
  fillChartTable(view);
  listWikis(view);
  listRows(view.rows, fresh);
  fresh = false;
  byId('interval').textContent = 'per ' + each(view.interval);
  byId('empty').hidden = view.count > 0;
  byId('rows').hidden = view.count === 0;
  byId('updated').textContent = `updated ${seconds(view.generated)} UTC`;
  banner();
}

/** @param {Failure} reason */
function fail(reason) {
  if (!failure) say(reason.error + '. ' + reason.hint);
  failure = reason;
  if (!shown) byId('updated').textContent = 'no data yet';
  banner();
}

/** Tells what is wrong with what the page shows; the last good picture stays. */
function banner() {
  const text = failure ? trouble(failure) : shown?.partial ? 'Elasticsearch could not read everything in time: the figures are too low.' : '';
  byId('banner').textContent = text;
  byId('banner').hidden = !text;
}

/** @param {Failure} reason */
function trouble(reason) {
  const sentences = [`${reason.error}: ${reason.hint}.`];
  if (shown) sentences.push(`This is the picture of ${seconds(shown.generated)} UTC, ${duration(Date.now() - shownAt)} old.`);
  if (reason.again) sentences.push(`Next try ${reason.again > Date.now() ? 'in ' + duration(reason.again - Date.now()) : 'now'}.`);
  return sentences.join(' ');
}

/** Brings the controls in line with the state. */
function controls() {
  const fixed = state.range === ''; // from and to: nothing new will come
  select(stream, state.stream);
  select(range, state.range);
  if (fixed) range.selectedOptions[0].text = period(Date.parse(state.from), Date.parse(state.to));
  live.disabled = fixed;
  live.title = fixed ? 'A view with a fixed end does not change' : '';
  live.setAttribute('aria-pressed', String(state.live && !fixed));
  poller.live = state.live && !fixed;
  byId('filters').replaceChildren(...state.wiki ? [h('li', {}, chip(state.wiki))] : []);
  /** @type {HTMLAnchorElement} */ (byId('json')).href = dataAddress();
  document.title = [state.wiki, state.stream, range.selectedOptions[0].text].filter(Boolean).join(' · ') + ' – Wikimedia changes';
}

/**
 * @param {HTMLSelectElement} element
 * @param {string} value
 */
function select(element, value) {
  const option = [...element.options].find(option => option.value === value);
  if (option) option.hidden = false;
  else element.append(h('option', { value }, value)); // named by the address alone
  element.value = value;
}

/** @param {string} wiki */
const chip = wiki => h('button', { type: 'button', class: 'chip', 'aria-label': `Remove the filter wiki: ${wiki}`, click: () => { change({ wiki: '' }); range.focus(); } },
  'wiki: ', foreign(wiki));

/**
 * Shows another view.
 * @param {Partial<State>} part
 */
function change(part) {
  state = { ...state, ...part };
  history.pushState(null, '', address(state));
  arrive();
}

/** Shows the view that the address names. */
function arrive() {
  fresh = true;
  controls();
  poller.refresh();
}

stream.addEventListener('change', () => change({ stream: stream.value }));
range.addEventListener('change', () => change({ range: range.value, from: '', to: '' }));
live.addEventListener('click', () => {
  state = { ...state, live: !state.live };
  history.replaceState(null, '', address(state)); // the same view: no step for the back button
  controls();
  say(state.live ? 'Live: the page follows the stream' : 'Not live: the page stands still');
  if (state.live) poller.refresh();
});
addEventListener('popstate', () => {
  state = parse(location.search);
  arrive();
});
setInterval(() => { if (failure) banner(); }, 1000);

controls();
poller.refresh();
