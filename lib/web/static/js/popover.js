// @ts-check
// Popovers: one is open at a time. Esc or a click elsewhere closes it.
import {$} from './dom.js';

/** @type {{button: HTMLElement, popover: HTMLElement} | null} */
let current = null;

/**
 * Opens a popover when its button is clicked. fill renders its content.
 * @param {string} buttonId @param {string} popoverId @param {() => void} fill
 */
export function wirePopover(buttonId, popoverId, fill) {
  const button = $(buttonId);
  const popover = $(popoverId);
  button.addEventListener('click', () => {
    const opens = popover.hidden;
    closePopover();
    if (opens) openPopover(button, popover, fill);
  });
}

/** @param {HTMLElement} button @param {HTMLElement} popover @param {() => void} fill */
export function openPopover(button, popover, fill) {
  closePopover();
  fill();
  popover.hidden = false;
  button.setAttribute('aria-expanded', 'true');
  current = {button, popover};
  /** @type {HTMLElement | null} */
  const first = popover.querySelector('button:not([disabled]), a[href], input');
  if (button.matches(':focus-visible')) first?.focus();
}

/** Closes the open popover. If the focus was inside, it returns to the button. */
export function closePopover() {
  if (!current) return false;
  const {button, popover} = current;
  current = null;
  const inside = popover.contains(document.activeElement);
  popover.hidden = true;
  button.setAttribute('aria-expanded', 'false');
  if (inside) button.focus();
  return true;
}

export function wirePopovers() {
  document.addEventListener('click', event => {
    const target = /** @type {Element} */ (event.target);
    if (current && target.isConnected && !current.popover.contains(target) && !current.button.contains(target)) closePopover();
  });
  document.addEventListener('focusin', event => {
    const target = /** @type {Element} */ (event.target);
    if (current && !current.popover.contains(target) && !current.button.contains(target)) {
      current.popover.hidden = true;
      current.button.setAttribute('aria-expanded', 'false');
      current = null;
    }
  });
}
