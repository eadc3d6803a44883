// @ts-check
// The tools of a panel: as a table, export, link, and for own charts edit and
// remove. They show when the panel is pointed at or focused.
import {$, copy, h, icon, iconButton, say} from './dom.js';
import {url} from './api.js';
import {link, params} from './state.js';
import {closePopover, openPopover} from './popover.js';
import {savePNG, saveSVG} from './picture.js';
/** @import {App} from './types.js' */

/**
 * @param {App} app
 * @param {string} panel name of the export
 * @param {() => URLSearchParams} [own] parameters, if not the view's
 */
export function exportTool(app, panel, own = () => params({...app.view, charts: []})) {
  const popover = h('div.popover.menu', {role: 'group', 'aria-label': 'Export', hidden: true});
  const button = iconButton('download', 'Export', {'aria-expanded': 'false', onclick: () => {
    if (!popover.hidden) return closePopover();
    openPopover(button, popover, () => fill(popover, button, panel, own()));
  }});
  return h('div.pop-anchor', {}, button, popover);
}

/** @param {HTMLElement} popover @param {HTMLElement} button @param {string} panel @param {URLSearchParams} view */
function fill(popover, button, panel, view) {
  const at = button.closest('.panel, .facet');
  const name = `wm-${panel}`;
  const picture = (/** @type {typeof saveSVG | typeof savePNG} */ act) => async () => {
    closePopover();
    try {
      await act(/** @type {HTMLElement} */ (at), name);
      say('Saved');
    } catch {
      say('This browser cannot make the picture');
    }
  };
  const address = (/** @type {string} */ format) => { const p = new URLSearchParams(view); p.set('format', format); return url('export/' + panel, p); };
  popover.replaceChildren(
    ...['csv', 'ndjson', 'json'].map(format => h('a.menu-item', {href: address(format), download: '', onclick: () => closePopover()}, icon('download', 's'), h('span', {}, format.toUpperCase()))),
    h('hr'),
    h('button.menu-item', {type: 'button', onclick: picture(savePNG)}, icon('download', 's'), h('span', {}, 'PNG')),
    h('button.menu-item', {type: 'button', onclick: picture(saveSVG)}, icon('download', 's'), h('span', {}, 'SVG')),
    h('hr'),
    h('button.menu-item', {type: 'button', onclick: (/** @type {MouseEvent} */ e) => copy(`curl '${new URL(address('csv'), location.href).href}'`, /** @type {Element} */ (e.currentTarget))}, icon('code', 's'), h('span', {}, 'Copy as curl')));
}

/** @param {App} app @param {string} id of the panel */
export const linkTool = (app, id) => iconButton('link', 'Copy link to this panel', {onclick: (/** @type {MouseEvent} */ e) => copy(`${link(app.view)}#${id}`, /** @type {Element} */ (e.currentTarget))});

/** @param {() => boolean} isOn @param {() => void} toggle */
export function tableTool(isOn, toggle) {
  const button = iconButton('table', 'Show as a table', {'aria-pressed': String(isOn()), onclick: () => { toggle(); button.setAttribute('aria-pressed', String(isOn())); }});
  return button;
}

/** @param {string} id @param {...any} tools */
export const setTools = (id, ...tools) => $(id).replaceChildren(...tools);
