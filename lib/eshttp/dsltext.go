package eshttp

import (
	"strconv"
	"strings"

	"github.com/wmtools/wm/lib/store"
)

var queryKey = []string{"query"}

// match parses {"field":text} or {"field":{"query":text,"operator":"and"}}.
func (p *queryParser) match(t tree) (store.Query, error) {
	f := fieldQuery{name: "match"}
	q := store.Match{}
	if err := f.readText(t, params{"operator": setText(&q.Every, operator)}); err != nil {
		return nil, err
	}
	q.Field, q.Text = f.field, *f.value
	return boosted(q, f.boost), nil
}

// matchPhrase parses {"field":text} or {"field":{"query":text}}.
func (p *queryParser) matchPhrase(t tree) (store.Query, error) {
	f := fieldQuery{name: "match_phrase"}
	noSlop := func(m member) error {
		if m.scalar.Text != "0" {
			return errUnknown
		}
		return nil
	}
	if err := f.readText(t, params{"slop": noSlop}); err != nil {
		return nil, err
	}
	return boosted(store.Phrase{Field: f.field, Text: *f.value}, f.boost), nil
}

// readText parses a query by text. Only the standard analyzer is supported.
func (f *fieldQuery) readText(t tree, p params) error {
	p["analyzer"] = checkAnalyzer
	err := f.read(t, queryKey, p)
	if err == nil && f.value == nil {
		return t.parsingEnd("No text specified for text query")
	}
	return err
}

func checkAnalyzer(m member) error {
	if m.scalar.Text != "standard" {
		return illegal("[%s] analyzer [%s] not found", "match", m.scalar.Text)
	}
	return nil
}

func operator(s string) (every bool, err error) {
	switch strings.ToUpper(s) {
	case "AND":
		return true, nil
	case "OR":
		return false, nil
	}
	return false, illegal("No enum constant org.elasticsearch.index.query.Operator.%s", strings.ToUpper(s))
}

// multiMatch parses a query of several fields, of type best_fields or phrase.
func (p *queryParser) multiMatch(t tree) (store.Query, error) {
	var text *store.Scalar
	var fields []string
	phrase, every := false, false
	boost, err := t.readQuery(params{
		"query":    set(&text, scalar),
		"fields":   set(&fields, texts),
		"type":     set(&phrase, multiMatchType),
		"operator": setText(&every, operator),
		"analyzer": checkAnalyzer,
	}, unsupported("multi_match"))
	switch {
	case err != nil:
		return nil, err
	case text == nil:
		return nil, t.parsingEnd("No text specified for multi_match query")
	case len(fields) == 0:
		return nil, t.parsing("[multi_match] of wm-store requires [fields]")
	}
	var any store.DisMax
	for _, name := range fields {
		q, err := oneOfFields(t, name, *text, phrase, every)
		if err != nil {
			return nil, err
		}
		any.Queries = append(any.Queries, q)
	}
	return boosted(any, boost), nil
}

func multiMatchType(m member) (phrase bool, err error) {
	switch m.scalar.Text {
	case "best_fields":
		return false, nil
	case "phrase":
		return true, nil
	case "most_fields", "cross_fields", "phrase_prefix", "bool_prefix":
		return false, m.parsing("[multi_match] type [%s] is not supported by wm-store", m.scalar.Text)
	}
	return false, refuse("parse_exception", "failed to parse [multi_match] query type [%s]. unknown type.", m.scalar.Text)
}

// oneOfFields returns the query for one field of a multi_match, written "name" or
// "name^boost".
func oneOfFields(t tree, name string, text store.Scalar, phrase, every bool) (store.Query, error) {
	name, by, hasBoost := strings.Cut(name, "^")
	boost := 1.0
	if hasBoost {
		var err error
		if boost, err = strconv.ParseFloat(by, 64); err != nil {
			return nil, refuse("number_format_exception", "For input string: %q", by)
		}
	}
	if strings.Contains(name, "*") {
		return nil, t.parsing("[multi_match] field pattern [%s] is not supported by wm-store", name)
	}
	if phrase {
		return boosted(store.Phrase{Field: name, Text: text}, boost), nil
	}
	return boosted(store.Match{Field: name, Text: text, Every: every}, boost), nil
}
