// @ts-check
// Creates elements. Text reaches the page only through text nodes.

/** @typedef {Node | string | number | null | undefined | false} Child */

/**
 * The element with an id, which must exist.
 * @param {string} id
 * @returns {any}
 */
export const $ = id => document.getElementById(id);

/**
 * Makes an element: h('a.link', {href: '#'}, 'text', child).
 * @param {string} selector tag and classes
 * @param {Record<string, any>} [props] attributes; on… are listeners, vars are custom properties
 * @param {...(Child | Child[])} children
 * @returns {any}
 */
export function h(selector, props = {}, ...children) {
  const [tag, ...classes] = selector.split('.');
  return fill(document.createElement(tag || 'div'), classes, props, children);
}

/**
 * The same for SVG.
 * @param {string} selector
 * @param {Record<string, any>} [props]
 * @param {...(Child | Child[])} children
 * @returns {any}
 */
export function s(selector, props = {}, ...children) {
  const [tag, ...classes] = selector.split('.');
  return fill(document.createElementNS('http://www.w3.org/2000/svg', tag), classes, props, children);
}

/**
 * @param {Element} node
 * @param {string[]} classes
 * @param {Record<string, any>} props
 * @param {(Child | Child[])[]} children
 */
function fill(node, classes, props, children) {
  if (classes.length) node.setAttribute('class', classes.join(' '));
  for (const [name, value] of Object.entries(props)) {
    if (value === false || value == null) continue;
    if (name === 'vars') for (const [k, v] of Object.entries(value)) /** @type {any} */ (node).style.setProperty(k, String(v));
    else if (name.startsWith('on')) node.addEventListener(name.slice(2), value);
    else node.setAttribute(name, value === true ? '' : String(value));
  }
  for (const child of children.flat()) if (child != null && child !== false) node.append(/** @type {any} */ (child));
  return node;
}

/** @param {string} name @param {string} [size] '', 's' or 'xs' */
export const icon = (name, size = '') =>
  s(`svg.icon${size && '.icon-' + size}`, {'aria-hidden': 'true'}, s('use', {href: '#i-' + name}));

/** @param {string} name @param {string} label @param {Record<string, any>} [extra] */
export const iconButton = (name, label, extra = {}) =>
  h('button.btn.btn-icon.btn-quiet.btn-s', {type: 'button', 'aria-label': label, title: label, ...extra}, icon(name, 's'));

/**
 * Untrusted text, isolated from the direction of the text around it.
 * @param {string} text
 */
export const foreign = text => h('bdi', {dir: 'auto'}, text);

/**
 * A link to a wiki, or plain text without an address. Its direction is that of the
 * parent, which has dir=auto and ignores the contents of a bdi.
 * @param {string} text @param {string | undefined} href
 */
export const wikiLink = (text, href) => href ? h('a', {href, target: '_blank', rel: 'noreferrer noopener'}, text) : text;

/** Announces to screen readers what an action did. @param {string} text */
export function say(text) {
  const status = $('status');
  status.textContent = '';
  status.textContent = text;
}

/**
 * Copies a text. The button shows a check for a moment.
 * @param {string} text @param {Element | null} [button]
 */
export async function copy(text, button = null) {
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    copyBySelection(text);
  }
  say('Copied');
  const use = button?.querySelector('use');
  if (!use) return;
  const before = use.getAttribute('href') ?? '';
  if (before === '#i-check') return;
  use.setAttribute('href', '#i-check');
  setTimeout(() => use.setAttribute('href', before), 1500);
}

/** For pages that are not served securely, where there is no clipboard. @param {string} text */
function copyBySelection(text) {
  const area = h('textarea.unseen', {'aria-hidden': 'true'});
  area.value = text;
  document.body.append(area);
  area.select();
  document.execCommand('copy');
  area.remove();
}
