// @ts-check
// Formats numbers, times and bytes. lib/web/format.go is the counterpart for the page
// without script.
/** @import {Kind, Window} from './types.js' */

export const MINUS = '\u2212';
const groups = new Intl.NumberFormat('en');

/** @param {number} n */
export const whole = n => (n <= -0.5 ? MINUS : '') + groups.format(Math.abs(Math.round(n)));

/** @param {number} n */
export const signed = n => (n > 0 ? '+' : '') + whole(n);

/** @param {number} part @param {number} [digits] */
export function percent(part, digits = 1) {
  if (part === 0) return '0%';
  if (part === 1) return '100%';
  if (part > 0 && part < 0.001) return '<0.1%';
  return (part < 0 ? MINUS : '') + Math.abs(part * 100).toFixed(digits) + '%';
}

/** 1234567 -> 1.23 MB: SI units, three digits. @param {number} n */
export function bytes(n) {
  const units = ['B', 'kB', 'MB', 'GB', 'TB'];
  let u = 0;
  let v = Math.abs(n);
  while (v >= 999.5 && u < units.length - 1) { v /= 1000; u++; }
  return (n < 0 ? MINUS : '') + (u === 0 || v >= 99.95 ? Math.round(v) : v.toPrecision(3)) + '\u00a0' + units[u];
}

/** Ticks of an axis: 12k, 1.5M. @param {number} n */
export function short(n) {
  const a = Math.abs(n);
  const sign = n < 0 ? MINUS : '';
  if (a >= 1e9) return sign + +(a / 1e9).toFixed(1) + 'G';
  if (a >= 1e6) return sign + +(a / 1e6).toFixed(1) + 'M';
  if (a >= 1e3) return sign + +(a / 1e3).toFixed(1) + 'k';
  return sign + +a.toFixed(2);
}

/** Writes figures of a kind in full. @type {Record<Kind, (n: number) => string>} */
export const full = {
  count: whole,
  rate: n => n < 100 ? n.toFixed(1) : whole(n),
  bytes,
  share: n => percent(n),
};

/** Writes them on an axis. @type {Record<Kind, (n: number) => string>} */
export const axis = {
  count: short,
  rate: short,
  bytes: n => n ? bytes(n).replace(/\.0+(?=\D)|(?<=\.\d)0(?=\D)/, '') : '0',
  share: n => +(n * 100).toFixed(1) + '%',
};

/** @param {number} n */
export const pad = n => String(n).padStart(2, '0');

const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/**
 * The parts of a time in UTC or in the reader's zone.
 * @param {number} ms @param {boolean} local
 */
export function parts(ms, local) {
  const d = new Date(ms);
  return local
    ? {year: d.getFullYear(), month: d.getMonth(), day: d.getDate(), weekday: d.getDay(), hour: d.getHours(), minute: d.getMinutes(), second: d.getSeconds()}
    : {year: d.getUTCFullYear(), month: d.getUTCMonth(), day: d.getUTCDate(), weekday: d.getUTCDay(), hour: d.getUTCHours(), minute: d.getUTCMinutes(), second: d.getUTCSeconds()};
}

/** 14:27 @param {number} ms @param {boolean} local */
export function clock(ms, local) {
  const p = parts(ms, local);
  return `${pad(p.hour)}:${pad(p.minute)}`;
}

/** 14:27:17 @param {number} ms @param {boolean} local */
export const clockSeconds = (ms, local) => `${clock(ms, local)}:${pad(parts(ms, local).second)}`;

/** 24 Nov @param {number} ms @param {boolean} local */
export function day(ms, local) {
  const p = parts(ms, local);
  return `${p.day} ${months[p.month]}`;
}

/** 2026-11-24 08:25, as in fields. @param {number} ms @param {boolean} local */
export function stamp(ms, local) {
  const p = parts(ms, local);
  return `${p.year}-${pad(p.month + 1)}-${pad(p.day)} ${pad(p.hour)}:${pad(p.minute)}`;
}

/** 24 Nov, 08:25 – 14:27 UTC @param {number} from @param {number} to @param {boolean} local */
export function span(from, to, local) {
  const zone = local ? '' : ' UTC';
  return day(from, local) === day(to, local)
    ? `${day(from, local)}, ${clock(from, local)} – ${clock(to, local)}${zone}`
    : `${day(from, local)} ${clock(from, local)} – ${day(to, local)} ${clock(to, local)}${zone}`;
}

/** A bucket by name: 14:25–14:30, with the day for long ones. @param {Window} w @param {number} i @param {boolean} local */
export function bucket(w, i, local) {
  const from = w.start + i * w.interval;
  const long = w.interval >= 864e5;
  if (long) return day(from, local);
  const clocks = w.interval < 6e4 ? clockSeconds : clock;
  const name = `${clocks(from, local)}–${clocks(from + w.interval, local)}`;
  return w.to - w.from > 864e5 ? `${day(from, local)}, ${name}` : name;
}

/** 0.8 s, 5 min 38 s, 2 h 10 min @param {number} ms */
export function age(ms) {
  const s = Math.max(0, ms) / 1000;
  if (s < 10) return s.toFixed(1) + ' s';
  if (s < 60) return Math.floor(s) + ' s';
  if (s < 3600) return `${Math.floor(s / 60)} min${s % 60 >= 1 ? ` ${Math.floor(s % 60)} s` : ''}`;
  if (s < 172800) return `${Math.floor(s / 3600)} h${s % 3600 >= 60 ? ` ${Math.floor(s % 3600 / 60)} min` : ''}`;
  return `${Math.floor(s / 86400)} days`;
}

/** 5 minutes, 1 hour @param {number} ms */
export function interval(ms) {
  for (const [name, size] of /** @type {[string, number][]} */ ([['day', 864e5], ['hour', 36e5], ['minute', 6e4], ['second', 1e3]])) {
    if (ms % size === 0) return ms === size ? name : `${ms / size} ${name}s`;
  }
  return `${ms} ms`;
}

const UNITS = {w: 6048e5, d: 864e5, h: 36e5, m: 6e4, s: 1e3};

/** The length of a range such as 6h or 1d12h. @param {string} text */
export const length = text => [...text.matchAll(/([\d.]+)([wdhms])/g)].reduce((sum, [, n, unit]) => sum + Number(n) * UNITS[/** @type {keyof typeof UNITS} */ (unit)], 0);
