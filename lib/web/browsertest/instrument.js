// Runs before the page's own scripts. Timers of a second and more wait until a
// test fires them, so that no test waits for the clock.
const test = {
  blocked: [],
  timers: new Map(),
  /** How long the one timer that waits would take, in milliseconds. */
  get delay() { return [...this.timers.values()][0].delay; },
  /** Fires the timers that wait and returns their number. */
  fire() {
    const due = [...this.timers.values()];
    this.timers.clear();
    for (const { f } of due) f();
    return due.length;
  },
  /** Whether a target can be hit over 24 by 22 pixels. */
  large(selector) {
    const target = document.querySelector(selector);
    target.scrollIntoView({block: 'center'});
    const r = target.getBoundingClientRect();
    const x = Math.min(Math.max(r.x + r.width / 2, 13), innerWidth - 13);
    const near = [-11.5, 11.5].flatMap(dx => [-10.5, 10.5].map(dy => document.elementFromPoint(x + dx, r.y + r.height / 2 + dy)));
    return near.every(e => e && (target.contains(e) || e.contains(target)));
  },
  /** Takes the page out of sight, or back. */
  hide(hidden) {
    Object.defineProperty(document, 'hidden', { value: hidden, configurable: true });
    document.dispatchEvent(new Event('visibilitychange'));
  },
};
{
  const { setTimeout, clearTimeout } = window;
  let last = 1e9;
  window.setTimeout = (f, delay, ...rest) => {
    if (!(delay >= 1000)) return setTimeout(f, delay, ...rest);
    test.timers.set(++last, { f, delay });
    return last;
  };
  window.clearTimeout = id => { if (!test.timers.delete(id)) clearTimeout(id); };
}
document.addEventListener('securitypolicyviolation', event => test.blocked.push(event.violatedDirective + ' ' + event.blockedURI));
