package store

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"time"
)

// Query is a condition on documents: All, None, IDs, Term, Range, Exists,
// Prefix, Wildcard, Match, Phrase, Bool, DisMax, Constant or Boost.
// A field that an index does not know matches nothing there.
type Query interface {
	// compile makes the condition for one index.
	compile(b *binding) (clause, error)
}

// clause is a condition in one index.
type clause struct {
	// match returns the documents of a part that meet the condition, dead ones
	// included.
	match func(*part) (set, error)
	// score adds the scores of those documents to an array by document, and adds
	// to no others.
	score func(*part, []float32) error
	flat  *float32 // the score, if it is the same for all
	cost  int      // where a conjunction tries it: cheap ones first
}

// The costs of clauses.
const (
	cheap  = iota // often decided by the directory of a segment
	scan          // reads a column
	lookup        // reads postings
	search        // looks at every string of a dictionary
)

// binding is a search in one index.
type binding struct {
	ctx     context.Context
	ix      *Index
	mapping *Mapping
	view    *view
	index   int // of those that are searched
	now     time.Time
	words   *vocabularies
	run     *run
}

// field returns a field, nil if the index does not know it.
func (b *binding) field(name string) *Field {
	if name == ignoredField.Name {
		return ignoredField
	}
	return b.mapping.byName[name]
}

// searchable is field for queries by value.
func (b *binding) searchable(name string) (*Field, error) {
	f := b.field(name)
	switch {
	case f != nil && !f.indexed && !f.docValues:
		reason := "since it is not indexed nor has doc values."
		if f.Type == Text {
			reason = "since it is not indexed."
		}
		return nil, b.queryError(fmt.Errorf("Cannot search on field [%s] %s", name, reason))
	case f == nil && name != "" && name[0] == '_':
		return nil, b.queryError(fmt.Errorf("Cannot search on field [%s] in this store", name))
	}
	return f, nil
}

// queryError is the error of a query that does not fit the index.
func (b *binding) queryError(err error) error {
	if e, ok := errors.AsType[*Error](err); ok && e.Kind == BadQuery {
		return b.ix.about(e)
	}
	return b.ix.about(&Error{Kind: BadQuery, Reason: "failed to create query", Cause: err.Error()})
}

// damage is the error of a part whose columns cannot be read.
type damage struct {
	part *part
	err  error
}

func (d *damage) Error() string { return d.err.Error() }
func (d *damage) Unwrap() error { return d.err }

// get returns a column of a part, nil if no document has a value.
func (p *part) get(field string, parts columnParts) (*column, error) {
	c, err := p.column(field, parts)
	if err != nil {
		return nil, &damage{p, err}
	}
	return c, nil
}

// constant is a clause with the same score for all its documents.
func constant(score float32, cost int, match func(*part) (set, error)) clause {
	return clause{match: match, flat: &score, cost: cost, score: func(p *part, scores []float32) error {
		s, err := match(p)
		addScore(scores, s, score)
		return err
	}}
}

func addScore(scores []float32, s set, x float32) {
	for _, d := range s.docs(len(scores), nil) {
		scores[d] += x
	}
}

var never = constant(0, cheap, func(*part) (set, error) { return set{}, nil })

// All matches every document.
type All struct{}

func (All) compile(*binding) (clause, error) {
	return constant(1, cheap, func(*part) (set, error) { return set{all: true}, nil }), nil
}

// None matches no document.
type None struct{}

func (None) compile(*binding) (clause, error) { return never, nil }

// IDs matches the documents with these ids.
type IDs struct{ IDs []string }

func (q IDs) compile(b *binding) (clause, error) {
	var seqs []int64
	for _, id := range q.IDs {
		list, err := b.ix.numbers(b.ctx, id)
		if err != nil {
			return never, err
		}
		seqs = append(seqs, list...)
	}
	return constant(1, cheap, func(p *part) (set, error) {
		var bits bitset
		for _, seq := range seqs {
			if i := seq - p.first; i >= 0 && i < int64(p.n) {
				if bits == nil {
					bits = newBitset(p.n)
				}
				bits.set(uint32(i))
			}
		}
		return setOf(bits), nil
	}), nil
}

// numbers returns the number of the document of an id, as a list that is empty
// if there is none.
func (ix *Index) numbers(ctx context.Context, id string) ([]int64, error) {
	rows, err := ix.read.QueryContext(ctx, "SELECT seq FROM ids WHERE id = ?", idKey(id))
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var list []int64
	for rows.Next() {
		var seq int64
		if err := rows.Scan(&seq); err != nil {
			return nil, err
		}
		list = append(list, seq)
	}
	return list, rows.Err()
}

// Exists matches documents in which the field, or some field of the object,
// has a value.
type Exists struct{ Field string }

func (q Exists) compile(b *binding) (clause, error) {
	var names []string
	for _, f := range b.mapping.under(q.Field) {
		if f.indexed || f.docValues {
			names = append(names, f.Name)
		}
	}
	return constant(1, scan, func(p *part) (set, error) {
		var all set
		for _, name := range names {
			c, err := p.get(name, valuesOnly)
			if err != nil {
				return set{}, err
			}
			if c != nil {
				all = all.or(c.exists())
			}
		}
		return all, nil
	}), nil
}

// Bool matches documents that meet all of Must and Filter, none of MustNot and
// at least AtLeast of Should. The score is the sum of those of Must and Should.
type Bool struct {
	Must, Filter, Should, MustNot []Query
	AtLeast                       int
}

