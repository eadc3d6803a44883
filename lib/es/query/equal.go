package query

import (
	"slices"
	"strconv"
	"time"
	"unicode/utf16"

	"github.com/wmtools/wm/lib/event"
	"github.com/wmtools/wm/lib/match"
)

// equalClause finds fields that have one of the values.
func equalClause(t *match.Term, f *mappedField) (q Clause, reason string) {
	if slices.ContainsFunc(t.Values, func(v match.Value) bool { return v.Kind == match.Null }) {
		return matchNone, "an index cannot distinguish null from a missing field: !" + t.Field() + " means either"
	}
	if values, ok := f.values(); ok {
		return equalIntegers(t, f, values), ""
	}
	switch f.Type {
	case "double":
		return equalDoubles(t), ""
	case "keyword":
		return equalTexts(t, f.IgnoreAbove)
	case "boolean":
		return equalBools(t), ""
	case "date":
		return equalTimes(t)
	}
	return matchNone, "a field of type " + f.Type + " cannot be searched by value"
}

// maxTerms is how many values one clause may have: index.max_terms_count.
const maxTerms = 65_536

// oneOf finds a field that has one of the values, however many.
func oneOf(name string, values []any) []Clause {
	if len(values) == 1 {
		return []Clause{{Term: map[string]any{name: values[0]}}}
	}
	var clauses []Clause
	for some := range slices.Chunk(values, maxTerms) {
		clauses = append(clauses, Clause{Terms: map[string][]any{name: some}})
	}
	return clauses
}

func equalTexts(t *match.Term, longest int) (q Clause, reason string) {
	var texts []any
	for _, v := range t.Values {
		if longest > 0 && len(v.Text) > longest && len(utf16.Encode([]rune(v.Text))) > longest {
			return matchNone, "values of more than " + strconv.Itoa(longest) + " characters are not indexed"
		}
		texts = append(texts, v.Text)
	}
	return anyOf(oneOf(t.Field(), texts)), ""
}

func equalBools(t *match.Term) Clause {
	var bools []any
	for _, v := range t.Values {
		if v.Kind == match.Bool {
			bools = append(bools, v.Text == "true")
		}
	}
	return anyOf(oneOf(t.Field(), bools))
}

// equalIntegers finds integers. A value in floating point may equal several.
func equalIntegers(t *match.Term, f *mappedField, values integers) Clause {
	var single []any
	var clauses []Clause
	for _, v := range t.Values {
		if v.Kind != match.Number {
			continue
		}
		_, from := values.split(func(n int64) bool { return v.CompareInt(n) >= 0 })
		equal, _ := from.split(func(n int64) bool { return v.CompareInt(n) > 0 })
		if equal.min == equal.max {
			single = append(single, f.literal(equal.min))
		} else if equal.min < equal.max {
			clauses = append(clauses, f.between(t.Field(), equal))
		}
	}
	return anyOf(append(oneOf(t.Field(), single), clauses...))
}

// equalDoubles finds numbers in a floating-point field.
func equalDoubles(t *match.Term) Clause {
	var doubles []any
	for _, v := range t.Values {
		if f, err := strconv.ParseFloat(v.Text, 64); v.Kind == match.Number && err == nil {
			doubles = append(doubles, f)
		}
	}
	return anyOf(oneOf(t.Field(), doubles))
}

// equalTimes finds times by their text. Only @timestamp, which wm writes, has a
// known form; the index does not keep how other times are written.
func equalTimes(t *match.Term) (q Clause, reason string) {
	if t.Field() != timeField {
		return matchNone, "an index does not keep how a time is written"
	}
	var texts []any
	for _, v := range t.Values {
		if at, err := time.Parse(event.TimestampLayout, v.Text); err == nil && at.Format(event.TimestampLayout) == v.Text {
			texts = append(texts, v.Text)
		}
	}
	return anyOf(oneOf(t.Field(), texts)), ""
}
