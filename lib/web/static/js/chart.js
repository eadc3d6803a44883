// @ts-check
// Bars over time, stacked, as SVG: style sheets colour it, and it is read with
// the pointer, with the arrow keys, or as a table.

import { h, s, say } from './dom.js';
import { compact, day, grouped, minutes, period, seconds, within } from './format.js';

/** @typedef {import('./poll.js').View} View */

const HEIGHT = 272;
const EDGE = { left: 46, right: 2, top: 8, bottom: 22 };
const FLOOR = HEIGHT - EDGE.bottom;

/**
 * Whole numbers from 0 to at least max, in steps of 1, 2 or 5 times a power of ten.
 * @param {number} max
 * @param {number} count about how many steps
 */
export function ticks(max, count) {
  const raw = Math.max(1, max / count);
  const power = 10 ** Math.floor(Math.log10(raw));
  const step = power * ([1, 2, 5].find(m => m * power >= raw) ?? 10);
  return Array.from({ length: Math.max(1, Math.ceil(max / step)) + 1 }, (_, i) => i * step);
}

const MINUTE = 60e3, HOUR = 60 * MINUTE, DAY = 24 * HOUR;
const STEPS = [1e3, 5e3, 10e3, 15e3, 30e3, MINUTE, 2 * MINUTE, 5 * MINUTE, 10 * MINUTE, 15 * MINUTE, 30 * MINUTE,
  HOUR, 2 * HOUR, 3 * HOUR, 6 * HOUR, 12 * HOUR, DAY, 2 * DAY, 5 * DAY, 10 * DAY, 30 * DAY, 90 * DAY, 360 * DAY];

/**
 * The distance between labels of times.
 * @param {number} span
 * @param {number} count at most so many
 */
export const timeStep = (span, count) => STEPS.find(step => span / step <= count) ?? span;

/**
 * A label: the time of day, or the day where one begins.
 * @param {number} ms
 * @param {number} step between labels
 */
const timeLabel = (ms, step) => ms % DAY === 0 ? day(ms) : step < MINUTE ? seconds(ms) : minutes(ms);

/**
 * A chart in an element.
 * @param {HTMLElement} host
 * @returns {(view: View) => void} draws
 */
export function barChart(host) {
  const chart = new BarChart(host);
  return view => chart.set(view);
}

class BarChart {
  /** @type {View | null} */ #view = null;
  #width = 600;
  #at = -1; // the bucket being read; -1: none

