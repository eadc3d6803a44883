// @ts-check
// A chart over time: stacked bars or lines, the period before as a line, a cursor
// and a brush. An update changes the contents of the SVG element but keeps the element,
// so that focus and selection survive.
import {area, axisBottom, axisLeft, brushX, line, max, scaleLinear, scaleTime, scaleUtc, select} from './d3.js';
import {h, s} from './dom.js';
import {clock, day, parts} from './format.js';
/** @import {Window} from './types.js' */

/**
 * @typedef {{name: string, colour: number, values: number[]}} Drawn
 * @typedef {object} Options
 * @property {Window} window
 * @property {Drawn[]} series from the bottom up
 * @property {number[]} totals
 * @property {number[] | null} [before]
 * @property {boolean} stacked bars, otherwise lines
 * @property {number} height
 * @property {(n: number) => string} tick
 * @property {boolean} local
 * @property {string} label
 * @property {{from: number, to: number}[]} [gaps] times without data
 */

const EDGE = {left: 52, right: 4, top: 10, bottom: 24};
let charts = 0;

export class TimeChart {
  /**
   * @param {HTMLElement} element
   * @param {{brush?: (range: [number, number] | null) => void, cursor?: (i: number) => void}} [on]
   */
  constructor(element, on = {}) {
    this.element = element;
    this.on = on;
    /** @type {Options} */
    this.options = /** @type {any} */ (null); // until the first update
    this.width = 0;
    this.floor = 0;
    this.hatch = `hatch-${++charts}`;
    this.layers = {
      missing: s('g'), grid: s('g.axis'), bars: s('g'), lines: s('g'), dim: s('g.brush-dims'), brush: s('g.brush'),
      cursor: s('rect.cursor', {visibility: 'hidden'}), times: s('g.axis'),
    };
    this.svg = s('svg.plot', {role: 'img'},
      s('defs', {}, s('pattern', {id: this.hatch, width: 6, height: 6, patternUnits: 'userSpaceOnUse', patternTransform: 'rotate(45)'},
        s('rect.hatch', {width: 3, height: 6}))),
      ...Object.values(this.layers));
    this.tip = h('div.tip', {hidden: true});
    element.replaceChildren(this.svg, this.tip);
    /** @type {[number, number] | null} */
    this.selection = null;
    if (on.brush) this.#wireBrush();
    if (on.cursor) this.#wireCursor();
  }

  /** @param {Options} options */
  update(options) {
    this.options = options;
    const {window: w, height, series, totals, before} = options;
    const width = Math.max(260, this.element.clientWidth);
    this.width = width;
    this.floor = height - EDGE.bottom;
    const highest = max([...(options.stacked ? totals : series.flatMap(one => one.values)), ...(before ?? [])]) || 1;
    this.y = scaleLinear([0, highest * 1.06], [this.floor, EDGE.top]);
    this.time = (options.local ? scaleTime : scaleUtc)([w.start, w.start + w.buckets * w.interval], [EDGE.left, width - EDGE.right]);
    this.svg.setAttribute('width', String(width));
    this.svg.setAttribute('height', String(height));
    this.svg.setAttribute('viewBox', `0 0 ${width} ${height}`);
    this.svg.setAttribute('aria-label', options.label);
    this.#drawAxes();
    this.#drawSeries();
    this.#drawBrush();
    this.layers.cursor.setAttribute('y', String(EDGE.top));
    this.layers.cursor.setAttribute('height', String(this.floor - EDGE.top));
  }

  /** The pixel where a bucket begins. @param {number} i */
  x(i) {
    const {start, interval} = this.options.window;
    return Math.round(this.time(start + i * interval));
  }

  /** The bucket at a pixel. @param {number} px */
  at(px) {
    const {start, interval, buckets} = this.options.window;
    return Math.min(buckets - 1, Math.max(0, Math.floor((+this.time.invert(px) - start) / interval)));
  }

  get gap() { return this.x(1) - this.x(0) > 6 ? 2 : 1; }

