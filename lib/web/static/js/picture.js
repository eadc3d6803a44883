// @ts-check
// A panel as a self-contained picture: its text, bars and charts as one SVG with the
// colours on the screen, or the same as a PNG.
import {s} from './dom.js';

const NS = 'http://www.w3.org/2000/svg';
const DRAWN = ['fill', 'fill-opacity', 'stroke', 'stroke-width', 'stroke-opacity', 'stroke-linejoin', 'font-family', 'font-size', 'font-weight', 'visibility', 'opacity'];
const LEFT_OUT = '.tools, .readout, .tip, .unseen, .segments, .by, button.pill, .facet-actions, .facet-tools, [hidden]';

/**
 * Draws a panel as SVG.
 * @param {HTMLElement} panel
 */
export function picture(panel) {
  const box = panel.getBoundingClientRect();
  const root = s('svg', {xmlns: NS, width: Math.ceil(box.width), height: Math.ceil(box.height), viewBox: `0 0 ${Math.ceil(box.width)} ${Math.ceil(box.height)}`});
  root.append(s('rect', {width: '100%', height: '100%', fill: getComputedStyle(panel).backgroundColor}));
  draw(panel, root, box);
  return root;
}

/** @param {Element} element @param {SVGElement} root @param {DOMRect} origin */
function draw(element, root, origin) {
  for (const child of element.childNodes) {
    if (child instanceof Text) text(child, root, origin);
    else if (child instanceof SVGSVGElement) root.append(inlined(child, origin));
    else if (child instanceof HTMLElement && !child.matches(LEFT_OUT) && child.offsetParent !== null) {
      ground(child, root, origin);
      draw(child, root, origin);
    }
  }
}

/** @param {HTMLElement} element @param {SVGElement} root @param {DOMRect} origin */
function ground(element, root, origin) {
  const {backgroundColor: fill} = getComputedStyle(element);
  if (/^rgba\(.*, 0\)$|^transparent$/.test(fill) || element.matches('thead th, .panel-head')) return;
  const box = element.getBoundingClientRect();
  root.append(s('rect', {x: box.x - origin.x, y: box.y - origin.y, width: box.width, height: box.height, fill}));
}

/** @param {Text} node @param {SVGElement} root @param {DOMRect} origin */
function text(node, root, origin) {
  const content = node.data.replace(/\s+/g, ' ');
  if (!content.trim() || !node.parentElement) return;
  const range = document.createRange();
  range.selectNodeContents(node);
  const box = range.getBoundingClientRect();
  if (!box.width) return;
  const style = getComputedStyle(node.parentElement);
  const size = parseFloat(style.fontSize);
  root.append(s('text', {x: box.x - origin.x, y: box.y - origin.y + box.height / 2 + size * 0.35, fill: style.color, 'xml:space': 'preserve',
    'font-family': style.fontFamily, 'font-size': style.fontSize, 'font-weight': style.fontWeight, 'text-decoration': style.textDecorationLine}, content));
}

/** A chart with its styles in it, at its place. @param {SVGSVGElement} chart @param {DOMRect} origin */
function inlined(chart, origin) {
  const box = chart.getBoundingClientRect();
  const copy = /** @type {SVGSVGElement} */ (chart.cloneNode(true));
  const from = [chart, ...chart.querySelectorAll('*')];
  const to = [copy, ...copy.querySelectorAll('*')];
  from.forEach((element, i) => {
    const style = getComputedStyle(element);
    for (const name of DRAWN) to[i].setAttribute(name, style.getPropertyValue(name));
    for (const name of ['class', 'tabindex', 'style']) to[i].removeAttribute(name);
    if (element instanceof SVGUseElement) to[i].replaceWith(symbol(element));
  });
  for (const [name, value] of Object.entries({x: box.x - origin.x, y: box.y - origin.y, width: box.width, height: box.height})) copy.setAttribute(name, String(value));
  return copy;
}

/** Inlines the symbol of an icon, because a picture cannot refer to it. @param {SVGUseElement} use */
function symbol(use) {
  const found = document.querySelector(use.getAttribute('href') ?? '');
  const inner = s('svg', {viewBox: found?.getAttribute('viewBox') ?? '0 0 20 20', fill: getComputedStyle(use).fill});
  for (const child of found?.children ?? []) inner.append(child.cloneNode(true));
  return inner;
}

/** Downloads a panel as SVG. @param {HTMLElement} panel @param {string} name */
export function saveSVG(panel, name) {
  save(svgBlob(picture(panel)), name + '.svg');
}

/** Downloads a panel as PNG, at twice the size. @param {HTMLElement} panel @param {string} name */
export async function savePNG(panel, name) {
  const drawing = picture(panel);
  const url = URL.createObjectURL(svgBlob(drawing));
  try {
    const image = new Image();
    image.src = url;
    await image.decode();
    const canvas = document.createElement('canvas');
    canvas.width = image.width * 2;
    canvas.height = image.height * 2;
    const context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext('2d'));
    context.scale(2, 2);
    context.drawImage(image, 0, 0);
    const blob = await new Promise(resolve => canvas.toBlob(resolve, 'image/png'));
    if (blob) save(/** @type {Blob} */ (blob), name + '.png');
  } finally {
    URL.revokeObjectURL(url);
  }
}

/** @param {SVGElement} drawing */
const svgBlob = drawing => new Blob([new XMLSerializer().serializeToString(drawing)], {type: 'image/svg+xml'});

/** @param {Blob} blob @param {string} name */
function save(blob, name) {
  const url = URL.createObjectURL(blob);
  const a = document.createElement('a');
  a.href = url;
  a.download = name;
  a.click();
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}
