package es

import (
	"slices"
	"strings"
	"time"

	"github.com/wmtools/wm/lib/event"
	"github.com/wmtools/wm/lib/match"
)

// Select makes the query that finds the events for which all terms of q hold,
// and whose time t is since <= t < until; a zero time is no bound. It finds what
// a match.Predicate matches, as long as the events keep to their schemas: where
// those say text, a number in its place cannot be told from it. The error is an
// *Inexpressible.
func Select(q *match.Query, since, until time.Time) (Query, error) {
	var b Bool
	if r, bounded := period(since, until); bounded {
		b.Filter = append(b.Filter, Query{Range: map[string]Range{timeField: r}})
	}
	wrong := &Inexpressible{since: since, until: until}
	for _, t := range q.Terms {
		one, reason := compileTerm(t)
		switch {
		case reason != "":
			wrong.add(t, reason)
			continue
		case !t.Negate:
			b.Filter = append(b.Filter, one)
		case one.MatchNone == nil:
			b.MustNot = append(b.MustNot, one)
		}
		wrong.rest = append(wrong.rest, t)
	}
	switch {
	case len(wrong.terms) > 0:
		return matchNone, wrong
	case len(b.Filter)+len(b.MustNot) == 0:
		return matchAll, nil
	}
	return Query{Bool: &b}, nil
}

const timeField = "@timestamp"

// period bounds the time of the events. The index has milliseconds.
func period(since, until time.Time) (r Range, bounded bool) {
	if !since.IsZero() {
		r.GTE = milliseconds(since)
	}
	if !until.IsZero() {
		r.LT = milliseconds(until)
	}
	return r, r != Range{}
}

// milliseconds writes a time, rounded up: an event at a whole millisecond is
// before it if and only if it is before the time itself.
func milliseconds(t time.Time) string {
	return t.Add(time.Millisecond - 1).UTC().Truncate(time.Millisecond).Format(event.TimestampLayout)
}

// compileTerm makes the query of a term, without its negation, or says why there is
// none.
func compileTerm(t *match.Term) (q Query, reason string) {
	switch t.Op {
	case match.Words:
		return phraseQuery(t)
	case match.Like:
		return matchNone, "an index is not searched by regular expressions"
	}
	f := lookUp(t.Path)
	switch {
	case f == nil || !f.isObject() && !f.indexed():
		return matchNone, "the field is not indexed"
	case f.isObject():
		return matchNone, "an object is not indexed itself, only fields in it such as " + t.Field() + "." + f.example()
	case t.Op == match.Exists:
		return existsQuery(t.Field(), f), ""
	case t.Op == match.Equal:
		return equalQuery(t, f)
	}
	return compareQuery(t, f), ""
}

// phraseQuery finds consecutive tokens in one of the fields of a term.
func phraseQuery(t *match.Term) (q Query, reason string) {
	text := strings.Join(t.Tokens, " ")
	// The index splits the text again.
	again, err := match.ParseQuery(`"` + text + `"`)
	if err != nil || !slices.Equal(again.Terms[0].Tokens, t.Tokens) {
		return matchNone, "its words are others when they stand alone"
	}
	var fields []Query
	for _, name := range t.WordFields() {
		fields = append(fields, Query{MatchPhrase: map[string]string{name + ".text": text}})
	}
	return anyOf(fields), ""
}

// existsQuery finds a field that is there. A value that is too long for the index is
// not in it, but its field is named in _ignored.
func existsQuery(name string, f *mappedField) Query {
	there := Query{Exists: &Exists{name}}
	if f.IgnoreAbove == 0 {
		return there
	}
	return anyOf([]Query{there, {Term: map[string]any{"_ignored": name}}})
}

// compareQuery finds numbers by size. Text and truth values have none, so that no
// comparison holds for them.
func compareQuery(t *match.Term, f *mappedField) Query {
	values, ok := f.values()
	if !ok {
		return matchNone
	}
	v := t.Values[0]
	below, from := values.split(func(n int64) bool { return v.CompareInt(n) >= 0 })
	upTo, above := values.split(func(n int64) bool { return v.CompareInt(n) > 0 })
	wanted := map[match.Op]integers{match.Less: below, match.LessEqual: upTo, match.Greater: above, match.GreaterEqual: from}
	return f.between(t.Field(), wanted[t.Op])
}

// between finds integers. Bounds that exclude nothing are left out.
func (m *mappedField) between(name string, wanted integers) Query {
	var r Range
	values, _ := m.values()
	switch {
	case wanted.max < wanted.min:
		return matchNone
	case wanted == values:
		return Query{Exists: &Exists{name}}
	case wanted.min > values.min:
		r.GTE = m.literal(wanted.min)
	}
	if wanted.max < values.max {
		r.LTE = m.literal(wanted.max)
	}
	return Query{Range: map[string]Range{name: r}}
}