  #drawAxes() {
    const {local, tick} = this.options;
    const rows = this.floor - EDGE.top > 100 ? 4 : 3;
    select(this.layers.grid).attr('transform', `translate(${EDGE.left},0)`)
      .call(axisLeft(this.y).ticks(rows).tickSize(-(this.width - EDGE.left - EDGE.right)).tickPadding(8).tickFormat(tick));
    select(this.layers.times).attr('transform', `translate(0,${this.floor})`)
      .call(axisBottom(this.time).ticks(Math.max(4, Math.floor(this.width / 110))).tickSize(0).tickPadding(9).tickFormat((/** @type {Date} */ t) => timeLabel(t, local)));
    select(this.layers.times).selectAll('.tick').filter((/** @type {Date} */ t) => this.time(t) < EDGE.left + 14 || this.time(t) > this.width - EDGE.right - 14).remove();
    select(this.layers.times).selectAll('text').attr('class', (/** @type {Date} */ t) => isMidnight(t, local) ? 'strong' : null);
  }

  #drawSeries() {
    const {window: w, series, totals, before, stacked, gaps = []} = this.options;
    const {bars, lines} = this.layers;
    this.layers.missing.replaceChildren(...gaps.map(({from, to}) =>
      s('rect.missing', {x: this.time(from), y: EDGE.top, width: Math.max(2, this.time(to) - this.time(from)), height: this.floor - EDGE.top})));
    if (stacked) {
      const base = new Array(w.buckets).fill(0);
      bars.replaceChildren(...series.map(one => {
        const path = s(`path.s${one.colour}`, {d: this.#bars(one.values, base)});
        one.values.forEach((v, i) => { base[i] += v; });
        return path;
      }), ...this.#unfinished(totals));
    } else bars.replaceChildren();
    const middle = (/** @type {any} */ _, /** @type {number} */ i) => (this.x(i) + this.x(i + 1) - this.gap) / 2;
    const along = line(middle, (/** @type {number} */ v) => this.y(v));
    const shown = stacked ? [] : series.flatMap(one => {
      const values = one.values.slice(0, Math.max(1, w.complete));
      const under = area(middle, this.floor, (/** @type {number} */ v) => this.y(v));
      return [series.length === 1 && s('path.area', {d: under(values)}), s(`path.line.l${one.colour}`, {d: along(values)})];
    });
    const earlier = before?.slice(0, w.complete);
    lines.replaceChildren(...shown.filter(Boolean), ...(earlier?.length ? [s('path.before-case', {d: along(earlier)}), s('path.before', {d: along(earlier)})] : []));
  }

  /** The bars of one series as one path. @param {number[]} values @param {number[]} base */
  #bars(values, base) {
    return values.map((v, i) => {
      const top = this.y(base[i] + v);
      const bottom = Math.round(this.y(base[i]));
      const height = bottom - Math.round(top) - (base[i] > 0 && bottom - top > 2 ? 1 : 0);
      const width = this.x(i + 1) - this.x(i) - this.gap;
      return height > 0 && width > 0 ? `M${this.x(i)} ${Math.round(top)}h${width}v${height}h${-width}z` : '';
    }).join('');
  }

  /** Hatches over buckets that are not over yet. @param {number[]} totals */
  #unfinished(totals) {
    const {complete, buckets} = this.options.window;
    const list = [];
    for (let i = complete; i < buckets; i++) {
      const y = Math.round(this.y(totals[i]));
      if (y < this.floor) list.push(s('rect.unfinished', {x: this.x(i), y, width: Math.max(0, this.x(i + 1) - this.x(i) - this.gap), height: this.floor - y, fill: `url(#${this.hatch})`}));
    }
    return list;
  }

  #wireBrush() {
    this.brush = brushX().on('start brush end', (/** @type {any} */ event) => {
      if (!event.sourceEvent) return;
      this.brushing = event.type !== 'end';
      const range = event.selection && this.#buckets(event.selection);
      if (event.type === 'end') this.select(range);
      else if (range) { this.selection = range; this.#dim(range); }
      this.on.brush?.(this.selection);
    });
  }

  /** The buckets that a selection in pixels touches. @param {[number, number]} pixels @returns {[number, number] | null} */
  #buckets([from, to]) {
    return to - from < 4 ? null : [this.at(from), this.at(to - 1)];
  }

  #drawBrush() {
    if (!this.brush || this.brushing) return;
    this.brush.extent([[EDGE.left, EDGE.top - 4], [this.width - EDGE.right, this.floor]]);
    const layer = select(this.layers.brush).call(this.brush);
    layer.style('touch-action', 'pan-y').selectAll('*').style('touch-action', 'pan-y');
    layer.selectAll('rect').attr('tabindex', null);
    this.select(this.selection);
  }

  /** Selects buckets without calling the listener. @param {[number, number] | null} range */
  select(range) {
    this.selection = range;
    this.#dim(range);
    if (this.brush && this.options) {
      select(this.layers.brush).call(this.brush.move, range && [this.x(range[0]), this.x(range[1] + 1) - this.gap]);
    }
  }

  /** Dims what is not selected. @param {[number, number] | null} range */
  #dim(range) {
    if (!range) return this.layers.dim.replaceChildren();
    const x1 = this.x(range[0]);
    const x2 = this.x(range[1] + 1) - this.gap;
    const height = this.floor - EDGE.top + 4;
    const dim = (/** @type {number} */ x, /** @type {number} */ width) => s('rect.brush-dim', {x, y: EDGE.top - 4, width: Math.max(0, width), height});
    this.layers.dim.replaceChildren(dim(EDGE.left, x1 - EDGE.left), dim(x2, this.width - EDGE.right - x2));
  }

  #wireCursor() {
    this.svg.addEventListener('pointermove', (/** @type {PointerEvent} */ event) => {
      const px = event.clientX - this.svg.getBoundingClientRect().left;
      this.on.cursor?.(px < EDGE.left ? -1 : this.at(px));
    });
    this.svg.addEventListener('pointerleave', () => this.on.cursor?.(-1));
  }

  /**
   * Shows the cursor and the tooltip at a bucket; -1 hides them.
   * @param {number} i @param {any[]} [content]
   */
  point(i, content = []) {
    const {cursor} = this.layers;
    cursor.setAttribute('visibility', i < 0 ? 'hidden' : 'visible');
    this.tip.hidden = i < 0;
    if (i < 0) return;
    cursor.setAttribute('x', String(this.x(i)));
    cursor.setAttribute('width', String(Math.max(1, this.x(i + 1) - this.x(i) - this.gap)));
    this.tip.replaceChildren(...content);
    const right = this.x(i) > this.width * 0.6;
    this.tip.classList.toggle('tip-left', right);
    this.tip.style.setProperty('--x', (right ? this.x(i) - 8 : this.x(i + 1) + 8) + 'px');
  }
}

