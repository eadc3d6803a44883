// @ts-check
// New changes by server-sent events, while the page is visible and live. Over HTTP/1.1 a
// browser opens at most six connections to a host for all tabs together, so at most three
// tabs hold a stream. The others get their rows from the refresh of the figures, at most
// two seconds later.
import {url} from './api.js';
import {data, isLive} from './state.js';
/** @import {App, Row} from './types.js' */

const STREAMS = 3;

/** @type {EventSource | null} */
let source = null;
let key = '';
/** Releases the slot. @type {(() => void) | null} */
let release = null;
let waiting = false;

/**
 * Opens, keeps or closes the stream according to the state of the page.
 * @param {App} app @param {(rows: Row[], leftOut: number) => void} onRows
 */
export async function follow(app, onRows) {
  const wanted = isLive(app.view) && !document.hidden;
  const params = new URLSearchParams();
  for (const name of ['stream', 'q']) {
    const value = data(app.view).get(name);
    if (value) params.set(name, value);
  }
  if (!wanted) return close();
  if (source && key === params.toString() && source.readyState !== EventSource.CLOSED) return;
  source?.close();
  source = null;
  key = params.toString();
  if (!release && !(await takeSlot())) return;
  if (!isLive(app.view) || document.hidden || source) return;
  source = new EventSource(url('live', params));
  source.addEventListener('rows', event => {
    const {rows, left_out: leftOut} = JSON.parse(event.data);
    onRows(rows, leftOut);
  });
}

function close() {
  source?.close();
  source = null;
  release?.();
  release = null;
}

/** One of the streams that this browser may hold. @returns {Promise<boolean>} */
async function takeSlot() {
  if (!navigator.locks) return false; // the page is not served securely
  if (waiting) return false;
  waiting = true;
  try {
    for (let i = 0; i < STREAMS; i++) if (await tryLock(`wm-live-${i}`)) return true;
    return false;
  } finally {
    waiting = false;
  }
}

/** @param {string} name @returns {Promise<boolean>} */
function tryLock(name) {
  return new Promise(resolve => {
    navigator.locks.request(name, {ifAvailable: true}, lock => {
      resolve(lock !== null);
      if (lock) return new Promise(done => { release = () => done(undefined); });
    });
  });
}
