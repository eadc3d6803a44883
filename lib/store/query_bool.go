package store

import (
	"cmp"
	"slices"
)

// Bool matches documents that meet all of Must and Filter, none of MustNot and
// at least AtLeast of Should. The score is the sum of the scores of Must and Should.
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

// scored returns a clause whose score is the sum of those of other clauses. With
// some, not all of them need match.
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
	met := make([]set, n+1) // met[k]: the documents that meet at least k
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

// summed returns the sum of the scores of clauses, for the documents that match.
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

// DisMax matches documents that meet at least one of the queries. The score is the
// highest of their scores.
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
