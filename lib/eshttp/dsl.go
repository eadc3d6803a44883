package eshttp

import (
	"strconv"
	"strings"

	"github.com/wmtools/wm/lib/store"
)

// Limits of queries, Elasticsearch's defaults.
const (
	maxQueryDepth = 30     // indices.query.bool.max_nested_depth
	maxTerms      = 65_536 // index.max_terms_count
	maxClauses    = 65_536 // indices.query.bool.max_clause_count, which depends on the heap there
)

// queryParser parses the query of one search.
type queryParser struct {
	depth, clauses int
}

// parseQuery parses a whole query.
func parseQuery(t tree) (store.Query, error) {
	return (&queryParser{}).query(t)
}

var queries map[string]func(*queryParser, tree) (store.Query, error)

func init() {
	queries = map[string]func(*queryParser, tree) (store.Query, error){
		"match_all":      (*queryParser).matchAll,
		"match_none":     (*queryParser).matchNone,
		"bool":           (*queryParser).boolean,
		"constant_score": (*queryParser).constantScore,
		"ids":            (*queryParser).ids,
		"term":           (*queryParser).term,
		"terms":          (*queryParser).terms,
		"range":          (*queryParser).between,
		"exists":         (*queryParser).exists,
		"prefix":         (*queryParser).prefix,
		"wildcard":       (*queryParser).wildcard,
		"match":          (*queryParser).match,
		"match_phrase":   (*queryParser).matchPhrase,
		"multi_match":    (*queryParser).multiMatch,
	}
}

func (p *queryParser) query(t tree) (store.Query, error) {
	if t.kind != '{' {
		return nil, t.parsing("[_na] query malformed, must start with start_object")
	}
	if len(t.members) == 0 {
		line, col := place(t.body, t.end-1)
		return nil, illegal("query malformed, empty clause found at [%d:%d]", line, col)
	}
	q := t.members[0]
	parse, known := queries[q.key]
	switch {
	case q.kind != '{':
		return nil, q.parsing("[%s] query malformed, no start_object after query name", q.key)
	case !known:
		return nil, unknownName(q.tree, "unknown query [%s]", q.key)
	}
	p.depth++
	p.clauses++
	defer func() { p.depth-- }()
	switch {
	case p.depth > maxQueryDepth:
		return nil, illegal("The nested depth of the query exceeds the maximum nested depth for queries set in [indices.query.bool.max_nested_depth]")
	case p.clauses > maxClauses:
		return nil, ofShards(refuse("too_many_nested_clauses", "Query contains too many nested clauses; maxClauseCount is set to %d", maxClauses))
	}
	parsed, err := parse(p, q.tree)
	if err == nil && len(t.members) > 1 {
		m := t.members[1]
		err = parsingAt(m.body, m.keyAt, "[%s] malformed query, expected [END_OBJECT] but found [FIELD_NAME]", q.key)
	}
	return parsed, err
}

// unknownName returns the error for an unknown query or aggregation.
func unknownName(t tree, format, name string) error {
	e := t.parsing(format, name)
	line, col := place(t.body, t.at)
	e.cause = refuse("named_object_not_found_exception", "[%d:%d] unknown field [%s]", line, col, name)
	return e
}

// boosted applies a boost to the score of a query.
func boosted(q store.Query, boost float64) store.Query {
	if boost == 1 {
		return q
	}
	return store.Boost{Query: q, By: boost}
}

// boost parses the boost of a query; default 1.
func (m member) boost() (float64, error) {
	f, err := strconv.ParseFloat(m.scalar.Text, 64)
	switch {
	case err != nil:
		return 1, refuse("number_format_exception", "For input string: %q", m.scalar.Text)
	case f < 0:
		return 1, illegal("negative [boost] are not allowed in [%s], use a value between 0 and 1 to deboost", m.raw())
	}
	return f, nil
}

// readQuery parses the members of a query, which may have a boost, by default 1.
func (t tree) readQuery(p params, fail func(member, error) error) (boost float64, err error) {
	boost = 1
	p["boost"] = set(&boost, member.boost)
	err = t.read(p, fail)
	return boost, err
}

