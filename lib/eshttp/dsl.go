package eshttp

import (
	"strconv"

	"github.com/wmtools/wm/lib/store"
)

// parseQuery reads a query.
func parseQuery(t tree) (store.Query, error) {
	if t.kind != '{' || len(t.members) == 0 {
		return nil, illegal("query malformed, empty clause found")
	}
	q := t.members[0]
	if len(t.members) > 1 {
		return nil, parsing("[%s] malformed query, expected [END_OBJECT] but found [FIELD_NAME]", q.key)
	}
	parse, known := queries[q.key]
	if !known {
		return nil, parsing("unknown query [%s]", q.key)
	}
	if q.kind != '{' {
		return nil, parsing("[%s] query malformed, no start_object after query name", q.key)
	}
	return parse(q.tree)
}

func parsing(format string, args ...any) *apiError {
	return refuse("parsing_exception", format, args...)
}

var queries map[string]func(tree) (store.Query, error)

func init() {
	queries = map[string]func(tree) (store.Query, error){
		"match_all":    parseMatchAll,
		"match_none":   parseMatchNone,
		"bool":         parseBool,
		"term":         parseTerm,
		"terms":        parseTerms,
		"range":        parseRange,
		"exists":       parseExists,
		"match":        parseMatch,
		"match_phrase": parseMatchPhrase,
	}
}

func parseMatchAll(t tree) (store.Query, error) {
	for _, m := range t.members {
		return nil, parsing("[match_all] unknown field [%s]", m.key)
	}
	return store.All{}, nil
}

func parseMatchNone(t tree) (store.Query, error) {
	for _, m := range t.members {
		return nil, parsing("[match_none] unknown field [%s]", m.key)
	}
	return store.None{}, nil
}

// oneField returns the field that a query is about.
func oneField(query string, t tree) (member, error) {
	switch len(t.members) {
	case 0:
		return member{}, illegal("[%s] query: field name is null or empty", query)
	case 1:
		return t.members[0], nil
	}
	return member{}, parsing("[%s] query doesn't support multiple fields, found [%s] and [%s]", query, t.members[0].key, t.members[1].key)
}

// parseTerm reads {"field":value} or {"field":{"value":value}}.
func parseTerm(t tree) (store.Query, error) {
	f, err := oneField("term", t)
	if err != nil {
		return nil, err
	}
	v := f.tree
	if v.kind == '[' {
		return nil, parsing("[term] query does not support array of values")
	}
	if v.kind == '{' {
		inner := v
		v = tree{}
		for _, m := range inner.members {
			if m.key != "value" {
				return nil, parsing("[term] query does not support [%s]", m.key)
			}
			v = m.tree
		}
	}
	if !v.isScalar() {
		return nil, illegal("value cannot be null for the field [%s] of the [term] query", f.key)
	}
	return store.Term{Field: f.key, Values: []store.Scalar{v.scalar}}, nil
}

func parseTerms(t tree) (store.Query, error) {
	f, err := oneField("terms", t)
	if err != nil {
		return nil, err
	}
	if f.kind != '[' {
		return nil, parsing("[terms] query does not support [%s]", f.key)
	}
	q := store.Term{Field: f.key}
	for _, v := range f.list {
		if !v.isScalar() {
			return nil, parsing("[terms] query: values of [%s] must be strings, numbers or truth values, found [%s]", f.key, v.token())
		}
		q.Values = append(q.Values, v.scalar)
	}
	return q, nil
}

func parseRange(t tree) (store.Query, error) {
	f, err := oneField("range", t)
	if err != nil {
		return nil, err
	}
	if f.kind != '{' {
		return nil, parsing("[range] query does not support [%s]", f.key)
	}
	q := store.Range{Field: f.key}
	for _, m := range f.members {
		if m.kind != 's' {
			return nil, parsing("[range] query does not support [%s] of [%s]", m.token(), m.key)
		}
		limit := &m.scalar
		if !m.isScalar() {
			limit = nil
		}
		switch m.key {
		case "gte":
			q.From, q.WithFrom = limit, true
		case "gt":
			q.From, q.WithFrom = limit, false
		case "lte":
			q.To, q.WithTo = limit, true
		case "lt":
			q.To, q.WithTo = limit, false
		case "format":
			if q.Format, err = store.ParseFormat(m.scalar.Text); err != nil {
				return nil, err
			}
		default:
			return nil, parsing("[range] query does not support [%s]", m.key)
		}
	}
	return q, nil
}

