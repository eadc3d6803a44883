package eshttp

import (
	"strings"
	"time"

	"github.com/wmtools/wm/lib/store"
)

// fieldQuery is a query about one field: {"field":value} or
// {"field":{"query":value,...}}.
type fieldQuery struct {
	name  string // of the query
	field string
	value *store.Scalar
	boost float64
}

// read parses the field, its value, which has one of the names in values, and other
// parameters.
func (f *fieldQuery) read(t tree, values []string, p params) (err error) {
	f.boost = 1
	switch len(t.members) {
	case 0:
		return illegal("field name is null or empty")
	case 1:
	default:
		return t.members[1].parsing("[%s] query doesn't support multiple fields, found [%s] and [%s]", f.name, t.members[0].key, t.members[1].key)
	}
	m := t.members[0]
	f.field = m.key
	switch {
	case m.kind == '[':
		return m.parsing("[%s] query does not support array of values", f.name)
	case m.isScalar():
		f.value = &m.scalar
	}
	for _, name := range values {
		p[name] = ofKind('s', set(&f.value, orNull))
	}
	f.boost, err = m.readQuery(p, unsupported(f.name))
	return err
}

// orNull returns a simple value, nil for null.
func orNull(m member) (*store.Scalar, error) {
	if !m.isScalar() {
		return nil, nil
	}
	return &m.scalar, nil
}

func (m member) truth() (bool, error) {
	switch m.scalar.Text {
	case "true":
		return true, nil
	case "false":
		return false, nil
	}
	return false, illegal("Failed to parse value [%s] as only [true] or [false] are allowed.", m.scalar.Text)
}

var valueKey = []string{"value"}

func (p *queryParser) term(t tree) (store.Query, error) {
	f := fieldQuery{name: "term"}
	if err := f.read(t, valueKey, params{}); err != nil {
		return nil, err
	}
	if f.value == nil {
		return nil, illegal("value cannot be null")
	}
	return boosted(store.Term{Field: f.field, Values: []store.Scalar{*f.value}}, f.boost), nil
}

// terms parses {"field":[value,...],"boost":1}.
func (p *queryParser) terms(t tree) (store.Query, error) {
	q := store.Term{}
	boost := 1.0
	for _, m := range t.members {
		var err error
		switch {
		case m.key == "boost" && m.kind == 's':
			boost, err = m.boost()
		case m.kind != '[':
			err = m.parsing("[terms] query does not support [%s]", m.key)
		case q.Field != "":
			err = m.parsing("[terms] query does not support multiple fields")
		default:
			q.Field = m.key
			q.Values, err = termValues(m)
		}
		if err != nil {
			return nil, err
		}
	}
	if q.Field == "" {
		return nil, t.parsingEnd("[terms] query requires a field name, followed by array of terms or a document lookup specification")
	}
	return store.Constant{Query: q, Score: boost}, nil
}

func termValues(m member) ([]store.Scalar, error) {
	if len(m.list) > maxTerms {
		return nil, ofShards(illegal("The number of terms [%d] used in the Terms Query request has exceeded the allowed maximum of [%d]."+
			" This maximum can be set by changing the [index.max_terms_count] index level setting.", len(m.list), maxTerms))
	}
	var list []store.Scalar
	for _, v := range m.list {
		switch {
		case v.kind != 's':
			return nil, v.parsing("[terms] query: a value of [%s] is a %s", m.key, v.token())
		case !v.isScalar():
			return nil, v.parsing("No value specified for terms query")
		}
		list = append(list, v.scalar)
	}
	return list, nil
}

// between parses a range query.
func (p *queryParser) between(t tree) (store.Query, error) {
	f := fieldQuery{name: "range"}
	var q store.Range
	limit := func(to **store.Scalar, with *bool, inclusive bool) func(member) error {
		return ofKind('s', func(m member) (err error) {
			*with = inclusive
			*to, err = orNull(m)
			return err
		})
	}
	if len(t.members) == 1 && t.members[0].kind != '{' {
		m := t.members[0]
		return nil, m.parsing("[range] query does not support [%s]", m.key)
	}
	err := f.read(t, nil, params{
		"gte":       limit(&q.From, &q.WithFrom, true),
		"gt":        limit(&q.From, &q.WithFrom, false),
		"lte":       limit(&q.To, &q.WithTo, true),
		"lt":        limit(&q.To, &q.WithTo, false),
		"format":    setText(&q.Format, store.ParseFormat),
		"time_zone": setText(&q.Zone, zone),
	})
	q.Field = f.field
	return boosted(q, f.boost), err
}

// zone parses a time zone: an offset such as +02:00 or a name such as Europe/Berlin.
func zone(s string) (*time.Location, error) {
	for _, layout := range []string{"Z07:00", "-07:00", "-0700", "-07"} {
		if t, err := time.Parse(layout, s); err == nil {
			_, seconds := t.Zone()
			if seconds == 0 {
				return time.UTC, nil
			}
			return time.FixedZone(s, seconds), nil
		}
	}
	loc, err := time.LoadLocation(s)
	if err != nil || s == "" || strings.EqualFold(s, "local") {
		return nil, refuse("zone_rules_exception", "Unknown time-zone ID: %s", s)
	}
	return loc, nil
}

func (p *queryParser) prefix(t tree) (store.Query, error) {
	q := store.Prefix{}
	f := fieldQuery{name: "prefix"}
	if err := f.readPattern(t, valueKey, &q.FoldCase); err != nil {
		return nil, err
	}
	q.Field, q.Value = f.field, f.value.Text
	return boosted(q, f.boost), nil
}

func (p *queryParser) wildcard(t tree) (store.Query, error) {
	q := store.Wildcard{}
	f := fieldQuery{name: "wildcard"}
	if err := f.readPattern(t, []string{"value", "wildcard"}, &q.FoldCase); err != nil {
		return nil, err
	}
	q.Field, q.Pattern = f.field, f.value.Text
	return boosted(q, f.boost), nil
}

// readPattern parses a query by pattern. It ignores rewrite: the score is constant.
func (f *fieldQuery) readPattern(t tree, values []string, fold *bool) error {
	err := f.read(t, values, params{"case_insensitive": set(fold, member.truth), "rewrite": ignore})
	if err == nil && f.value == nil {
		err = illegal("value cannot be null")
	}
	return err
}
