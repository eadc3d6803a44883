// @ts-check
// Information from other streams about the edits of rows: the predicted risk of a revert,
// and whether the edit was reverted. A row appears before its marks, which come with a
// later answer.
import {$, h, icon} from './dom.js';
/** @import {Answer, App, Mark, Row} from './types.js' */

export const RISK = 'page_revert_risk_prediction_change.v1';

/** By the name of the edit, the newest last. @type {Map<string, Mark>} */
const marks = new Map();
const KEPT = 2000;

/** Whether a stream is indexed. @param {App} app @param {string | undefined} stream */
export function indexed(app, stream) {
  if (!stream || stream === app.view.stream) return true;
  const {risk = false, tags = false} = app.answer?.reports ?? {};
  return stream === RISK ? risk : tags;
}

/** The presets that the page offers. @param {App} app */
export const offered = app => app.config.presets.filter(preset => indexed(app, preset.stream));

/** @param {Answer} answer */
export function addMarks(answer) {
  for (const [name, mark] of Object.entries(answer.marks ?? {})) {
    marks.delete(name);
    marks.set(name, mark);
  }
  for (const name of marks.keys()) {
    if (marks.size <= KEPT) break;
    marks.delete(name);
  }
  const {risk} = answer.reports;
  $('rows').classList.toggle('has-risk', risk || answer.stream === RISK);
}

/** @param {Row} row @returns {Mark} */
const markOf = row => ({risk: row.risk, ...marks.get(row.rev ?? '')});

/** @param {number} risk 0 to 1 */
const level = risk => risk >= 0.9 ? 'high' : risk >= 0.5 ? 'some' : 'low';

/** @param {Row} row */
export function riskCell(row) {
  const {risk} = markOf(row);
  if (risk === undefined) return h('td.c-risk');
  const text = Math.min(risk, 0.99).toFixed(2);
  return h('td.c-risk', {}, h(`span.risk.${level(risk)}`, {title: `Revert risk ${risk.toFixed(3)}, as Wikimedia’s model predicts it`}, text));
}

/** @param {Row} row */
export const revertedTag = row => markOf(row).reverted
  ? h('span.tag.reverted', {title: 'Another edit has undone this one, as its tags say'}, icon('revert', 'xs'), 'reverted')
  : null;

/** Adds new marks to the rows. @param {Row[]} rows */
export function drawMarks(rows) {
  const byID = new Map(rows.map(row => [row.id, row]));
  for (const tr of $('feed').children) {
    const row = byID.get(tr.dataset.id);
    const mark = row && JSON.stringify(markOf(row));
    if (!row || tr.dataset.mark === mark) continue;
    tr.dataset.mark = mark;
    tr.querySelector('.c-risk').replaceWith(riskCell(row));
    tr.querySelector('.reverted')?.remove();
    const tag = revertedTag(row);
    if (tag) tr.querySelector('.c-summary > div').prepend(tag);
  }
}
