// @ts-check
// One change in the feed, in MediaWiki's notation.
import {h, icon, wikiLink} from './dom.js';
import {clockSeconds, signed} from './format.js';
import {revertedTag, riskCell} from './marks.js';
import {colourOf} from './rules.js';
import {only} from './terms.js';
/** @import {App, Row, Segment} from './types.js' */

/** @type {Record<string, string>} */
const FLAGS = {N: 'new page', m: 'minor edit', b: 'bot', '!': 'not patrolled yet'};
const BIG = 500;

/** ± bytes as MediaWiki writes them: bold from 500 on. @param {number | null} n */
export function bytesMark(n) {
  if (n === null) return h('span.bytes.zero', {}, '–');
  const kind = n > 0 ? 'plus' : n < 0 ? 'minus' : 'zero';
  return h(`span.bytes.${kind}${Math.abs(n) >= BIG ? '.big' : ''}`, {}, signed(n));
}

/** Allows only https links to Wikimedia; the server sends no others. @param {string | undefined} url */
const safe = url => url && /^https:\/\/[a-z0-9.-]+\/w\/index\.php\?/.test(url) ? url : undefined;

/** @param {Segment[]} summary */
function summaryNodes(summary) {
  return summary.map(({k, t, u}, i) => {
    if (k === 'section') return [h('a.section', {href: safe(u), target: '_blank', rel: 'noreferrer noopener', dir: 'auto'}, '→' + t + (i + 1 < summary.length ? ':' : ''))];
    if (k === 'link') return [wikiLink(t, safe(u))];
    return [t];
  }).flat();
}

/** @param {string} flags */
function flagSlots(flags) {
  return Object.entries(FLAGS).map(([letter, meaning]) => flags.includes(letter)
    ? h('abbr.flag', {title: meaning, 'data-flag': letter}, letter)
    : h('span.flag', {'aria-hidden': 'true'}));
}

/** (diff | hist), as far as there are such links. @param {[string, string | undefined][]} links */
function pair(links) {
  const there = links.filter(([, url]) => safe(url));
  if (!there.length) return null;
  return h('span.pair', {}, '(', ...there.flatMap(([text, url], i) => [i ? ' | ' : null, h('a', {href: safe(url), target: '_blank', rel: 'noreferrer noopener'}, text)]), ')');
}

/** @param {App} app @param {Row} row */
export function feedRow(app, row) {
  const field = app.config.fields.find(f => f.id === 'wiki');
  const term = app.view.stream === 'recentchange' ? field?.term ?? 'wiki' : 'wm.wiki';
  const log = row.log || (row.type === 'categorize' ? 'Category' : '');
  return h('tr' + colourOf(row), {tabindex: '-1', 'aria-selected': 'false', 'data-id': row.id},
    h('td.c-time', {}, h('time', {datetime: new Date(row.t).toISOString()}, clockSeconds(row.t, app.view.local))),
    h('td.c-wiki', {}, h('button.linkish.quiet', {type: 'button', title: `Only ${row.wiki}`, tabindex: '-1', onclick: () => app.go({q: only(app.view.q, term, row.wiki)})}, row.wiki)),
    h('td.c-flags', {}, ...flagSlots(row.flags)),
    h('td.c-page', {}, h('div.with-pair', {},
      log && h('span.log', {title: row.action ?? null}, log),
      h('span.clip', {dir: 'auto'}, wikiLink(row.title || 'no title', safe(log && row.log ? row.page : row.flags.includes('N') ? row.page : row.diff ?? row.page))),
      pair([['diff', row.diff], ['hist', row.hist], ...(row.log ? /** @type {[string, string | undefined][]} */ ([['log', row.change]]) : [])]))),
    h('td.c-bytes', {}, bytesMark(row.delta)),
    riskCell(row),
    h('td.c-user', {}, row.user
      ? h('div.with-pair', {}, h('span.clip' + (row.kind === 'temp' ? '.temp' : ''), {dir: 'auto'}, wikiLink(row.user, safe(row.contribs))), pair([['talk', row.talk], ['contribs', row.contribs]]))
      : h('i.none', {}, row.kind === 'hidden' ? 'hidden' : 'no user')),
    h('td.c-summary', {}, h('div.with-pair', {},
      revertedTag(row),
      row.revert && h('span.tag', {title: 'Likely revert, judged by its summary'}, icon('revert', 'xs'), 'revert'),
      h('span.clip', {dir: 'auto'}, ...(row.summary.length ? summaryNodes(row.summary) : [h('i.none', {}, 'no summary')])))));
}
