// @ts-check
// Requests to this server. A response that is not JSON, or no response, becomes a
// problem with a sentence, so that the page can always show an explanation.
/** @import {Problem} from './types.js' */

/** An error with a problem that can be shown to the user. */
export class Failure extends Error {
  /** @param {Problem} problem */
  constructor(problem) {
    super(problem.error);
    this.problem = problem;
  }
}

const UNREACHED = {error: 'This page does not reach wm-serve', hint: 'Is it running, and is the network up? The page tries again by itself.', retry: 3, status: 0};
const FOREIGN = {error: 'Something between this page and wm-serve answers in its place', hint: 'Is a proxy set up for another address? The person who runs wm-serve can tell it with --public-url.', retry: 5};
const PATIENCE = 20_000;

/**
 * Requests JSON.
 * @param {string} path below api/v1/
 * @param {URLSearchParams} [params]
 * @param {AbortSignal} [signal]
 * @returns {Promise<any>}
 */
export async function ask(path, params, signal) {
  const limit = AbortSignal.timeout(PATIENCE);
  let response;
  try {
    response = await fetch(url(path, params), {signal: signal ? AbortSignal.any([signal, limit]) : limit, headers: {accept: 'application/json'}});
  } catch (error) {
    if (signal?.aborted) throw error;
    throw new Failure(UNREACHED);
  }
  const body = await json(response);
  if (!body) throw new Failure({...FOREIGN, status: response.status});
  if (!response.ok) throw new Failure({...body, status: response.status});
  return body;
}

/** @param {Response} response */
async function json(response) {
  if (response.status === 429) return {error: 'This browser asks too often', hint: 'The page waits a moment.', retry: 2};
  if (!(response.headers.get('content-type') ?? '').startsWith('application/json')) return null;
  try {
    return await response.json();
  } catch {
    return null;
  }
}

/** @param {string} path @param {URLSearchParams} [params] */
export function url(path, params) {
  const query = params?.toString();
  return `api/v1/${path}${query ? '?' + query : ''}`;
}

/** The problem of an error. @param {unknown} error @returns {Problem} */
export function problemOf(error) {
  return error instanceof Failure ? error.problem : {error: 'The page has made a mistake', hint: String(error)};
}
