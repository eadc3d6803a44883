package query

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/wmtools/wm/lib/event"
	"github.com/wmtools/wm/lib/match"
)

// Select returns the clause for the events that match all terms of q and whose
// time t is since <= t < until; a zero time is no bound. It selects what a
// match.Predicate matches, provided that the events follow their schemas: in a
// text field the index cannot distinguish a number from its text. The error is an
// *Inexpressible.
func Select(q *match.Query, since, until time.Time) (Clause, error) {
	var b Bool
	if r, bounded := period(since, until); bounded {
		b.Filter = append(b.Filter, Clause{Range: map[string]Range{timeField: r}})
	}
	wrong := &Inexpressible{Since: since, Until: until}
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
		wrong.Rest = append(wrong.Rest, t)
	}
	switch {
	case len(wrong.Terms) > 0:
		return matchNone, wrong
	case len(b.Filter)+len(b.MustNot) == 0:
		return matchAll, nil
	}
	// A bool even if it contains only the range: OpenSearch 3.0 to 3.7 fails to compute
	// a date_histogram with sub-aggregations over a range on its own.
	return Clause{Bool: &b}, nil
}

const timeField = "@timestamp"

// period limits the time of the events. The index has milliseconds.
func period(since, until time.Time) (r Range, bounded bool) {
	if !since.IsZero() {
		r.GTE = milliseconds(since)
	}
	if !until.IsZero() {
		r.LT = milliseconds(until)
	}
	return r, r != Range{}
}

// milliseconds formats a time, rounded up: a whole millisecond is before the result
// if and only if it is before t.
func milliseconds(t time.Time) string {
	return t.Add(time.Millisecond - 1).UTC().Truncate(time.Millisecond).Format(event.TimestampLayout)
}

// compileTerm returns the clause of a term without its negation, or the reason why
// it cannot be expressed.
func compileTerm(t *match.Term) (q Clause, reason string) {
	switch t.Op {
	case match.Words:
		return phraseClause(t)
	case match.Like:
		return matchNone, "an index cannot be searched with regular expressions"
	}
	f := lookUp(t.Path)
	switch {
	case f == nil || !f.isObject() && !f.indexed():
		return matchNone, "the field is not indexed"
	case f.isObject():
		return matchNone, "an object is not indexed, only its fields, such as " + t.Field() + "." + f.example()
	case t.Op == match.Exists:
		return existsClause(t.Field(), f), ""
	case t.Op == match.Equal:
		return equalClause(t, f)
	}
	return compareClause(t, f), ""
}

// phraseClause finds consecutive tokens in one of the fields of a term.
func phraseClause(t *match.Term) (q Clause, reason string) {
	text := strings.Join(t.Tokens, " ")
	// The index tokenizes the text again.
	again, err := match.ParseQuery(`"` + text + `"`)
	if err != nil || !slices.Equal(again.Terms[0].Tokens, t.Tokens) {
		return matchNone, "its words are split differently on their own"
	}
	var fields []Clause
	for _, name := range t.WordFields() {
		fields = append(fields, Clause{MatchPhrase: map[string]string{name + ".text": text}})
	}
	return anyOf(fields), ""
}

// existsClause finds a field that has a value. A value that is too long is not
// indexed, but its field is listed in _ignored.
func existsClause(name string, f *mappedField) Clause {
	there := Clause{Exists: &Exists{name}}
	if f.IgnoreAbove == 0 {
		return there
	}
	return anyOf([]Clause{there, {Term: map[string]any{"_ignored": name}}})
}

// compareClause compares numbers. No comparison holds for text and booleans.
func compareClause(t *match.Term, f *mappedField) Clause {
	v := t.Values[0]
	if f.Type == "double" {
		return compareDoubles(t.Field(), t.Op, v)
	}
	values, ok := f.values()
	if !ok {
		return matchNone
	}
	below, from := values.split(func(n int64) bool { return v.CompareInt(n) >= 0 })
	upTo, above := values.split(func(n int64) bool { return v.CompareInt(n) > 0 })
	wanted := map[match.Op]integers{match.Less: below, match.LessEqual: upTo, match.Greater: above, match.GreaterEqual: from}
	return f.between(t.Field(), wanted[t.Op])
}

// between finds integers. Bounds that exclude nothing are omitted.
func (m *mappedField) between(name string, wanted integers) Clause {
	var r Range
	values, _ := m.values()
	switch {
	case wanted.max < wanted.min:
		return matchNone
	case wanted == values:
		return Clause{Exists: &Exists{name}}
	case wanted.min > values.min:
		r.GTE = m.literal(wanted.min)
	}
	if wanted.max < values.max {
		r.LTE = m.literal(wanted.max)
	}
	return Clause{Range: map[string]Range{name: r}}
}

// compareDoubles compares numbers in a floating-point field.
func compareDoubles(name string, op match.Op, v match.Value) Clause {
	bound, err := strconv.ParseFloat(v.Text, 64)
	if err != nil { // beyond all doubles
		if (bound > 0) == (op == match.Less || op == match.LessEqual) {
			return Clause{Exists: &Exists{name}}
		}
		return matchNone
	}
	return Clause{Range: map[string]Range{name: map[match.Op]Range{
		match.Less: {LT: bound}, match.LessEqual: {LTE: bound}, match.Greater: {GT: bound}, match.GreaterEqual: {GTE: bound},
	}[op]}}
}
