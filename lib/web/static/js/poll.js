// @ts-check
// Asking the server for the view, again and again.

/**
 * The view, as /api/view answers. Times are in milliseconds since 1970.
 * @typedef {object} View
 * @property {string} stream
 * @property {number} from
 * @property {number} to
 * @property {number} generated
 * @property {number} took
 * @property {boolean} partial
 * @property {number} count
 * @property {number} net_bytes
 * @property {number | null} per_second
 * @property {number} [first]
 * @property {number} [last]
 * @property {number} interval
 * @property {string[]} series
 * @property {{t: number, n: number[], incomplete?: boolean}[]} buckets
 * @property {{wiki: string, count: number}[]} wikis
 * @property {number} wikis_other
 * @property {import('./rows.js').Row[]} rows
 */

/**
 * Why there is no view.
 * @typedef {object} Failure
 * @property {string} error what happened
 * @property {string} hint  what to do about it
 * @property {number} again when the next try is; 0 for never, as asking again would not help
 */

const SHORTEST = 2000;
const LONGEST = 30000;
const PATIENCE = 20000;

export class Poller {
  /** @type {AbortController | null} */ #asking = null;
  #timer = 0;
  #failures = 0;
  #live = false;

  /**
   * @param {() => string} address of the view
   * @param {(view: View) => void} show
   * @param {(failure: Failure) => void} fail
   */
  constructor(address, show, fail) {
    this.address = address;
    this.show = show;
    this.fail = fail;
    document.addEventListener('visibilitychange', () => this.#seen());
  }

  /** @param {boolean} on whether to go on asking after an answer */
  set live(on) {
    this.#live = on;
    if (!on && this.#failures === 0) clearTimeout(this.#timer);
  }

  /** Asks now, whatever is under way. */
  async refresh() {
    clearTimeout(this.#timer);
    this.#asking?.abort();
    const asking = this.#asking = new AbortController();
    const answer = await this.#ask(asking.signal);
    if (asking.signal.aborted) return; // somebody asked for something else meanwhile
    this.#asking = null;
    if ('error' in answer) this.#failed(answer);
    else this.#answered(answer);
  }

  /**
   * @param {AbortSignal} signal
   * @returns {Promise<View | Failure>}
   */
  async #ask(signal) {
    try {
      const response = await fetch(this.address(), { signal: AbortSignal.any([signal, AbortSignal.timeout(PATIENCE)]) });
      const body = await response.json();
      if (response.ok) return body;
      const wait = Number(response.headers.get('Retry-After')) * 1000;
      return { error: body.error, hint: body.hint, again: response.status === 400 ? 0 : Date.now() + Math.max(wait, this.#backoff()) };
    } catch {
      return { error: 'wm-serve cannot be reached', hint: 'see whether it still runs', again: Date.now() + this.#backoff() };
    }
  }

  #backoff() {
    return Math.min(LONGEST, SHORTEST * 2 ** this.#failures);
  }

  /** @param {View} view */
  #answered(view) {
    this.#failures = 0;
    this.show(view);
    // A slow Elasticsearch is not asked more often than it can answer.
    if (this.#live) this.#schedule(Math.max(SHORTEST, 3 * view.took));
  }

  /** @param {Failure} failure */
  #failed(failure) {
    this.#failures++;
    this.fail(failure);
    if (failure.again) this.#schedule(failure.again - Date.now());
  }

  /** @param {number} delay in milliseconds */
  #schedule(delay) {
    if (!document.hidden) this.#timer = setTimeout(() => this.refresh(), delay);
  }

  /** Nobody looks at a hidden page, so it asks for nothing; one that comes back is brought up to date. */
  #seen() {
    clearTimeout(this.#timer);
    if (!document.hidden && (this.#live || this.#failures > 0)) this.refresh();
  }
}
