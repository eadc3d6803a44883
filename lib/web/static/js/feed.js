// @ts-check
// The live feed: the newest changes, newest first. It pauses automatically when a row is
// selected or the list is scrolled, so that the position is kept.
import {$, h, icon, say} from './dom.js';
import {clockSeconds, whole} from './format.js';
import {isLive, params} from './state.js';
import {exclude, only} from './terms.js';
import {url} from './api.js';
import {addMarks, drawMarks} from './marks.js';
import {feedRow} from './row.js';
import {isListed, showRules, skipUser, skippedNote} from './rules.js';
/** @import {App, Row} from './types.js' */

/** The maximum number of rows on the page; more if the list scrolls. */
const kept = () => innerWidth < 1920 ? 26 : 50;
/** How many are kept while the feed is paused. */
const WAITING = 500;

const feed = {
  /** @type {Row[]} shown, newest first */ rows: [],
  /** @type {Row[]} that came while paused, newest first */ waiting: [],
  /** how many came while paused, shown or not */ newer: 0,
  /** how many were skipped by the rules of this browser */ skipped: 0,
  key: '', paused: false, pausedAt: 0, selected: '',
};
/** What came in the last seconds. @type {{at: number, rows: number, left: number}[]} */
let recent = [];

/** Takes the rows of an answer: all of them for a new view, otherwise the new ones. @param {App} app */
export function drawFeed(app) {
  if (!app.answer) return;
  addMarks(app.answer);
  const {q, stream} = app.answer;
  const key = [stream, q, app.view.from, app.view.to, app.view.range, app.view.local].join('\n');
  if (key !== feed.key) {
    Object.assign(feed, {key, rows: [], waiting: [], newer: 0, skipped: 0, paused: false, selected: ''});
    recent = [];
    feed.rows = listed(app.answer.rows).slice(0, kept());
    $('feed').replaceChildren(...feed.rows.map(row => feedRow(app, row)));
    rove();
  } else if (isLive(app.view)) add(app, app.answer.rows, 0, false);
  drawMarks(feed.rows);
  drawHead(app);
}

/** The rows that are not skipped. @param {Row[]} rows @param {boolean} [counts] counts the others */
function listed(rows, counts = true) {
  const list = rows.filter(isListed);
  if (counts) feed.skipped += rows.length - list.length;
  return list;
}

/** Opens the rules of this browser, and draws the feed again with each change. @param {App} app */
export const rules = app => showRules(() => redraw(app));

/** @param {App} app */
function redraw(app) {
  feed.key = '';
  drawFeed(app);
}

/** Lists no more changes of the selected row's user. @param {App} app */
export function skip(app) {
  const row = selectedRow();
  if (!row?.user) return;
  skipUser(row.user);
  redraw(app);
  say(`${row.user} is skipped`);
}

/** Rows from the live stream. @param {App} app @param {Row[]} rows @param {number} leftOut */
export function addLive(app, rows, leftOut) {
  add(app, rows, leftOut, true);
  drawHead(app);
}

/** @param {App} app @param {Row[]} rows @param {number} leftOut @param {boolean} counts */
function add(app, rows, leftOut, counts) {
  const known = new Set([...feed.rows, ...feed.waiting].map(row => row.id));
  const fresh = listed(rows.filter(row => !known.has(row.id)), counts);
  if (counts) recent.push({at: Date.now(), rows: rows.length, left: leftOut});
  if (!fresh.length && !leftOut) return;
  if (feed.paused) {
    feed.waiting = merge(fresh, feed.waiting).slice(0, WAITING);
    feed.newer += fresh.length + leftOut;
    return;
  }
  show(app, fresh);
}

/** @param {Row[]} a @param {Row[]} b */
const merge = (a, b) => [...a, ...b].sort((x, y) => y.t - x.t);

/**
 * Inserts rows into the list in order of time. The list is detached and reattached,
 * because rows that move down would count as layout shifts.
 * @param {App} app @param {Row[]} fresh
 */
function show(app, fresh) {
  const list = $('feed');
  const there = new Map([...list.children].map(tr => [tr.dataset.id, tr]));
  feed.rows = merge(fresh, feed.rows).slice(0, kept());
  list.replaceChildren(...feed.rows.map(row => there.get(row.id) ?? feedRow(app, row)));
  rove();
}

/** One row can be reached with Tab: the selected one, or the first. */
function rove() {
  const rows = [...$('feed').children];
  const current = rows.find(tr => tr.dataset.id === feed.selected) ?? rows[0];
  for (const tr of rows) {
    tr.tabIndex = tr === current ? 0 : -1;
    tr.setAttribute('aria-selected', String(tr.dataset.id === feed.selected));
  }
}

