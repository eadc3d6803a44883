package eshttp

import (
	"cmp"
	"slices"
	"strconv"

	"github.com/wmtools/wm/lib/store"
)

// ranges parses {"field":"f","ranges":[{"to":5},{"from":5,"key":"many"}]}.
func (a *agg) ranges(t tree) (store.Agg, error) {
	field := ""
	err := t.read(params{
		"field":  set(&field, plain),
		"keyed":  set(&a.keyed, member.truth),
		"ranges": set(&a.spans, spans),
	}, failedIn(a.typ))
	if err == nil && len(a.spans) == 0 {
		return nil, ofShards(illegal("No [ranges] specified for the [%s] aggregation", a.name))
	}
	// Elasticsearch returns them sorted by their limits.
	slices.SortStableFunc(a.spans, compareSpans)
	return store.Ranges{Field: field, Ranges: a.spans, Subs: runs(a.subs)}, orNeedField(err, field)
}

func compareSpans(a, b store.Span) int {
	if c := compareLimits(a.From, b.From, -1); c != 0 {
		return c
	}
	return compareLimits(a.To, b.To, 1)
}

// compareLimits compares two limits; open is how a missing one compares.
func compareLimits(a, b *float64, open int) int {
	switch {
	case a == nil && b == nil:
		return 0
	case a == nil:
		return open
	case b == nil:
		return -open
	case *a < *b:
		return -1
	case *a > *b:
		return 1
	}
	return 0
}

func spans(m member) (list []store.Span, err error) {
	for _, t := range m.list {
		var s store.Span
		p := params{"key": ofKind('s', set(&s.Key, plain)), "from": set(&s.From, limit), "to": set(&s.To, limit)}
		if err := t.read(p, unknownTo("range")); err != nil {
			return nil, err
		}
		s.Key = cmp.Or(s.Key, limitText(s.From)+"-"+limitText(s.To))
		list = append(list, s)
	}
	return list, nil
}

// limit parses a number, or null for none.
func limit(m member) (*float64, error) {
	if !m.isScalar() {
		return nil, nil
	}
	n, err := strconv.ParseFloat(m.scalar.Text, 64)
	if err != nil {
		return nil, refuse("number_format_exception", "For input string: %q", m.scalar.Text)
	}
	return &n, nil
}

func limitText(f *float64) string {
	if f == nil {
		return "*"
	}
	return double(*f)
}

// filters parses named conditions in an object, or anonymous ones in an array.
func (a *agg) filters(t tree) (store.Agg, error) {
	q := store.Filters{Subs: runs(a.subs)}
	other := false
	err := t.read(params{
		"filters":          set(&q.Queries, a.namedQueries),
		"other_bucket":     set(&other, member.truth),
		"other_bucket_key": set(&q.Other, plain),
	}, failedIn(a.typ))
	if err == nil && len(q.Queries) == 0 {
		return nil, illegal("[filters] cannot be empty.")
	}
	if other && q.Other == "" {
		q.Other = "_other_"
	}
	return q, err
}

func (a *agg) namedQueries(m member) ([]store.NamedQuery, error) {
	a.keyed = m.kind == '{'
	var list []store.NamedQuery
	for _, one := range m.list {
		q, err := parseQuery(one)
		if err != nil {
			return nil, err
		}
		list = append(list, store.NamedQuery{Query: q})
	}
	for _, one := range m.members {
		q, err := parseQuery(one.tree)
		if err != nil {
			return nil, err
		}
		list = append(list, store.NamedQuery{Name: one.key, Query: q})
	}
	return list, nil
}
