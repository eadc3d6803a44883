// @ts-check
// The dashboard: it holds the state and the answer, and makes the components draw.
import {$, copy, iconButton, say} from './dom.js';
import {ask, problemOf, url} from './api.js';
import {address, changes, data, isLive, link, read} from './state.js';
import {choose, drawChips, drawPeriod, drawTabs} from './chips.js';
import {drawCustoms} from './custom.js';
import {hideDrawer, isDrawerOpen, showDrawer} from './drawer.js';
import {drawFacets} from './facets.js';
import {addLive, drawFeed, drawHead, filterBy, isPaused, move, newer, openLink, pause, rules, skip, wireFeed} from './feed.js';
import {drawFigures} from './figures.js';
import {drawHealth, fillHealth} from './health.js';
import {drawHeat} from './heat.js';
import {clearSelection, drawHistogram, drawSplit, selection, shown} from './histogram.js';
import {drawHot} from './hot.js';
import {showKeys, wireKeys} from './keys.js';
import {follow} from './live.js';
import {offered} from './marks.js';
import {copyPipeline, fillMore, fillSaved, fillStreams, fixedLink, saveView} from './menus.js';
import {closePopover, wirePopover, wirePopovers} from './popover.js';
import {drawRange, fillRange, toggleLive, wireRange} from './range.js';
import {focusSearch, wireSearch} from './search.js';
import {drawState, next} from './states.js';
import {exportTool, linkTool, setTools, tableTool} from './tools.js';
import {drawUnusual} from './unusual.js';
import {exclude} from './terms.js';
import {whole} from './format.js';
/** @import {App, Answer} from './types.js' */

const FIRST_RETRY = 2000;
const LONGEST_RETRY = 30_000;
const SECOND = 1000;

/** @type {App} */
const app = {view: read(location.search), config: json('config'), answer: json('first'), problem: null, go, draw, refresh};

const loop = {
  /** @type {AbortController | null} */ asking: null,
  timer: 0, failures: 0, key: '',
};

/** @param {string} id @returns {any} */
function json(id) {
  const text = document.getElementById(id)?.textContent;
  return text ? JSON.parse(text) : null;
}

/** @type {App['go']} */
function go(changes, {replace = false} = {}) {
  const before = data(app.view).toString();
  Object.assign(app.view, changes);
  const to = address(app.view);
  if (to !== location.pathname + location.search && to !== location.search) history[replace ? 'replaceState' : 'pushState'](null, '', to);
  changed(before);
}

/** @param {string} before */
function changed(before) {
  draw();
  if (data(app.view).toString() !== before) refresh();
  else schedule();
  live();
}

function draw() {
  drawTop();
  if (isFilled()) for (const panel of panels) panel();
}

/**
 * Draws the page for the first time, each panel in a task of its own: the server has sent
 * their contents, and the page answers clicks meanwhile.
 */
async function drawFirst() {
  drawTop();
  if (!isFilled()) return;
  for (const panel of panels) {
    await nextTask();
    panel();
  }
}

const nextTask = () => new Promise(resolve => setTimeout(resolve));

/** What is above the panels. */
function drawTop() {
  drawTabs(app);
  drawChips(app);
  drawRange(app);
  drawState(app);
  drawHealth(app);
  drawPeriod(app);
  drawSplit(app);
  $('stream-name').textContent = app.view.stream;
  $('stream').setAttribute('aria-label', `Stream: ${app.view.stream}`);
  $('atom').href = url('atom', changes(app.view));
  document.title = `${app.view.q || app.view.stream} – ${document.querySelector('.brand-name')?.textContent}`;
}

const isFilled = () => app.answer && app.answer.state !== 'empty' && app.answer.state !== 'foreign';

/** Each draws a panel from the answer. The first ones are those that a reader sees first. */
const panels = [
  () => drawFigures(app),
  () => drawHistogram(app),
  () => drawFacets(app),
  () => drawFeed(app),
  () => ifChanged('hot', a => [a.hot, a.window.from, a.window.to - a.window.to % 6e4], () => drawHot(app)),
  () => ifChanged('unusual', a => a.unusual, () => drawUnusual(app)),
  () => ifChanged('heat', a => [a.heat, new Date().getHours()], () => drawHeat(app)),
  () => drawCustoms(app),
  () => drawFoot(),
];

/** What was drawn last. @type {Map<string, string>} */
const drawn = new Map();

/** Draws a panel that changes slowly. @param {string} id @param {(a: Answer) => any} value @param {() => void} act */
function ifChanged(id, value, act) {
  if (!app.answer) return;
  const key = JSON.stringify([value(app.answer), app.view.local, app.view.stream, app.view.q]);
  if (drawn.get(id) === key) return;
  drawn.set(id, key);
  act();
}

function drawFoot() {
  const {answer} = app;
  if (!answer) return;
  const version = $('foot-facts').dataset.version;
  $('foot-facts').textContent = [`Took ${whole(answer.took)} ms`, `kept ${answer.kept / 1000} s`, `source ${answer.health.source}`, app.view.local ? 'local times' : 'all times UTC', version].filter(Boolean).join(' · ');
}

