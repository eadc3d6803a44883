// @ts-check
// The menus: more, streams, saved views.
import {$, copy, h, icon, say} from './dom.js';
import {ask, url} from './api.js';
import {address, changes, link, params, read} from './state.js';
import {store, stored} from './keep.js';
import {closePopover} from './popover.js';
import {rules} from './feed.js';
import {showKeys} from './keys.js';
import {showDrawer} from './drawer.js';
/** @import {App} from './types.js' */

/** @param {string} glyph @param {string} text @param {string} key @param {Record<string, any>} [extra] */
const item = (glyph, text, key, extra = {}) =>
  h('button.menu-item', {type: 'button', ...extra}, glyph && icon(glyph, 's'), h('span', {}, text), key && h('kbd', {}, key));

/** Closes the menu, then acts. @param {() => void} act */
const then = act => () => { closePopover(); act(); };

/** @param {App} app */
export function fillMore(app) {
  const export_ = url('rows', params(app.view));
  $('more-menu').replaceChildren(
    h('div.narrow-group', {}, item('add', 'Add chart', 'n', {onclick: then(() => showDrawer(app))}), item('bookmark', 'Save view', '', {onclick: then(() => saveView(app))}),
      ...saved().map(view => item('bookmark', view.name, '', {onclick: then(() => visit(app, view.params))})),
      ...app.config.streams.map(name => item('list', `Stream: ${name}`, '', {'aria-pressed': String(name === app.view.stream), onclick: then(() => app.go({stream: name}))})), h('hr')),
    item('link', 'Copy link to this view', 'y', {onclick: (/** @type {MouseEvent} */ e) => copy(link(app.view), /** @type {Element} */ (e.currentTarget))}),
    item('link', 'Copy link, times fixed', 'Y', {onclick: (/** @type {MouseEvent} */ e) => copy(fixedLink(app), /** @type {Element} */ (e.currentTarget))}),
    h('hr'),
    h('div', {id: 'commands'}, h('p.popover-title', {}, 'Preparing the commands')),
    h('a.menu-item', {href: export_, download: ''}, icon('download', 's'), h('span', {}, 'Export the changes, NDJSON')),
    h('a.menu-item', {href: url('atom', changes(app.view))}, icon('feed', 's'), h('span', {}, 'Atom feed of these changes')),
    h('hr'),
    h('div.menu-row', {}, icon('half', 's'), h('span', {}, 'Theme'), themes()),
    h('hr'),
    item('funnel', 'Highlight and skip', 'r', {onclick: then(() => rules(app))}),
    item('keyboard', 'Keyboard keys', '?', {onclick: then(() => showKeys())}),
    h('a.menu-item', {href: 'help'}, icon('help', 's'), h('span', {}, 'Help')));
  drawCommands(app);
}

/** The link for a paper: "last 6 hours" becomes two instants. @param {App} app */
export function fixedLink(app) {
  const w = app.answer?.window;
  if (!w) return link(app.view);
  const iso = (/** @type {number} */ ms) => new Date(ms).toISOString().replace('.000Z', 'Z');
  return link({...app.view, range: '', from: iso(w.from), to: iso(w.to), live: true});
}

/** @param {App} app @returns {Promise<{id: string, label: string, text: string}[]>} */
export async function commands(app) {
  return ask('commands', params(app.view));
}

/** @param {App} app */
async function drawCommands(app) {
  try {
    const list = await commands(app);
    $('commands')?.replaceChildren(...list.flatMap(one => [
      item('code', one.label, one.id === 'pipeline' ? 'c' : '', {onclick: (/** @type {MouseEvent} */ e) => copy(one.text, /** @type {Element} */ (e.currentTarget))}),
      one.id === 'pipeline' && h('code.menu-code', {title: one.text}, one.text)]).filter(Boolean));
  } catch {
    $('commands')?.replaceChildren();
  }
}

/** Copies the pipeline that gives the same events. @param {App} app */
export async function copyPipeline(app) {
  try {
    const pipeline = (await commands(app)).find(one => one.id === 'pipeline');
    if (pipeline) await copy(pipeline.text);
  } catch {
    say('wm-serve does not answer');
  }
}

