// @ts-check
// The search box: highlights the query, completes fields and values, and shows errors
// below the wrong word. The chips are the query; the box adds to them.
import {$, h, icon, say} from './dom.js';
import {whole} from './format.js';
import {ask, problemOf} from './api.js';
import {data} from './state.js';
import {join, quote, split} from './terms.js';
/** @import {App, FacetValue, Problem} from './types.js' */

/**
 * @typedef {{from: number, to?: number, text: string, node: any}} Choice what to write from..to, without to up to
 * the caret: more may have been typed since the choice was offered
 */
const box = {
  /** @type {Choice[]} */ choices: [],
  selected: -1,
  /** the text is the whole query, to replace the chips */ whole: false,
  /** @type {AbortController | null} */ asking: null,
};

/** @param {App} app */
export function wireSearch(app) {
  const input = $('search');
  input.addEventListener('input', () => { paint(); input.removeAttribute('aria-invalid'); complete(app); });
  input.addEventListener('focus', () => { if (input.value) complete(app); });
  input.addEventListener('keydown', (/** @type {KeyboardEvent} */ event) => onKey(app, event));
  input.addEventListener('scroll', () => { $('search-paint').scrollLeft = input.scrollLeft; });
  $('search-form').addEventListener('submit', (/** @type {Event} */ event) => { event.preventDefault(); apply(app); });
  $('search-form').addEventListener('focusout', (/** @type {FocusEvent} */ event) => {
    if (!$('search-form').contains(event.relatedTarget)) close();
  });
  $('search-open').addEventListener('click', () => focusSearch());
  $('chips').addEventListener('click', (/** @type {Event} */ event) => { if (/** @type {Element} */ (event.target).id === 'edit-text') editText(app); });
}

export function focusSearch() {
  document.body.classList.add('search-is-open');
  $('search').focus();
}

/** Puts all chips back into the field. @param {App} app */
function editText(app) {
  box.whole = true;
  $('search').value = app.view.q;
  focusSearch();
  $('search').setSelectionRange(app.view.q.length, app.view.q.length);
  paint();
}

/** Turns the terms in the box into chips. @param {App} app */
async function apply(app) {
  const text = $('search').value.trim();
  if (!text && !box.whole) return close();
  const query = box.whole ? text : join(app.view.q, text);
  try {
    await ask('query', new URLSearchParams({q: text}));
  } catch (error) {
    return mistake(problemOf(error), text);
  }
  $('search').value = '';
  box.whole = false;
  document.body.classList.remove('search-is-open');
  close();
  paint();
  app.go({q: query});
  say(query ? 'Filtered' : 'All filters removed');
}

/** @param {Problem} problem @param {string} text */
function mistake(problem, text) {
  const input = $('search');
  const lead = input.value.length - input.value.trimStart().length;
  input.setAttribute('aria-invalid', 'true');
  paint(problem.end ? [problem.start ?? 0, problem.end].map(n => n + lead) : []);
  const fix = problem.fix && problem.end ? {from: (problem.start ?? 0) + lead, to: problem.end + lead, text: problem.fix, node: null} : null;
  box.choices = fix ? [fix] : [];
  box.selected = fix ? 0 : -1;
  $('completions-on').replaceChildren();
  $('completions-title').replaceChildren();
  $('completions').replaceChildren(h('li.mistake', {role: 'option', id: 'option-0', 'aria-selected': String(Boolean(fix)), onclick: () => fix && choose(fix)}, icon('error', 's'),
    h('span', {}, problem.error, problem.error.endsWith('?') ? '' : '. ', problem.hint && h('span.option-note', {}, problem.hint)), fix && h('kbd', {}, 'Tab')));
  open();
  say(`${problem.error}. ${problem.hint ?? ''}`);
}

const FIELD = /^-?([\w.]+)(!?=|<=|>=|<|>)/;

/** The term that the caret is in. */
function current() {
  const input = $('search');
  const caret = input.selectionStart ?? input.value.length;
  const before = input.value.slice(0, caret);
  const term = split(before).at(-1) ?? '';
  const from = before.endsWith(term) ? caret - term.length : caret;
  return {from, term: before.endsWith(term) ? term : ''};
}