func parseExists(t tree) (store.Query, error) {
	var q store.Exists
	for _, m := range t.members {
		if m.key != "field" || !m.isScalar() {
			return nil, parsing("[exists] query does not support [%s]", m.key)
		}
		q.Field = m.scalar.Text
	}
	if q.Field == "" {
		return nil, parsing("[exists] must be provided with a [field]")
	}
	return q, nil
}

// parseMatch reads {"field":text} or {"field":{"query":text,"operator":"and"}}.
func parseMatch(t tree) (store.Query, error) {
	f, err := oneField("match", t)
	if err != nil {
		return nil, err
	}
	q := store.Match{Field: f.key}
	if f.kind == 's' {
		q.Text = f.scalar
	}
	for _, m := range f.members {
		switch {
		case m.key == "query" && m.isScalar():
			q.Text = m.scalar
		case m.key == "operator" && m.isScalar():
			if q.Every, err = operator(m.scalar.Text); err != nil {
				return nil, err
			}
		default:
			return nil, parsing("[match] query does not support [%s]", m.key)
		}
	}
	if q.Text.Kind == store.NullScalar {
		return nil, illegal("No text specified for text query")
	}
	return q, nil
}

// parseMatchPhrase reads {"field":text} or {"field":{"query":text}}.
func parseMatchPhrase(t tree) (store.Query, error) {
	f, err := oneField("match_phrase", t)
	if err != nil {
		return nil, err
	}
	q := store.Phrase{Field: f.key}
	if f.kind == 's' {
		q.Text = f.scalar
	}
	for _, m := range f.members {
		if m.key != "query" || !m.isScalar() {
			return nil, parsing("[match_phrase] query does not support [%s]", m.key)
		}
		q.Text = m.scalar
	}
	if q.Text.Kind == store.NullScalar {
		return nil, illegal("No text specified for text query")
	}
	return q, nil
}

func operator(s string) (every bool, err error) {
	switch s {
	case "and", "AND", "And":
		return true, nil
	case "or", "OR", "Or":
		return false, nil
	}
	return false, illegal("[match] query: no operator [%s]", s)
}

func parseBool(t tree) (store.Query, error) {
	var q store.Bool
	var atLeast *tree
	for _, m := range t.members {
		var err error
		switch m.key {
		case "must", "filter": // every match scores 1, so the two are one
			q.Must, err = appendQueries(q.Must, m.tree)
		case "should":
			q.Should, err = appendQueries(q.Should, m.tree)
		case "must_not":
			q.MustNot, err = appendQueries(q.MustNot, m.tree)
		case "minimum_should_match":
			atLeast = &m.tree
		default:
			err = refuse("x_content_parse_exception", "[bool] unknown field [%s]", m.key)
		}
		if err != nil {
			return nil, err
		}
	}
	if len(q.Should) > 0 && len(q.Must) == 0 {
		q.AtLeast = 1
	}
	if atLeast != nil && len(q.Should)+len(q.Must)+len(q.MustNot) > 0 {
		n, err := strconv.Atoi(atLeast.scalar.Text)
		if err != nil {
			return nil, illegal("[minimum_should_match] of wm-store is a number, found [%s]", atLeast.scalar.Text)
		}
		if n < 0 {
			n = max(0, len(q.Should)+n)
		}
		q.AtLeast = n
	}
	return q, nil
}

func appendQueries(list []store.Query, t tree) ([]store.Query, error) {
	for _, one := range t.each() {
		q, err := parseQuery(one)
		if err != nil {
			return nil, err
		}
		list = append(list, q)
	}
	return list, nil
}
