// @ts-check
// Numbers and times as people read them. Times are UTC, as in the logs of all wikis.

const whole = new Intl.NumberFormat('en');
const short = new Intl.NumberFormat('en', { notation: 'compact', maximumFractionDigits: 1 });

/** @param {number} n */
export const grouped = n => whole.format(n);

/** @param {number} n */
export const compact = n => short.format(n);

/**
 * A number with its sign, which never rests on colour alone.
 * @param {number} n
 */
export const signed = n => (n > 0 ? '+' : n < 0 ? '−' : '') + whole.format(Math.abs(n));

/**
 * A rate with about three digits.
 * @param {number} n
 */
export const rate = n => new Intl.NumberFormat('en', { maximumFractionDigits: n < 10 ? 2 : n < 100 ? 1 : 0 }).format(n);

/** @param {Intl.DateTimeFormatOptions} options */
const utc = options => {
  const format = new Intl.DateTimeFormat('en-GB', { ...options, timeZone: 'UTC' });
  return (/** @type {number} */ ms) => Number.isFinite(ms) ? format.format(ms) : '?';
};

export const seconds = utc({ hour: '2-digit', minute: '2-digit', second: '2-digit' });
export const minutes = utc({ hour: '2-digit', minute: '2-digit' });
const dayOfYear = utc({ day: 'numeric', month: 'short' });
const dayAndYear = utc({ day: 'numeric', month: 'short', year: 'numeric' });
const year = utc({ year: 'numeric' });
export const full = utc({ day: 'numeric', month: 'short', year: 'numeric', hour: '2-digit', minute: '2-digit', second: '2-digit' });

const DAY = 86400e3;

/**
 * A day, with the year unless it is this one.
 * @param {number} ms
 */
export const day = ms => year(ms) === year(Date.now()) ? dayOfYear(ms) : dayAndYear(ms);

/**
 * A time of day, with the day where the times around it are not all of one.
 * @param {number} ms
 * @param {boolean} oneDay
 */
const moment = (ms, oneDay) => oneDay ? minutes(ms) : day(ms) + ', ' + minutes(ms);

/**
 * @param {number} from
 * @param {number} to
 */
const sameDay = (from, to) => Math.floor(from / DAY) === Math.floor(to / DAY);

/**
 * A time between two others.
 * @param {number} ms
 * @param {number} from
 * @param {number} to
 */
export const within = (ms, from, to) => moment(ms, sameDay(from, to));

/**
 * Two times, with what it takes to know the days.
 * @param {number} from
 * @param {number} to
 */
export const period = (from, to) => `${moment(from, sameDay(from, Date.now()) && sameDay(from, to))} – ${within(to, from, to)}`;

/**
 * A time today to the second, any other with its day.
 * @param {number} ms
 */
export const recent = ms => sameDay(ms, Date.now()) ? seconds(ms) : moment(ms, false);

/** @type {[number, string][]} */
const UNITS = [[DAY, 'day'], [3600e3, 'hour'], [60e3, 'minute'], [1e3, 'second']];

/**
 * A length of time in its largest whole unit: "5 minutes".
 * @param {number} ms
 */
export function duration(ms) {
  const [size, name] = UNITS.find(([size]) => ms >= size) ?? UNITS[UNITS.length - 1];
  const n = Math.floor(ms / size);
  return n + ' ' + name + (n === 1 ? '' : 's');
}

/**
 * An interval of a chart: "minute", "10 seconds".
 * @param {number} ms
 */
export const each = ms => duration(ms).replace(/^1 /, '');
