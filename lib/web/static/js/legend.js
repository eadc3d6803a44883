// @ts-check
// The legend of a chart: swatch, name, total, share.
import {h} from './dom.js';

/**
 * @typedef {{name: string, colour: number | null, value: string, note?: string, on?: boolean, toggle?: (event: MouseEvent) => void}} Item
 * @param {Item} item
 */
export function legendItem({name, colour, value, note, on = true, toggle}) {
  const content = [h(`i.swatch${colour == null ? '.swatch-line' : `.b${colour}`}`), h('span.legend-name', {}, h('bdi', {}, name)), h('b', {}, value), note && h('span.legend-note', {}, note)];
  return h('li', {}, toggle
    ? h('button.legend-item', {type: 'button', 'aria-pressed': String(on), onclick: toggle}, ...content)
    : h('span.legend-item', {}, ...content));
}
