// Runs before the page's own scripts. Timers of a second and more wait until a
// test fires them, so that no test waits for the clock.
const test = {
  blocked: [],
  timers: new Map(),
  /** How long the one timer that waits would take, in milliseconds. */
  get delay() { return [...this.timers.values()][0].delay; },
  /** Fires the timers that wait, and tells how many they were. */
  fire() {
    const due = [...this.timers.values()];
    this.timers.clear();
    for (const { f } of due) f();
    return due.length;
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
