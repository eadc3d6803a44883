package es

import (
	"slices"
	"strconv"
	"time"
	"unicode/utf16"

	"github.com/wmtools/wm/lib/event"
	"github.com/wmtools/wm/lib/match"
)

// equalQuery finds fields that have one of the values.
func equalQuery(t *match.Term, f *mappedField) (q Query, reason string) {
	if slices.ContainsFunc(t.Values, func(v match.Value) bool { return v.Kind == match.Null }) {
		return matchNone, "an index does not tell null from a field that is not there: !" + t.Field() + " is either"
	}
	if values, ok := f.values(); ok {
		return equalIntegers(t, f, values), ""
	}
	switch f.Type {
	case "keyword":
		return equalTexts(t, f.IgnoreAbove)
	case "boolean":
		return equalBools(t), ""
	case "date":
		return equalTimes(t)
	}
	return matchNone, "a field of type " + f.Type + " is not searched by value"
}

// maxTerms is how many values one query may have: index.max_terms_count.
const maxTerms = 65_536

// oneOf finds a field that has one of any number of values.
func oneOf(name string, values []any) []Query {
	if len(values) == 1 {
		return []Query{{Term: map[string]any{name: values[0]}}}
	}
	var queries []Query
	for some := range slices.Chunk(values, maxTerms) {
		queries = append(queries, Query{Terms: map[string][]any{name: some}})
	}
	return queries
}

func equalTexts(t *match.Term, longest int) (q Query, reason string) {
	var texts []any
	for _, v := range t.Values {
		if longest > 0 && len(v.Text) > longest && len(utf16.Encode([]rune(v.Text))) > longest {
			return matchNone, "values of more than " + strconv.Itoa(longest) + " characters are not indexed"
		}
		texts = append(texts, v.Text)
	}
	return anyOf(oneOf(t.Field(), texts)), ""
}

func equalBools(t *match.Term) Query {
	var bools []any
	for _, v := range t.Values {
		if v.Kind == match.Bool {
			bools = append(bools, v.Text == "true")
		}
	}
	return anyOf(oneOf(t.Field(), bools))
}

// equalIntegers finds numbers. One that was written as floating point can equal
// several integers.
func equalIntegers(t *match.Term, f *mappedField, values integers) Query {
	var single []any
	var queries []Query
	for _, v := range t.Values {
		if v.Kind != match.Number {
			continue
		}
		_, from := values.split(func(n int64) bool { return v.CompareInt(n) >= 0 })
		equal, _ := from.split(func(n int64) bool { return v.CompareInt(n) > 0 })
		if equal.min == equal.max {
			single = append(single, f.literal(equal.min))
		} else if equal.min < equal.max {
			queries = append(queries, f.between(t.Field(), equal))
		}
	}
	return anyOf(append(oneOf(t.Field(), single), queries...))
}

// equalTimes finds times by their text. Only those that wm writes itself have
// one form; that of all others is not in the index.
func equalTimes(t *match.Term) (q Query, reason string) {
	if t.Field() != timeField {
		return matchNone, "a time is not indexed as it is written"
	}
	var texts []any
	for _, v := range t.Values {
		if at, err := time.Parse(event.TimestampLayout, v.Text); err == nil && at.Format(event.TimestampLayout) == v.Text {
			texts = append(texts, v.Text)
		}
	}
	return anyOf(oneOf(t.Field(), texts)), ""
}