/** @param {Date} t @param {boolean} local */
const isMidnight = (t, local) => parts(+t, local).hour === 0 && parts(+t, local).minute === 0;

/** @param {Date} t @param {boolean} local */
const timeLabel = (t, local) => isMidnight(t, local) ? day(+t, local) : clock(+t, local);

/**
 * A small line without axes.
 * @param {number[]} data
 */
export function sparkline(data, width = 72, height = 24) {
  const low = Math.min(...data);
  const high = Math.max(...data);
  const x = (/** @type {any} */ _, /** @type {number} */ i) => data.length < 2 ? width - 3 : i / (data.length - 1) * (width - 4) + 1;
  const y = (/** @type {number} */ v) => height - 3 - (v - low) / (high - low || 1) * (height - 6);
  const last = data.length - 1;
  return s('svg.spark', {viewBox: `0 0 ${width} ${height}`, width, height, 'aria-hidden': 'true'},
    data.length > 1 && s('path', {d: line(x, y).digits(1)(data)}),
    data.length > 0 && s('circle', {cx: x(0, last), cy: y(data[last]), r: 2}));
}

/**
 * Edits of a page over the range: a tick each, likely reverts taller and open.
 * @param {number} ticks @param {number[]} edits @param {number[]} reverts
 */
export function barcode(ticks, edits, reverts) {
  const x = (/** @type {number} */ i) => Math.round((i + 0.5) / ticks * 98 * 10) / 10 + 2;
  return s('svg.barcode', {viewBox: '0 0 104 18', width: 104, height: 18, role: 'img', 'aria-label': `edited at ${edits.length} points of the time, likely reverts at ${reverts.length}`},
    s('line.base', {x1: 0, x2: 104, y1: 17.5, y2: 17.5}),
    edits.map(i => s('rect.edit-tick', {x: x(i), y: 7, width: 1.5, height: 10})),
    reverts.map(i => s('path.revert-tick', {d: `M${x(i) + 0.75} 17V6M${x(i) - 2} 3.5l2.75 -2.75l2.75 2.75l-2.75 2.75z`})));
}
