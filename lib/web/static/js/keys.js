// @ts-check
// Keys, and the dialog that lists them. They never act while the reader types in
// a field, and can be switched off (WCAG 2.1.4).
import {$, h, iconButton} from './dom.js';

/** @type {[string, [string, string][]][]} */
const KEYS = [
  ['Anywhere', [['/', 'search'], ['t', 'time range'], ['l', 'live on or off'], ['1 – 6', 'preset'], ['b', 'with or without bots'], ['n', 'add a chart'], ['y', 'copy link'], ['Y', 'copy link, times fixed'], ['c', 'copy as pipeline'], ['?', 'this list']]],
  ['Live feed', [['f', 'go to the feed'], ['j  k', 'next, previous change'], ['o', 'open the diff'], ['h', 'open the history'], ['u', 'open the contributions'], ['w', 'only this wiki'], ['e', 'without this user'], ['x', 'skip this user from now on'], ['r', 'highlight and skip'], ['p', 'pause or resume'], ['.', 'show newer changes']]],
  ['Histogram', [['←  →', 'move the cursor'], ['Shift ← →', 'select a span'], ['Enter', 'zoom in'], ['Backspace', 'back to the span before'], ['Esc', 'clear the selection']]],
];

const KEPT = 'wm-keys';

const areOn = () => {
  try {
    return localStorage.getItem(KEPT) !== 'off';
  } catch {
    return true;
  }
};

/**
 * @param {Record<string, () => void>} acts by key
 * @param {() => void} escape closes what is open
 */
export function wireKeys(acts, escape) {
  document.addEventListener('keydown', event => {
    if (event.key === 'Escape') return escape();
    const {target} = event;
    if (!(target instanceof Element) || event.ctrlKey || event.metaKey || event.altKey || event.isComposing || target.closest('input, select, textarea, dialog')) return;
    const act = acts[event.key];
    if (!act || !areOn()) return;
    event.preventDefault();
    act();
  });
  $('keys-open').addEventListener('click', showKeys);
}

export function showKeys() {
  const keys = (/** @type {string} */ text) => text.split(/ +/).map(key => key === '–' ? '–' : h('kbd', {}, key));
  const on = h('input', {type: 'checkbox', role: 'switch', checked: areOn(), onchange: () => {
    try {
      localStorage.setItem(KEPT, on.checked ? 'on' : 'off');
    } catch {
      on.checked = true;
    }
  }});
  const dialog = $('keys');
  dialog.replaceChildren(
    h('header.drawer-head', {}, h('h2', {id: 'keys-title'}, 'Keyboard keys'), iconButton('close', 'Close (Esc)', {onclick: () => dialog.close()})),
    h('div.keys', {}, ...KEYS.map(([title, list]) => h('section', {}, h('h3', {}, title), h('dl', {}, ...list.flatMap(([key, what]) => [h('dt', {}, ...keys(key)), h('dd', {}, what)]))))),
    h('footer.drawer-foot', {}, h('label.switch', {}, on, h('span', {}, 'Single keys are on')), h('span.hint', {}, 'They never act while you type in a field.')));
  if (!dialog.open) dialog.showModal();
}