  /** @param {HTMLElement} host */
  constructor(host) {
    this.cursor = s('rect', { class: 'cursor', y: EDGE.top, height: FLOOR - EDGE.top, visibility: 'hidden' });
    this.axes = s('g', { 'aria-hidden': 'true' });
    this.bars = s('g', { 'aria-hidden': 'true' });
    this.svg = s('svg', {
      role: 'application', tabindex: 0, 'aria-roledescription': 'bar chart', 'aria-describedby': 'chart-help',
      keydown: event => this.#key(/** @type {KeyboardEvent} */ (event)),
      pointermove: event => this.#point(/** @type {PointerEvent} */ (event).clientX),
      pointerdown: event => this.#point(/** @type {PointerEvent} */ (event).clientX),
      pointerleave: () => this.#read(-1),
      blur: () => this.#read(-1),
    }, hatch(), this.cursor, this.axes, this.bars);
    this.legend = h('ul', { class: 'legend' });
    const help = h('p', { id: 'chart-help', class: 'unseen' }, 'The arrow keys, Home and End read the bars one by one. The same numbers are in the table below.');
    host.append(this.svg, this.legend, help);
    new ResizeObserver(() => this.#draw()).observe(host);
  }

  /** @param {View} view */
  set(view) {
    const kept = this.#at >= 0 ? this.#view?.buckets[this.#at]?.t : undefined;
    this.#view = view;
    this.#at = kept === undefined ? -1 : view.buckets.findIndex(bucket => bucket.t === kept);
    this.#draw();
  }

  #draw() {
    const view = this.#view;
    if (!view) return;
    this.#width = Math.max(240, this.svg.clientWidth);
    this.svg.setAttribute('viewBox', `0 0 ${this.#width} ${HEIGHT}`);
    const sums = view.buckets.map(bucket => total(bucket.n));
    const highest = Math.max(0, ...sums);
    const levels = ticks(highest, 5);
    const scale = (FLOOR - EDGE.top) / levels[levels.length - 1];
    this.axes.replaceChildren(...this.#levels(levels, scale), ...this.#times(view), ...nothing(view, this.#width));
    this.bars.replaceChildren(...this.#stacks(view, scale), this.#veil(view, sums, scale));
    this.svg.setAttribute('aria-label', describe(view, highest));
    this.#read(this.#at);
  }

  /** The width of a bucket. */
  get #step() {
    return (this.#width - EDGE.left - EDGE.right) / (this.#view?.buckets.length || 1);
  }

  /**
   * @param {number[]} levels
   * @param {number} scale
   */
  #levels(levels, scale) {
    return levels.flatMap(level => {
      const y = FLOOR - level * scale;
      return [
        s('line', { class: level ? 'grid' : 'base', x1: EDGE.left, x2: this.#width, y1: y, y2: y }),
        s('text', { x: EDGE.left - 6, y: y + 4, 'text-anchor': 'end' }, compact(level)),
      ];
    });
  }

  /** @param {View} view */
  #times(view) {
    const begin = view.buckets[0].t, span = view.buckets.length * view.interval;
    const step = timeStep(span, this.#width / 80);
    const labels = [];
    for (let t = Math.ceil(begin / step) * step; t < begin + span; t += step) {
      const x = EDGE.left + (t - begin) / view.interval * this.#step;
      if (x < this.#width - 20) labels.push(s('text', { x, y: HEIGHT - 5, 'text-anchor': 'middle' }, timeLabel(t, step)));
    }
    return labels;
  }

  /**
   * One path for each series.
   * @param {View} view
   * @param {number} scale
   */
  #stacks(view, scale) {
    const tops = view.buckets.map(() => FLOOR);
    return view.series.map((name, series) => {
      const boxes = view.buckets.map((bucket, i) => {
        const height = bucket.n[series] * scale;
        tops[i] -= height;
        return this.#box(i, tops[i], height);
      });
      return s('path', { class: name, d: boxes.join('') });
    });
  }

  /**
   * Hatches the bars whose time is not over yet, or is cut off.
   * @param {View} view
   * @param {number[]} sums
   * @param {number} scale
   */
  #veil(view, sums, scale) {
    const boxes = view.buckets.map((bucket, i) => bucket.incomplete ? this.#box(i, FLOOR - sums[i] * scale, sums[i] * scale) : '');
    return s('path', { class: 'veil', d: boxes.join('') });
  }

  /**
   * @param {number} i bucket
   * @param {number} top
   * @param {number} height
   */
  #box(i, top, height) {
    if (height === 0) return '';
    const width = this.#step - Math.min(1, this.#step / 6);
    return `M${(EDGE.left + i * this.#step).toFixed(1)} ${top.toFixed(1)}h${width.toFixed(1)}v${height.toFixed(1)}h${(-width).toFixed(1)}z`;
  }

  /** @param {number} x of the pointer */
  #point(x) {
    if (this.#view) this.#read(this.#clamp(Math.floor((x - this.svg.getBoundingClientRect().left - EDGE.left) / this.#step)));
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    const last = (this.#view?.buckets.length ?? 0) - 1;
    const target = /** @type {Record<string, number>} */ ({
      ArrowLeft: this.#at < 0 ? last : this.#at - 1, ArrowRight: this.#at + 1,
      PageUp: this.#at - 10, PageDown: this.#at + 10, Home: 0, End: last, Escape: -1,
    })[event.key];
    if (target === undefined || last < 0) return;
    event.preventDefault();
    this.#read(event.key === 'Escape' ? -1 : this.#clamp(target));
    if (this.#at >= 0) say(this.#sentence());
  }

  /** @param {number} i */
  #clamp(i) {
    return Math.max(0, Math.min((this.#view?.buckets.length ?? 1) - 1, i));
  }

  /** @param {number} i the bucket to read; -1 for the sums over all */
  #read(i) {
    const view = this.#view;
    if (!view) return;
    this.#at = i;
    this.cursor.setAttribute('visibility', i < 0 ? 'hidden' : 'visible');
    this.cursor.setAttribute('x', String(EDGE.left + Math.max(0, i) * this.#step - 0.5));
    this.cursor.setAttribute('width', String(this.#step));
    const counts = i < 0 ? view.series.map((_, j) => total(view.buckets.map(bucket => bucket.n[j]))) : view.buckets[i].n;
    this.legend.replaceChildren(
      ...view.series.map((name, j) => h('li', {}, h('i', { class: name }), name + ' ', h('b', {}, grouped(counts[j])))),
      h('li', { class: 'when' }, i < 0 ? '' : when(view, i)));
  }

  #sentence() {
    const view = /** @type {View} */ (this.#view);
    return when(view, this.#at) + ': ' + view.series.map((name, j) => `${name} ${grouped(view.buckets[this.#at].n[j])}`).join(', ');
  }
}

const hatch = () => s('defs', {}, s('pattern', { id: 'hatch', width: 6, height: 6, patternUnits: 'userSpaceOnUse', patternTransform: 'rotate(45)' },
  s('line', { class: 'stripe', y2: 6 })));

/** @param {number[]} numbers */
const total = numbers => numbers.reduce((sum, n) => sum + n, 0);

/**
 * The time of a bucket.
 * @param {View} view
 * @param {number} i
 */
function when(view, i) {
  const { t, incomplete } = view.buckets[i];
  const label = view.interval < MINUTE ? seconds(t) : view.interval >= DAY ? day(t) : within(t, view.from, view.to);
  return label + (incomplete ? ' (incomplete)' : '');
}

/**
 * @param {View} view
 * @param {number} width
 */
const nothing = (view, width) => view.count > 0 ? [] :
  [s('text', { class: 'middle', x: (width + EDGE.left) / 2, y: HEIGHT / 2, 'text-anchor': 'middle' }, 'No events in this range yet')];

/**
 * @param {View} view
 * @param {number} highest
 */
function describe(view, highest) {
  if (view.count === 0) return 'Changes over time: no events in this range yet';
  return `Changes of ${period(view.from, view.to)} in ${view.buckets.length} bars, the highest ${grouped(highest)}, by ${view.series.join(', ')}`;
}

/**
 * The chart as a table, made when somebody opens it.
 * @param {HTMLDetailsElement} details
 * @returns {(view: View) => void}
 */
export function chartTable(details) {
  const place = /** @type {HTMLElement} */ (details.querySelector('div'));
  /** @type {View | null} */ let newest = null;
  const update = () => {
    if (details.open && newest) place.replaceChildren(table(newest));
  };
  details.addEventListener('toggle', update);
  return view => {
    newest = view;
    update();
  };
}

/** @param {View} view */
const table = view => h('table', {},
  h('thead', {}, h('tr', {}, h('th', { scope: 'col' }, 'From (UTC)'), ...view.series.map(name => h('th', { scope: 'col' }, name)))),
  h('tbody', {}, ...view.buckets.map((bucket, i) => h('tr', {},
    h('th', { scope: 'row' }, when(view, i)), ...bucket.n.map(n => h('td', {}, grouped(n)))))));
