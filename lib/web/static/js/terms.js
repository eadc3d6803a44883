// @ts-check
// Adds conditions to a query and takes them away, in its text. What the terms
// mean is the server's business; here they are only cut apart.

/** A term that names values of a field: -field=a|b. */
const NAMED = /^(-?)([\w.]+)(!?=)(.+)$/s;

/**
 * Cuts a query into terms at blanks that are not in quotes.
 * @param {string} query
 */
export function split(query) {
  const terms = [];
  let term = '';
  let quoted = false;
  for (let i = 0; i < query.length; i++) {
    const c = query[i];
    if (c === '\\' && quoted) { term += c + (query[++i] ?? ''); continue; }
    if (c === '"' && (quoted || /(^|[=~<>@|]|^-)$/.test(term))) quoted = !quoted;
    if (/\s/.test(c) && !quoted) {
      if (term) terms.push(term);
      term = '';
    } else term += c;
  }
  if (term) terms.push(term);
  return terms;
}

/** Writes a value as the query language wants it. @param {string} value */
export function quote(value) {
  if (value !== '' && !/[\s"|\\]/.test(value) && !/^[=<>~!]/.test(value)) return value;
  return `"${value.replace(/[\\"]/g, '\\$&')}"`;
}

/** The values of a term, as they are written. @param {string} list */
function values(list) {
  const found = [];
  let value = '';
  let quoted = false;
  for (let i = 0; i < list.length; i++) {
    const c = list[i];
    if (c === '\\' && quoted) { value += c + (list[++i] ?? ''); continue; }
    if (c === '"') quoted = !quoted;
    if (c === '|' && !quoted) { found.push(value); value = ''; } else value += c;
  }
  found.push(value);
  return found;
}

/** @param {string} term @param {string} field */
function named(term, field) {
  const m = NAMED.exec(term);
  if (!m || m[2] !== field) return null;
  return {not: (m[1] === '-') !== (m[3] === '!='), values: values(m[4])};
}

/** @param {string} field @param {string[]} list @param {boolean} not */
const write = (field, list, not) => `${not ? '-' : ''}${field}=${list.join('|')}`;

/**
 * Shows only one value of a field; again, shows all.
 * @param {string} query @param {string} field @param {string} value
 */
export function only(query, field, value) {
  const terms = split(query);
  const rest = terms.filter(term => { const n = named(term, field); return !n || n.not; });
  const before = terms.map(term => named(term, field)).find(n => n && !n.not);
  const same = before && before.values.length === 1 && before.values[0] === quote(value);
  return [...without(rest, field, value), ...(same ? [] : [write(field, [quote(value)], false)])].join(' ');
}

/**
 * Shows one more value of a field, or no longer.
 * @param {string} query @param {string} field @param {string} value
 */
export function also(query, field, value) {
  return toggle(query, field, value, false);
}

/**
 * Leaves a value of a field out, or no longer.
 * @param {string} query @param {string} field @param {string} value
 */
export function exclude(query, field, value) {
  return toggle(query, field, value, true);
}

/** @param {string} query @param {string} field @param {string} value @param {boolean} not */
function toggle(query, field, value, not) {
  const quoted = quote(value);
  let done = false;
  const terms = split(query).flatMap(term => {
    const n = named(term, field);
    if (!n) return [term];
    const others = n.values.filter(v => v !== quoted);
    if (n.not !== not) return others.length === n.values.length ? [term] : others.length ? [write(field, others, n.not)] : [];
    if (done) return [term];
    done = true;
    const list = others.length === n.values.length ? [...n.values, quoted] : others;
    return list.length ? [write(field, list, not)] : [];
  });
  return (done ? terms : [...terms, write(field, [quoted], not)]).join(' ');
}

/** Drops a value that is left out. @param {string[]} terms @param {string} field @param {string} value */
function without(terms, field, value) {
  return terms.flatMap(term => {
    const n = named(term, field);
    if (!n?.not) return [term];
    const others = n.values.filter(v => v !== quote(value));
    return others.length ? [write(field, others, true)] : [];
  });
}

/** @param {string} query @param {string} term */
export const remove = (query, term) => split(query).filter((t, i, all) => all.indexOf(term) !== i || t !== term).join(' ');

/** @param {string} query @param {string} term @param {string} by */
export const replace = (query, term, by) => split(query).map((t, i, all) => i === all.indexOf(term) ? by : t).join(' ');

/** Joins two queries; values of the same field join into one term. @param {string} query @param {string} more */
export function join(query, more) {
  return split(more).reduce((all, term) => {
    const m = NAMED.exec(term);
    if (!m || split(all).includes(term)) return split(all).includes(term) ? all : [all, term].filter(Boolean).join(' ');
    const not = (m[1] === '-') !== (m[3] === '!=');
    const same = split(all).find(t => named(t, m[2])?.not === not);
    if (!same) return [all, term].filter(Boolean).join(' ');
    const known = named(same, m[2])?.values ?? [];
    return replace(all, same, write(m[2], [...new Set([...known, ...values(m[4])])], not));
  }, query);
}