// boolClause is a Bool in one index.
type boolClause struct {
	all, none, should []clause
	atLeast           int
}

func (q Bool) compile(b *binding) (clause, error) {
	must, err := compileAll(b, q.Must)
	if err != nil {
		return never, err
	}
	filter, err := compileAll(b, q.Filter)
	if err != nil {
		return never, err
	}
	var c boolClause
	if c.should, err = compileAll(b, q.Should); err != nil {
		return never, err
	}
	if c.none, err = compileAll(b, q.MustNot); err != nil {
		return never, err
	}
	c.all = slices.Concat(must, filter)
	slices.SortStableFunc(c.all, byCost)
	c.atLeast = q.AtLeast
	cost := cheap
	for _, sub := range slices.Concat(c.all, c.none, c.should) {
		cost = max(cost, sub.cost)
	}
	return scored(c.match, slices.Concat(must, c.should), len(c.should) > 0, cost), nil
}

// scored is a clause whose score is that of others together; some of them may
// not match.
func scored(match func(*part) (set, error), list []clause, some bool, cost int) clause {
	sum := float32(0)
	flat := !some
	for _, c := range list {
		if flat = flat && c.flat != nil; flat {
			sum += *c.flat
		}
	}
	if flat {
		return constant(sum, cost, match)
	}
	return clause{match: match, score: summed(match, list), cost: cost}
}

func byCost(a, b clause) int { return cmp.Compare(a.cost, b.cost) }

func compileAll(b *binding, queries []Query) ([]clause, error) {
	list := make([]clause, len(queries))
	var err error
	for i, q := range queries {
		if list[i], err = q.compile(b); err != nil {
			return nil, err
		}
	}
	return list, nil
}

func (c boolClause) match(p *part) (set, error) {
	s := set{all: true}
	for _, sub := range c.all {
		t, err := sub.match(p)
		if err != nil {
			return set{}, err
		}
		if s = s.and(t); s.empty() {
			return s, nil
		}
	}
	if c.atLeast > 0 {
		t, err := atLeast(p, c.atLeast, c.should)
		if err != nil {
			return set{}, err
		}
		s = s.and(t)
	}
	for _, sub := range c.none {
		if s.empty() {
			return s, nil
		}
		t, err := sub.match(p)
		if err != nil {
			return set{}, err
		}
		s = s.andNot(t, p.n)
	}
	return s, nil
}

// atLeast returns the documents that meet n or more of some conditions.
func atLeast(p *part, n int, list []clause) (set, error) {
	met := make([]set, n+1) // met[k]: the documents that meet k at least
	met[0] = set{all: true}
	for _, sub := range list {
		t, err := sub.match(p)
		if err != nil {
			return set{}, err
		}
		for k := n; k > 0; k-- {
			met[k] = met[k].or(met[k-1].clone().and(t.clone()))
		}
	}
	return met[n], nil
}

// clone returns a set that can be changed without changing s.
func (s set) clone() set { return set{slices.Clone(s.bits), s.all} }

// summed is the score of clauses together, for the documents that match.
func summed(match func(*part) (set, error), list []clause) func(*part, []float32) error {
	return func(p *part, scores []float32) error {
		s, err := match(p)
		if err != nil || s.empty() {
			return err
		}
		sum := make([]float32, p.n)
		for _, sub := range list {
			if err := sub.score(p, sum); err != nil {
				return err
			}
		}
		for _, d := range s.docs(p.n, nil) {
			scores[d] += sum[d]
		}
		return nil
	}
}

// DisMax matches documents that meet at least one of the queries. The score is
// the highest of theirs.
type DisMax struct{ Queries []Query }

func (q DisMax) compile(b *binding) (clause, error) {
	list, err := compileAll(b, q.Queries)
	if err != nil {
		return never, err
	}
	cost := cheap
	for _, sub := range list {
		cost = max(cost, sub.cost)
	}
	match := func(p *part) (set, error) { return atLeast(p, 1, list) }
	return clause{match: match, score: highest(list), cost: cost}, nil
}

func highest(list []clause) func(*part, []float32) error {
	return func(p *part, scores []float32) error {
		best, one := make([]float32, p.n), make([]float32, p.n)
		for _, sub := range list {
			clear(one)
			if err := sub.score(p, one); err != nil {
				return err
			}
			for d, x := range one {
				best[d] = max(best[d], x)
			}
		}
		for d, x := range best {
			scores[d] += x
		}
		return nil
	}
}

// Constant matches the same documents as Query and gives each the same score.
type Constant struct {
	Query Query
	Score float64
}

func (q Constant) compile(b *binding) (clause, error) {
	c, err := q.Query.compile(b)
	return constant(float32(q.Score), c.cost, c.match), err
}

// Boost matches the same documents as Query and multiplies its score by By.
type Boost struct {
	Query Query
	By    float64
}

func (q Boost) compile(b *binding) (clause, error) {
	c, err := q.Query.compile(b)
	if err != nil {
		return c, err
	}
	if c.flat != nil {
		return constant(*c.flat*float32(q.By), c.cost, c.match), nil
	}
	inner := c.score
	c.score = func(p *part, scores []float32) error {
		own := make([]float32, p.n)
		err := inner(p, own)
		for d, x := range own {
			scores[d] += x * float32(q.By)
		}
		return err
	}
	return c, nil
}