// unsupported converts errUnknown to the error of most queries.
func unsupported(query string) func(member, error) error {
	return ifUnknown(func(m member) error { return m.parsing("[%s] query does not support [%s]", query, m.key) })
}

// wrapped converts errUnknown to an error inside a parsing_exception, as some queries
// report it.
func wrapped(query string) func(member, error) error {
	return ifUnknown(func(m member) error {
		cause := m.unknown(query)
		e := m.parsing("%s", cause.reason)
		e.cause = cause
		return e
	})
}

func (p *queryParser) matchAll(t tree) (store.Query, error) {
	boost, err := t.readQuery(params{}, wrapped("match_all"))
	return boosted(store.All{}, boost), err
}

func (p *queryParser) matchNone(t tree) (store.Query, error) {
	_, err := t.readQuery(params{}, wrapped("match_none"))
	return store.None{}, err
}

func (p *queryParser) ids(t tree) (store.Query, error) {
	var q store.IDs
	boost, err := t.readQuery(params{"values": set(&q.IDs, texts)}, wrapped("ids"))
	return boosted(q, boost), err
}

func (p *queryParser) boolean(t tree) (store.Query, error) {
	var q store.Bool
	var atLeast *store.Scalar
	boost, err := t.readQuery(params{
		"must":                 set(&q.Must, p.clausesOf),
		"filter":               set(&q.Filter, p.clausesOf),
		"should":               set(&q.Should, p.clausesOf),
		"must_not":             set(&q.MustNot, p.clausesOf),
		"minimum_should_match": set(&atLeast, scalar),
	}, unknownTo("bool"))
	clauses := len(q.Must) + len(q.Filter) + len(q.Should) + len(q.MustNot)
	switch {
	case err != nil:
		return nil, err
	case clauses == 0:
		return boosted(store.All{}, boost), nil
	}
	if atLeast != nil {
		if q.AtLeast, err = minimumShouldMatch(atLeast.Text, len(q.Should)); err != nil {
			return nil, err
		}
	}
	if len(q.Should) > 0 && len(q.Must)+len(q.Filter) == 0 {
		q.AtLeast = max(1, q.AtLeast) // if all clauses are optional, one must match
	}
	return boosted(q, boost), nil
}

// clausesOf parses one query or a list of them.
func (p *queryParser) clausesOf(m member) ([]store.Query, error) {
	if m.kind == 's' {
		return nil, m.content("[bool] %s doesn't support values of type: %s", m.key, m.token())
	}
	var list []store.Query
	for _, one := range m.each() {
		q, err := p.query(one)
		if err != nil {
			return nil, m.failed("bool", err)
		}
		list = append(list, q)
	}
	return list, nil
}

// minimumShouldMatch parses a count or a percentage of n clauses. A negative one is
// the number that need not match.
func minimumShouldMatch(s string, n int) (int, error) {
	digits, percent := strings.CutSuffix(strings.TrimSpace(s), "%")
	k, err := strconv.Atoi(digits)
	if err != nil {
		return 0, refuse("number_format_exception", "For input string: %q", s)
	}
	if percent {
		k = int(float64(n) * float64(k) / 100)
	}
	if k < 0 || percent && digits[0] == '-' {
		return max(0, n+k), nil
	}
	return k, nil
}

func (p *queryParser) constantScore(t tree) (store.Query, error) {
	var q store.Constant
	var err error
	q.Score, err = t.readQuery(params{"filter": setTree(&q.Query, p.query)}, unsupported("constant_score"))
	if err == nil && q.Query == nil {
		err = t.parsingEnd("[constant_score] requires a 'filter' element")
	}
	return q, err
}

// exists parses {"field":"name"}.
func (p *queryParser) exists(t tree) (store.Query, error) {
	var q store.Exists
	boost, err := t.readQuery(params{"field": ofKind('s', set(&q.Field, plain))}, unsupported("exists"))
	if err == nil && q.Field == "" {
		err = t.parsingEnd("[exists] must be provided with a [field]")
	}
	return boosted(q, boost), err
}
