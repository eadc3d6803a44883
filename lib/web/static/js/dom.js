// @ts-check
// Making elements. Text only ever becomes text nodes: nothing in this page
// turns a string into markup, and the content security policy forbids it.

/** @typedef {Node | string | null} Child */

/**
 * Makes an HTML element.
 * @template {keyof HTMLElementTagNameMap} T
 * @param {T} tag
 * @param {Record<string, string | number | EventListener>} [attributes] a function is the listener of an event
 * @param {...Child} children
 * @returns {HTMLElementTagNameMap[T]}
 */
export function h(tag, attributes, ...children) {
  return fill(document.createElement(tag), attributes, children);
}

/**
 * Makes an SVG element.
 * @template {keyof SVGElementTagNameMap} T
 * @param {T} tag
 * @param {Record<string, string | number | EventListener>} [attributes]
 * @param {...Child} children
 * @returns {SVGElementTagNameMap[T]}
 */
export function s(tag, attributes, ...children) {
  return fill(document.createElementNS('http://www.w3.org/2000/svg', tag), attributes, children);
}

/**
 * @template {Element} E
 * @param {E} element
 * @param {Record<string, string | number | EventListener> | undefined} attributes
 * @param {Child[]} children
 */
function fill(element, attributes, children) {
  for (const [name, value] of Object.entries(attributes ?? {})) {
    if (typeof value === 'function') element.addEventListener(name, value);
    else element.setAttribute(name, String(value));
  }
  for (const child of children) if (child !== null) element.append(child);
  return element;
}

/**
 * Returns the element of the page with an id.
 * @template {HTMLElement} [E=HTMLElement]
 * @param {string} id
 * @returns {E}
 */
export function byId(id) {
  const element = document.getElementById(id);
  if (!element) throw new Error('the page has no #' + id);
  return /** @type {E} */ (element);
}

/**
 * Text of strangers: its direction is its own and stays inside.
 * @param {string} text
 */
export const foreign = text => h('bdi', {}, text);

let saying = 0;

/**
 * Says a sentence to those who hear the page, not more often than they can listen.
 * @param {string} sentence
 */
export function say(sentence) {
  clearTimeout(saying);
  saying = setTimeout(() => { byId('status').textContent = sentence; }, 200);
}
