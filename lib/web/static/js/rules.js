// @ts-check
// Rules of this browser for the rows of the feed: which kinds of changes have a colour,
// and whose are not listed. They are kept in the browser and do not touch the figures.
import {$, h, icon, iconButton} from './dom.js';
import {whole} from './format.js';
import {store, stored} from './keep.js';
/** @import {Row} from './types.js' */

/** The kinds that can have a colour. A row has that of the first that fits. @type {{id: string, label: string, fits: (row: Row) => boolean}[]} */
const KINDS = [
  {id: 'revert', label: 'Likely revert', fits: row => Boolean(row.revert)},
  {id: 'removal', label: '500 bytes or more removed', fits: row => (row.delta ?? 0) <= -500},
  {id: 'addition', label: '500 bytes or more added', fits: row => (row.delta ?? 0) >= 500},
  {id: 'temp', label: 'Temporary account or IP address', fits: row => row.kind === 'temp' || row.kind === 'ip'},
  {id: 'unpatrolled', label: 'Not patrolled yet', fits: row => row.flags.includes('!')},
  {id: 'new', label: 'New page', fits: row => row.flags.includes('N')},
  {id: 'bot', label: 'Bot', fits: row => row.flags.includes('b')},
  {id: 'minor', label: 'Minor edit', fits: row => row.flags.includes('m')},
  {id: 'log', label: 'Log entry', fits: row => row.type === 'log'},
];
const COLOURS = ['none', 'blue', 'ochre', 'green', 'pink', 'navy'];

const KEPT = 'wm-rules';

/** @type {{colours: Record<string, number>, wikis: string[], users: string[]}} */
const rules = {colours: {}, wikis: [], users: [], ...stored(KEPT, {})};

/** The class of a row's colour. @param {Row} row */
export function colourOf(row) {
  const kind = KINDS.find(({id, fits}) => rules.colours[id] > 0 && fits(row));
  return kind ? `.hl${rules.colours[kind.id]}` : '';
}

/** Whether a row is listed. @param {Row} row */
export const isListed = row => !rules.wikis.includes(row.wiki) && !rules.users.includes(row.user);

/** Lists no more changes of a user. @param {string} user */
export function skipUser(user) {
  if (user && !rules.users.includes(user)) rules.users.push(user);
  store(KEPT, JSON.stringify(rules));
}

/** @param {() => void} changed called after each change */
export function showRules(changed) {
  const save = () => { store(KEPT, JSON.stringify(rules)); changed(); };
  const dialog = $('rules');
  dialog.replaceChildren(
    h('header.drawer-head', {}, h('h2', {id: 'rules-title'}, 'Highlight and skip'), iconButton('close', 'Close (Esc)', {onclick: () => dialog.close()})),
    h('div.rules', {},
      h('section', {}, h('h3', {}, 'Highlight'), ...KINDS.map(kind => colours(kind, save))),
      h('section', {}, h('h3', {}, 'Skip'), list('wikis', 'Wikis, one per line', save), list('users', 'Users, one per line', save))),
    h('footer.drawer-foot', {}, h('span.hint', {}, 'Kept in this browser, for the feed only. The figures count every change.')));
  if (!dialog.open) dialog.showModal();
}

/** @param {{id: string, label: string}} kind @param {() => void} save */
function colours({id, label}, save) {
  const group = h('div.segments', {role: 'group', 'aria-label': label}, ...COLOURS.map((name, n) => h('button', {
    type: 'button', 'aria-label': name, title: name, 'aria-pressed': String((rules.colours[id] ?? 0) === n),
    onclick: () => {
      rules.colours[id] = n;
      [...group.children].forEach((/** @type {Element} */ b, /** @type {number} */ i) => b.setAttribute('aria-pressed', String(i === n)));
      save();
    }}, n ? h(`i.swatch.b${n}`) : icon('close', 'xs'))));
  return h('div.rule', {}, h('span', {}, label), group);
}

/** @param {'wikis' | 'users'} name @param {string} label @param {() => void} save */
function list(name, label, save) {
  const text = h('textarea.input', {rows: '5', spellcheck: 'false', autocapitalize: 'off', onchange: () => {
    rules[name] = text.value.split('\n').map((/** @type {string} */ one) => one.trim()).filter(Boolean);
    save();
  }});
  text.value = rules[name].join('\n');
  return h('label.field', {}, h('span', {}, label), text);
}

/** Says how many rows were skipped, with a way to the list. @param {number} n @param {() => void} changed */
export const skippedNote = (n, changed) => n > 0
  ? [h('span', {}, `${whole(n)} of skipped wikis and users ${n === 1 ? 'is' : 'are'} not listed. `), h('button.linkish', {type: 'button', onclick: () => showRules(changed)}, 'Change'), ' ']
  : [];
