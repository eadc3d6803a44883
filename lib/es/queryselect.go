package es

import (
	"slices"
	"strings"
	"time"

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
		one, reason := compile(t)
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
		return none, wrong
	case len(b.Filter)+len(b.MustNot) == 0:
		return all, nil
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
	return t.Add(time.Millisecond - 1).UTC().Truncate(time.Millisecond).Format(timestampFormat)
}

// compile makes the query of a term, without its negation, or says why there is
// none.
func compile(t *match.Term) (q Query, reason string) {
	switch t.Op {
	case match.Words:
		return phrase(t.Tokens)
	case match.Like:
		return none, "an index is not searched by regular expressions"
	}
	f := lookUp(t.Path)
	switch {
	case f == nil || !f.isObject() && !f.indexed():
		return none, "the field is not indexed"
	case f.isObject():
		return none, "an object is not indexed itself, only fields in it such as " + t.Field() + "." + f.example()
	case t.Op == match.Exists:
		return exists(t.Field(), f), ""
	case t.Op == match.Equal:
		return equal(t, f)
	}
	return compare(t, f), ""
}

// wordFields are the fields of words.
var wordFields = [...]string{"title.text", "comment.text", "user.text"}

// phrase looks for tokens in a row in one of the fields of words.
func phrase(tokens []string) (q Query, reason string) {
	text := strings.Join(tokens, " ")
	// The index takes the text apart again.
	again, err := match.ParseQuery(`"` + text + `"`)
	if err != nil || !slices.Equal(again.Terms[0].Tokens, tokens) {
		return none, "its words are others when they stand alone"
	}
	var fields []Query
	for _, name := range wordFields {
		fields = append(fields, Query{MatchPhrase: map[string]string{name: text}})
	}
	return anyOf(fields), ""
}

// exists finds a field that is there. A value that is too long for the index is
// not in it, but its field is named in _ignored.
func exists(name string, f *mapped) Query {
	there := Query{Exists: &Exists{name}}
	if f.IgnoreAbove == 0 {
		return there
	}
	return anyOf([]Query{there, {Term: map[string]any{"_ignored": name}}})
}

// compare finds numbers by size. Text and truth values have none, so that no
// comparison holds for them.
func compare(t *match.Term, f *mapped) Query {
	values, ok := f.values()
	if !ok {
		return none
	}
	v := t.Values[0]
	below, from := values.split(func(n int64) bool { return v.CompareInt(n) >= 0 })
	upTo, above := values.split(func(n int64) bool { return v.CompareInt(n) > 0 })
	wanted := map[match.Op]integers{match.Less: below, match.LessEqual: upTo, match.Greater: above, match.GreaterEqual: from}
	return between(t.Field(), wanted[t.Op], values)
}

// between finds integers. Bounds that exclude nothing are left out.
func between(name string, wanted, values integers) Query {
	var r Range
	switch {
	case wanted.max < wanted.min:
		return none
	case wanted == values:
		return Query{Exists: &Exists{name}}
	case wanted.min > values.min:
		r.GTE = wanted.min
	}
	if wanted.max < values.max {
		r.LTE = wanted.max
	}
	return Query{Range: map[string]Range{name: r}}
}
