package eshttp

import (
	"slices"
	"strconv"

	"github.com/wmtools/wm/lib/store"
)

// ranges parses {"field":"f","ranges":[{"to":5},{"from":5,"key":"many"}]}.
func (a *agg) ranges(t tree) (store.Agg, error) {
	field := ""
	err := a.params(t, func(m member) (known bool, err error) {
		switch m.key {
		case "field":
			field = m.scalar.Text
		case "keyed":
			a.keyed, err = m.truth()
		case "ranges":
			for _, one := range m.list {
				s, err := a.span(one)
				if err != nil {
					return true, err
				}
				a.spans = append(a.spans, s)
			}
		default:
			return false, nil
		}
		return true, err
	})
	if err == nil && len(a.spans) == 0 {
		e := illegal("No [ranges] specified for the [%s] aggregation", a.name)
		e.shards = true
		return nil, e
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

func (a *agg) span(t tree) (s store.Span, err error) {
	for _, m := range t.members {
		var limit **float64
		switch {
		case m.key == "key" && m.kind == 's':
			s.Key = m.scalar.Text
			continue
		case m.key == "from":
			limit = &s.From
		case m.key == "to":
			limit = &s.To
		default:
			return s, m.unknown("range")
		}
		if !m.isScalar() {
			continue
		}
		n, err := strconv.ParseFloat(m.scalar.Text, 64)
		if err != nil {
			return s, refuse("number_format_exception", "For input string: %q", m.scalar.Text)
		}
		*limit = &n
	}
	if s.Key == "" {
		s.Key = limitText(s.From) + "-" + limitText(s.To)
	}
	return s, nil
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
	err := a.params(t, func(m member) (known bool, err error) {
		switch m.key {
		case "filters":
			a.keyed = m.kind == '{'
			q.Queries, err = namedQueries(m)
		case "other_bucket":
			other, err = m.truth()
		case "other_bucket_key":
			q.Other, other = m.scalar.Text, true
		default:
			return false, nil
		}
		return true, err
	})
	if err == nil && len(q.Queries) == 0 {
		return nil, illegal("[filters] cannot be empty.")
	}
	if other && q.Other == "" {
		q.Other = "_other_"
	}
	return q, err
}

func namedQueries(m member) ([]store.NamedQuery, error) {
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