/** Offers fields, then values. @param {App} app */
async function complete(app) {
  const {from, term} = current();
  if (!term) return close();
  const m = FIELD.exec(term);
  box.asking?.abort();
  if (!m) return offerFields(app, from, term);
  const field = app.config.fields.find(f => f.term === m[1] || f.id === m[1] || 'wm.' + f.id === m[1]);
  if (!field || !m[2].endsWith('=') || m[2].length > 2) return close();
  const written = term.slice(m[0].length);
  const prefix = written.slice(written.lastIndexOf('|') + 1).replace(/^"/, '');
  const params = data({...app.view, charts: []});
  params.set('field', field.id);
  if (prefix) params.set('prefix', prefix);
  box.asking = new AbortController();
  try {
    const found = await ask('values', params, box.asking.signal);
    const start = from + m[0].length + written.lastIndexOf('|') + 1;
    offerValues(app, found.label, start, prefix, found.values);
  } catch {
    // Superseded by newer input, or no answer: nothing to offer.
  }
}

/** @param {App} app @param {number} from @param {string} term */
function offerFields(app, from, term) {
  const name = term.replace(/^-/, '');
  const minus = term.startsWith('-') ? '-' : '';
  const names = [...app.config.fields.map(f => [f.term ?? f.id, f.label]), ['wm.delta', 'Bytes added or removed'], ['title:', 'A word of the title'], ['comment:', 'A word of the summary'], ['user:', 'A word of the user name']];
  const found = names.filter(([field, label]) => field.startsWith(name) || field.replace(/^wm\./, '').startsWith(name) || label.toLowerCase().startsWith(name.toLowerCase()));
  if (!found.length) return close();
  offer(app, ['Fields'], found.slice(0, 8).map(([field, label]) => ({
    from, text: minus + field + (field.endsWith(':') ? '' : field === 'wm.delta' ? '<' : '='), node: [h('span.option-value', {}, field), h('span.option-note', {}, label), h('span')],
  })));
}

/** @type {Record<string, string>} */
const NOTES = {
  temp: 'temporary accounts: people who are not logged in', registered: 'people with an account', bot: 'accounts with the bot flag',
  ip: 'addresses, on wikis without temporary accounts', hidden: 'name removed by the wiki',
};

/** @param {App} app @param {string} label @param {number} from @param {string} prefix @param {FacetValue[]} values */
function offerValues(app, label, from, prefix, values) {
  if (!values.length) return close();
  offer(app, ['Values of ', h('b', {}, label), ' among the changes that are left'], values.map(v => {
    const marked = v.value.toLowerCase().startsWith(prefix.toLowerCase()) && prefix;
    const value = marked ? h('span.option-value', {}, h('mark', {}, v.value.slice(0, prefix.length)), v.value.slice(prefix.length)) : h('span.option-value', {}, v.value);
    return {from, text: quote(v.value) + ' ', node: [h('bdi', {dir: 'auto'}, value), h('span.option-note', {}, NOTES[v.value] ?? v.label ?? ''), h('span.option-count', {}, whole(v.count))]};
  }));
}

/** @param {App} app @param {any[]} title @param {Choice[]} choices */
function offer(app, title, choices) {
  if (document.activeElement !== $('search')) return;
  box.choices = choices;
  box.selected = 0;
  $('completions-title').replaceChildren(...title);
  $('completions-on').replaceChildren(...(app.view.q && !box.whole ? [h('span', {}, 'Already on'), h('code', {}, ...painted(app.view.q))] : []));
  $('completions').replaceChildren(...choices.map((choice, i) => h('li.option', {role: 'option', id: `option-${i}`, 'aria-selected': String(i === 0),
    onmousedown: (/** @type {Event} */ event) => event.preventDefault(), onclick: () => { choose(choice); complete(app); }}, ...choice.node)));
  open();
}

/** @param {Choice} choice */
function choose(choice) {
  const input = $('search');
  const to = choice.to ?? input.selectionStart ?? input.value.length;
  input.value = input.value.slice(0, choice.from) + choice.text + input.value.slice(to);
  const caret = choice.from + choice.text.length;
  input.focus();
  input.setSelectionRange(caret, caret);
  input.removeAttribute('aria-invalid');
  close();
  paint();
}

/** @param {App} app @param {KeyboardEvent} event */
function onKey(app, event) {
  const isOpen = !$('completions-popover').hidden;
  switch (event.key) {
    case 'ArrowDown':
    case 'ArrowUp':
      if (!isOpen || !box.choices.length) return;
      event.preventDefault();
      return mark((box.selected + (event.key === 'ArrowDown' ? 1 : -1) + box.choices.length) % box.choices.length);
    case 'Tab':
      if (!isOpen || box.selected < 0 || event.shiftKey) return;
      event.preventDefault();
      choose(box.choices[box.selected]);
      return complete(app);
    case 'Escape':
      event.stopPropagation();
      if (isOpen) return close();
      $('search').value = '';
      box.whole = false;
      document.body.classList.remove('search-is-open');
      paint();
      return $('search').blur();
  }
}

/** @param {number} i */
function mark(i) {
  box.selected = i;
  [...$('completions').children].forEach((option, n) => option.setAttribute('aria-selected', String(n === i)));
  $('search').setAttribute('aria-activedescendant', `option-${i}`);
  $('completions').children[i]?.scrollIntoView({block: 'nearest'});
}

function open() {
  $('completions-popover').hidden = false;
  $('search').setAttribute('aria-expanded', 'true');
  if (box.selected >= 0) $('search').setAttribute('aria-activedescendant', `option-${box.selected}`);
  else $('search').removeAttribute('aria-activedescendant');
}

function close() {
  box.asking?.abort();
  $('completions-popover').hidden = true;
  $('search').setAttribute('aria-expanded', 'false');
  $('search').removeAttribute('aria-activedescendant');
}

/** Colours the query below the field, whose own text has no colour. @param {number[]} [bad] from, to */
function paint(bad = []) {
  const text = $('search').value;
  document.querySelector('.search-key')?.toggleAttribute('hidden', text !== '');
  const [from, to] = bad;
  $('search-paint').replaceChildren(...(to ? [...painted(text.slice(0, from)), h('span.q-bad', {}, text.slice(from, to)), ...painted(text.slice(to))] : painted(text)));
}

/** @param {string} query */
export function painted(query) {
  return query.split(/("(?:[^"\\]|\\.)*"?|\s+)/).filter(Boolean).map(part => {
    const term = /^(-?)([\w.@]+)(<=|>=|!=|=|<|>|~|:)(.*)$/s.exec(part);
    if (term) return h('span', {}, h('span.q-not', {}, term[1]), h('span.q-field', {}, term[2] + term[3]), h('span.q-value', {}, term[4]));
    return part.startsWith('-') ? h('span', {}, h('span.q-not', {}, '-'), part.slice(1)) : h('span', {}, part);
  });
}