/** @param {App} app */
export function drawHead(app) {
  const live = isLive(app.view);
  const button = $('pause');
  button.hidden = !live;
  button.disabled = !app.answer;
  button.setAttribute('aria-pressed', String(feed.paused));
  button.replaceChildren(icon(feed.paused ? 'play' : 'pause', 's'), feed.paused ? 'Resume' : 'Pause');
  $('feed-title').textContent = live ? 'Live feed' : 'Newest changes';
  $('feed-note').textContent = note(app, live);
  $('pill').hidden = !feed.paused || feed.newer === 0;
  $('pill').replaceChildren(icon('up', 'xs'), `${whole(feed.newer)} newer change${feed.newer === 1 ? '' : 's'}`);
  $('feed').closest('.panel').classList.toggle('is-paused', feed.paused);
  drawFoot(app, live);
}

/** Rows per second that came, and that were left out. */
function rates() {
  const now = Date.now();
  recent = recent.filter(one => now - one.at < 10_000);
  const over = Math.max(2, (now - (recent[0]?.at ?? now)) / 1000);
  const sum = (/** @type {'rows' | 'left'} */ name) => recent.reduce((n, one) => n + one[name], 0) / over;
  return {shown: sum('rows'), left: sum('left')};
}

/** @param {App} app @param {boolean} live */
function note(app, live) {
  if (feed.paused) return `paused at ${clockSeconds(feed.pausedAt, app.view.local)}`;
  if (!live) return `the newest ${feed.rows.length} of ${whole(app.answer?.total ?? 0)}`;
  if (app.problem && app.answer) return `stopped at ${clockSeconds(app.answer.generated, app.view.local)}`;
  const {shown, left} = rates();
  if (left >= 0.5) return `showing ${whole(shown)} of ${whole(shown + left)} per second`;
  return 'every change';
}

/** @param {App} app @param {boolean} live */
function drawFoot(app, live) {
  const {left} = rates();
  const all = h('a', {href: url('rows', params(app.view)), download: ''}, left >= 0.5 && live ? 'Export them all' : 'Export these changes');
  $('feed-foot').replaceChildren(...skippedNote(feed.skipped, () => redraw(app)), ...(feed.paused ? ['Nothing is lost: the figures and charts go on counting.']
    : left >= 0.5 && live ? [`About ${whole(left)} per second are left out here to keep the list readable, and counted everywhere else. `, all]
    : feed.rows.length ? [all] : ['No change yet.']));
}

/** @param {App} app @param {boolean} on */
export function pause(app, on) {
  if (on === feed.paused || on && !isLive(app.view)) return;
  feed.paused = on;
  if (on) feed.pausedAt = Date.now();
  else newer(app, false);
  drawHead(app);
  say(on ? 'Paused' : 'Live again');
}

export const isPaused = () => feed.paused;

/** Shows the rows that came while paused, and resumes. @param {App} app */
export function newer(app, draw = true) {
  const waiting = feed.waiting;
  Object.assign(feed, {waiting: [], newer: 0, paused: false, selected: ''});
  show(app, waiting);
  $('feed-scroll').scrollTop = 0;
  if (draw) drawHead(app);
}

/** Selects a row by its place relative to the selected one. @param {App} app @param {number} by */
export function move(app, by) {
  if (!feed.rows.length) return;
  const here = feed.rows.findIndex(row => row.id === feed.selected);
  const to = Math.min(feed.rows.length - 1, Math.max(0, here < 0 ? 0 : here + by));
  feed.selected = feed.rows[to].id;
  pause(app, true);
  rove();
  const tr = $('feed').children[to];
  tr.focus({preventScroll: true});
  tr.scrollIntoView({block: 'nearest'});
}

/** @returns {Row | undefined} */
const selectedRow = () => feed.rows.find(row => row.id === feed.selected);

/** Opens a link of the selected row. @param {'diff' | 'hist' | 'contribs'} what */
export function openLink(what) {
  const row = selectedRow();
  const link = row && (what === 'diff' ? row.diff ?? row.change ?? row.page : row[what]);
  if (link) window.open(link, '_blank', 'noopener,noreferrer');
}

/** Filters by the selected row. @param {App} app @param {'wiki' | 'user'} what */
export function filterBy(app, what) {
  const row = selectedRow();
  if (!row) return;
  const terms = app.view.stream === 'recentchange' ? {wiki: 'wiki', user: 'user'} : {wiki: 'wm.wiki', user: 'wm.user'};
  app.go({q: what === 'wiki' ? only(app.view.q, terms.wiki, row.wiki) : exclude(app.view.q, terms.user, row.user)});
}

/** @param {App} app */
export function wireFeed(app) {
  $('pause').addEventListener('click', () => pause(app, !feed.paused));
  $('pill').addEventListener('click', () => { newer(app); $('feed').firstElementChild?.focus(); });
  $('feed-scroll').addEventListener('scroll', () => { if ($('feed-scroll').scrollTop > 4) pause(app, true); });
  $('feed').addEventListener('focusin', (/** @type {FocusEvent} */ event) => {
    const tr = /** @type {HTMLElement} */ (event.target).closest('tr');
    if (!tr || /** @type {HTMLElement} */ (event.target).matches('button')) return;
    feed.selected = tr.dataset.id ?? '';
    pause(app, true);
    rove();
  });
}
