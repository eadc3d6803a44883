// @ts-check
// What this browser keeps for the reader. Storage may be missing, full or blocked.
import {say} from './dom.js';

/** A value kept as JSON. @template T @param {string} key @param {T} otherwise @returns {T} */
export function stored(key, otherwise) {
  try {
    return JSON.parse(localStorage.getItem(key) ?? 'null') ?? otherwise;
  } catch {
    return otherwise;
  }
}

/** @param {string} key @param {string} text */
export function store(key, text) {
  try {
    localStorage.setItem(key, text);
    return true;
  } catch {
    say('This browser does not let the page keep anything');
    return false;
  }
}
