package eshttp

import (
	"strings"

	"github.com/wmtools/wm/lib/store"
)

// parseQ parses the parameter q: conditions FIELD:VALUE, joined by blanks, AND or OR,
// each possibly negated by NOT or "-". VALUE may be quoted (a phrase), contain * and
// ?, or begin with < <= > >=.
func (r *request) parseQ() (store.Query, error) {
	every := false
	if op := r.params.Get("default_operator"); op != "" {
		var err error
		if every, err = operator(op); err != nil {
			return nil, err
		}
	}
	var list []clauseQ
	text := r.params.Get("q")
	next := clauseQ{must: every}
	for _, word := range splitQ(text) {
		switch word {
		case "AND", "&&":
			if next.must = true; len(list) > 0 {
				list[len(list)-1].must = true
			}
		case "OR", "||":
			next.must = false
		case "NOT", "!":
			next.not = true
		default:
			if err := next.read(word, r.params.Get("df")); err != nil {
				return nil, err
			}
			list = append(list, next)
			next = clauseQ{must: every}
		}
	}
	if len(list) == 0 {
		return nil, badQ(text, "no conditions")
	}
	return allOfQ(list), nil
}

// clauseQ is one condition of q.
type clauseQ struct {
	store.Query
	must, not bool
}

func allOfQ(list []clauseQ) store.Query {
	var q store.Bool
	for _, c := range list {
		switch {
		case c.not:
			q.MustNot = append(q.MustNot, c.Query)
		case c.must:
			q.Must = append(q.Must, c.Query)
		default:
			q.Should = append(q.Should, c.Query)
		}
	}
	if len(q.Must) == 0 && len(q.Should) > 0 {
		q.AtLeast = 1
	}
	return q
}

// splitQ splits at blanks outside of quotes.
func splitQ(text string) []string {
	quoted := false
	return strings.FieldsFunc(text, func(c rune) bool {
		if c == '"' {
			quoted = !quoted
		}
		return !quoted && (c == ' ' || c == '\t' || c == '\n')
	})
}

func badQ(text, why string) error {
	e := refuse("query_shard_exception", "Failed to parse query [%s]", text)
	e.cause = refuse("parse_exception", "Cannot parse '%s': %s", text, why)
	return ofShards(e)
}

// read reads one condition.
func (c *clauseQ) read(word, defaultField string) error {
	s, negated := strings.CutPrefix(word, "-")
	c.not = c.not || negated
	s, required := strings.CutPrefix(s, "+")
	c.must = c.must || required
	field, value, ok := strings.Cut(s, ":")
	if !ok || strings.HasPrefix(s, `"`) {
		field, value = defaultField, s
	}
	switch {
	case field == "":
		return badQ(word, "wm-store knows FIELD:VALUE only, or words with [df]")
	case value == "" || strings.ContainsAny(value[:1], "[{/") || strings.ContainsAny(value, "~^()"):
		return badQ(word, "not a value that wm-store knows")
	}
	c.Query = conditionQ(field, value)
	return nil
}

func conditionQ(field, value string) store.Query {
	limit := func(n int) *store.Scalar { return &store.Scalar{Kind: store.StringScalar, Text: value[n:]} }
	switch {
	case value == "*":
		return store.Exists{Field: field}
	case strings.HasPrefix(value, ">="):
		return store.Range{Field: field, From: limit(2), WithFrom: true}
	case strings.HasPrefix(value, "<="):
		return store.Range{Field: field, To: limit(2), WithTo: true}
	case value[0] == '>':
		return store.Range{Field: field, From: limit(1)}
	case value[0] == '<':
		return store.Range{Field: field, To: limit(1)}
	case len(value) > 1 && value[0] == '"' && strings.HasSuffix(value, `"`):
		return store.Phrase{Field: field, Text: store.Scalar{Kind: store.StringScalar, Text: value[1 : len(value)-1]}}
	case strings.ContainsAny(value, "*?"):
		return store.Wildcard{Field: field, Pattern: value}
	}
	return store.Match{Field: field, Text: *limit(0)}
}