function themes() {
  const now = document.documentElement.dataset.theme ?? 'auto';
  return h('div.segments', {role: 'group', 'aria-label': 'Theme'}, ...['auto', 'light', 'dark'].map(name => h('button', {type: 'button', 'aria-pressed': String(name === now),
    onclick: (/** @type {MouseEvent} */ event) => {
      setTheme(name);
      const group = /** @type {Element} */ (event.currentTarget).parentElement;
      for (const b of group?.children ?? []) b.setAttribute('aria-pressed', String(b === event.currentTarget));
    }}, name[0].toUpperCase() + name.slice(1))));
}

/** @param {string} name */
function setTheme(name) {
  const root = document.documentElement;
  if (name === 'auto') delete root.dataset.theme;
  else root.dataset.theme = name;
  store('wm-theme', name);
}

/** @param {App} app */
export function fillStreams(app) {
  const list = app.config.streams.includes(app.view.stream) ? app.config.streams : [...app.config.streams, app.view.stream];
  $('stream-menu').replaceChildren(...list.map(name => item('', name, '', {'aria-pressed': String(name === app.view.stream), onclick: then(() => app.go({stream: name, q: '', tab: '', hide: []}))})));
}

/** @typedef {{name: string, params: string}} Saved */

const KEY = 'wm-views';

/** Views kept in this browser. @returns {Saved[]} */
function saved() {
  /** @type {any} */
  const list = stored(KEY, []);
  return Array.isArray(list) ? list.filter(v => typeof v?.name === 'string' && typeof v?.params === 'string') : [];
}

/** @param {App} app @param {string} text */
const visit = (app, text) => app.go(read(text));

/** @param {App} app */
export function fillSaved(app) {
  const mine = saved();
  $('saved-menu').replaceChildren(
    h('p.popover-title', {}, 'Yours, kept in this browser'),
    ...(mine.length ? mine.map(view => h('div.menu-pair', {}, item('', view.name, '', {onclick: then(() => visit(app, view.params))}),
      h('button.btn.btn-icon.btn-quiet.btn-s', {type: 'button', 'aria-label': `Delete ${view.name}`, title: 'Delete', onclick: () => { store(KEY, JSON.stringify(saved().filter(v => v.name !== view.name))); fillSaved(app); }}, icon('trash', 's'))))
      : [h('p.hint.menu-hint', {}, 'None yet.')]),
    h('div', {id: 'team-views'}),
    h('hr'), item('add', 'Save this view', '', {onclick: then(() => saveView(app))}));
  drawTeam(app);
}

/** @param {App} app */
async function drawTeam(app) {
  try {
    /** @type {Saved[]} */
    const list = await ask('views');
    if (list.length) $('team-views')?.replaceChildren(h('hr'), h('p.popover-title', {}, 'Of this server'), ...list.map(view => item('', view.name, '', {onclick: then(() => visit(app, view.params))})));
  } catch {
    // The menu lacks them; another part of the page shows that the server is down.
  }
}

/** Asks for a name in the filter bar, and saves the view. @param {App} app */
export function saveView(app) {
  document.querySelector('.save-form')?.remove();
  const name = h('input.input', {'aria-label': 'Name of the view', placeholder: 'Name of the view', maxlength: '80', autocomplete: 'off'});
  const done = () => { form.remove(); $('save-view').focus(); };
  const form = h('form.save-form', {
    onsubmit: (/** @type {Event} */ event) => {
      event.preventDefault();
      const text = name.value.trim();
      if (!text) return name.focus();
      const list = [...saved().filter(v => v.name !== text), {name: text, params: address(app.view).replace(/^[^?]*/, '')}];
      if (store(KEY, JSON.stringify(list))) say(`Saved as ${text}`);
      done();
    },
    onkeydown: (/** @type {KeyboardEvent} */ event) => { if (event.key === 'Escape') { event.stopPropagation(); done(); } },
  }, name, h('button.btn.btn-s.btn-primary', {type: 'submit'}, 'Save'), h('button.btn.btn-s', {type: 'button', onclick: done}, 'Cancel'));
  document.querySelector('.filterbar')?.append(form);
  name.focus();
}