/** Requests a new answer now and aborts an older request. */
async function refresh() {
  clearTimeout(loop.timer);
  loop.asking?.abort();
  const mine = loop.asking = new AbortController();
  try {
    const answer = await ask('view', data(app.view), mine.signal);
    app.answer = answer;
    app.problem = null;
    loop.failures = 0;
    next.since = 0;
  } catch (error) {
    if (mine.signal.aborted) return;
    app.problem = problemOf(error);
    if (app.problem.status === 400) app.answer = null;
    next.since ||= Date.now();
    loop.failures++;
  }
  draw();
  schedule();
  live();
}

/** When to request the next answer: on a live page as often as answers change, but at most a quarter of the time is spent in requests. */
function schedule() {
  clearTimeout(loop.timer);
  next.at = 0;
  if (document.hidden || app.problem?.status === 400) return;
  const pause = app.problem ? Math.min(LONGEST_RETRY, FIRST_RETRY * 1.6 ** (loop.failures - 1))
    : app.answer && (isLive(app.view) || app.answer.state === 'empty') ? Math.max(app.answer.kept, 3 * app.answer.took, 2000) : 0;
  if (!pause) return;
  next.at = Date.now() + pause;
  loop.timer = window.setTimeout(refresh, pause);
}

function live() {
  follow(app, (rows, leftOut) => {
    addLive(app, rows, leftOut);
  });
}

/** Updates the texts that show elapsed time. */
function tick() {
  if (document.hidden) return;
  drawHealth(app);
  drawPeriod(app);
  if (app.problem) drawState(app);
  if (app.answer?.state === 'ok') drawHead(app);
}

/** Esc closes what is open; with nothing open it clears the selection. */
function escape() {
  if (closePopover()) return;
  if (document.body.classList.contains('sheet-is-open')) return showSheet(false);
  if (isDrawerOpen()) return hideDrawer();
  if (selection()) clearSelection(app);
}

/** @param {boolean} on */
function showSheet(on) {
  document.body.classList.toggle('sheet-is-open', on);
  $(on ? 'sheet-close' : 'sheet-open').focus();
}

function wireTools() {
  setTools('hist-tools', tableTool(() => shown.table, () => { shown.table = !shown.table; drawHistogram(app); }), exportTool(app, 'histogram'), linkTool(app, 'hist-title'));
  setTools('feed-tools', iconButton('funnel', 'Highlight and skip', {onclick: () => rules(app)}), linkTool(app, 'feed-title'));
  setTools('hot-tools', exportTool(app, 'hot'), linkTool(app, 'hot-title'));
  setTools('unusual-tools', exportTool(app, 'unusual'), linkTool(app, 'unusual-title'));
  setTools('heat-tools', exportTool(app, 'heat'), linkTool(app, 'heat-title'));
}

function bots() {
  app.go({q: exclude(app.view.q, 'bot', 'true')});
}

function wire() {
  wirePopovers();
  wirePopover('range', 'range-popover', () => fillRange(app));
  wirePopover('more', 'more-menu', () => fillMore(app));
  wirePopover('health', 'health-popover', () => fillHealth(app));
  wirePopover('saved', 'saved-menu', () => fillSaved(app));
  wirePopover('stream', 'stream-menu', () => fillStreams(app));
  wireSearch(app);
  wireRange(app);
  wireFeed(app);
  wireTools();
  $('copy-link').addEventListener('click', (/** @type {MouseEvent} */ e) => copy(link(app.view), /** @type {Element} */ (e.currentTarget)));
  $('save-view').addEventListener('click', () => saveView(app));
  $('add-chart').addEventListener('click', () => showDrawer(app));
  $('sheet-open').addEventListener('click', () => showSheet(true));
  for (const id of ['sheet-close', 'sheet-show']) $(id).addEventListener('click', () => showSheet(false));
  $('sheet-clear').addEventListener('click', () => app.go({q: ''}));
  wireKeys({
    '/': focusSearch, '?': showKeys, t: () => $('range').click(), l: () => toggleLive(app), b: bots, n: () => showDrawer(app),
    y: () => copy(link(app.view)), Y: () => copy(fixedLink(app)), c: () => copyPipeline(app),
    f: () => move(app, 0), j: () => move(app, 1), k: () => move(app, -1), o: () => openLink('diff'), h: () => openLink('hist'), u: () => openLink('contribs'),
    w: () => filterBy(app, 'wiki'), e: () => filterBy(app, 'user'), x: () => skip(app), r: () => rules(app), p: () => pause(app, !isPaused()), '.': () => newer(app),
    ...Object.fromEntries(app.config.presets.map((_, i) => [String(i + 1), () => { const preset = offered(app)[i]; if (preset) choose(app, preset.id); }])),
  }, escape);
  addEventListener('popstate', () => {
    const before = data(app.view).toString();
    app.view = read(location.search);
    changed(before);
  });
  document.addEventListener('visibilitychange', () => {
    if (document.hidden) { clearTimeout(loop.timer); live(); } else refresh();
  });
  let width = innerWidth;
  addEventListener('resize', () => {
    if (innerWidth === width) return;
    width = innerWidth;
    draw();
  });
  setInterval(tick, SECOND);
}

async function start() {
  wire();
  await drawFirst();
  if (app.answer) {
    schedule();
    live();
  } else {
    say('Loading');
    refresh();
  }
}

start();
