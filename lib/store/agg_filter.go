package store

import (
	"strconv"
)

// Filter counts the documents that meet a condition.
type Filter struct {
	Query Query
	Subs  []NamedAgg
}

// filter is a Filters with one query, and its only bucket the result.
type filter struct{ *filters }

func (f Filter) plan(p *plan) (collector, error) {
	c, err := newFilters(Filters{Queries: []NamedQuery{{Query: f.Query}}, Subs: f.Subs}, p)
	return &filter{c}, err
}

func (c *filter) result(bucket uint32, budget *int) (Result, error) {
	list, err := c.list(bucket, budget, func(int) Bucket { return Bucket{} })
	if err != nil {
		return nil, err
	}
	return list[0], nil
}

func (c *filter) rank(property string) (func(uint32) float64, bool) {
	return func(k uint32) float64 { return float64(c.docs.of(k)) }, property == "" || property == "_count"
}

// fixed are the buckets of an aggregation with n of them in each bucket of its
// parent.
type fixed struct {
	n    int
	docs counts
	subs subs
}

// enter adds documents to the i-th bucket of their parent.
func (c *fixed) enter(at place, s selection, i int) error {
	s = s.split(i, c.n)
	c.docs.count(s)
	return c.subs.collect(at, s)
}

// split divides each bucket into n and moves the documents into the i-th of them.
func (s selection) split(i, n int) selection {
	if n == 1 {
		return s
	}
	out := selection{docs: s.docs, buckets: make([]uint32, len(s.docs)), parents: max(1, s.parents) * n}
	for j := range s.docs {
		out.buckets[j] = s.bucket(j)*uint32(n) + uint32(i)
	}
	return out
}

// list returns the buckets in a bucket of the parent. label returns the i-th
// without its documents.
func (c *fixed) list(parent uint32, budget *int, label func(i int) Bucket) (list []Bucket, err error) {
	if err := spend(budget, c.n); err != nil {
		return nil, err
	}
	for i := range c.n {
		k := parent*uint32(c.n) + uint32(i)
		b := label(i)
		b.Docs = c.docs.of(k)
		if b.Subs, err = c.subs.results(k, budget); err != nil {
			return nil, err
		}
		list = append(list, b)
	}
	return list, nil
}

// NamedQuery is one bucket of Filters.
type NamedQuery struct {
	Name  string // "" in an anonymous list
	Query Query
}

// Filters counts the documents that meet each of several conditions.
type Filters struct {
	Queries []NamedQuery
	Other   string // name of a bucket for documents that meet none; "" means no such bucket
	Subs    []NamedAgg
}

type filters struct {
	Filters
	fixed
	conditions [][]clause // by index and query
}

func newFilters(f Filters, p *plan) (*filters, error) {
	subs, err := p.all(f.Subs)
	n := len(f.Queries)
	if f.Other != "" {
		n++
	}
	return &filters{Filters: f, fixed: fixed{n: n, subs: subs}}, err
}

func (f Filters) plan(p *plan) (collector, error) { return newFilters(f, p) }

func (c *filters) bind(b *binding) error {
	var list []clause
	for _, q := range c.Queries {
		one, err := q.Query.compile(b)
		if err != nil {
			return err
		}
		list = append(list, one)
	}
	c.conditions = append(c.conditions, list)
	return c.subs.bind(b)
}

func (c *filters) collect(at place, s selection) error {
	var any set
	for i, q := range c.conditions[at.index] {
		t, err := q.match(at.part)
		if err != nil {
			return err
		}
		if c.Other != "" {
			any = any.or(t.clone())
		}
		if err := c.enter(at, s.in(t), i); err != nil {
			return err
		}
	}
	if c.Other == "" {
		return nil
	}
	rest := set{all: true}.andNot(any, at.part.n)
	return c.enter(at, s.in(rest), len(c.Queries))
}

func (c *filters) result(bucket uint32, budget *int) (Result, error) {
	list, err := c.list(bucket, budget, func(i int) Bucket {
		name := c.Other
		if i < len(c.Queries) {
			name = c.Queries[i].Name
		}
		if name == "" {
			return Bucket{}
		}
		return Bucket{Key: Scalar{StringScalar, name}}
	})
	return Buckets{List: list}, err
}

// Without counts the documents in which a field has no value.
type Without struct {
	Field string
	Subs  []NamedAgg
}

func (w Without) plan(p *plan) (collector, error) {
	return Filter{Bool{MustNot: []Query{Exists{w.Field}}}, w.Subs}.plan(p)
}

// Span is one bucket of Ranges: From <= value < To. Nil means no limit.
type Span struct {
	Key      string // name of the bucket; "" derives it from the limits
	From, To *float64
}

// Ranges counts documents by ranges of a number, which may overlap.
type Ranges struct {
	Field  string
	Ranges []Span
	Subs   []NamedAgg
}

type ranges struct {
	Ranges
	source
	fixed
}

func (r Ranges) plan(p *plan) (collector, error) {
	subs, err := p.all(r.Subs)
	return &ranges{Ranges: r, source: source{name: r.Field}, fixed: fixed{n: len(r.Ranges), subs: subs}}, err
}

func (c *ranges) bind(b *binding) error {
	if err := c.source.bind(b, "range", numeric...); err != nil {
		return err
	}
	return c.subs.bind(b)
}

func (c *ranges) collect(at place, s selection) error {
	col, err := at.part.get(c.name, valuesOnly)
	if err != nil || col == nil {
		return err
	}
	found, vals := c.source.values(col, s)
	for i, r := range c.Ranges.Ranges {
		in := selection{parents: found.parents}
		for j, v := range vals {
			x := c.number(v)
			if r.From != nil && x < *r.From || r.To != nil && x >= *r.To {
				continue
			}
			in.docs, in.buckets = append(in.docs, found.docs[j]), append(in.buckets, found.bucket(j))
		}
		if col.ends != nil {
			in = in.distinct(in)
		}
		if err := c.enter(at, in, i); err != nil {
			return err
		}
	}
	return nil
}

func (c *ranges) result(bucket uint32, budget *int) (Result, error) {
	list, err := c.list(bucket, budget, func(i int) Bucket {
		r := c.Ranges.Ranges[i]
		return Bucket{Key: Scalar{StringScalar, r.name()}, From: r.From, To: r.To}
	})
	return Buckets{List: list}, err
}

// name returns the key of a range; without one, a key such as "1.0-*".
func (s Span) name() string {
	if s.Key != "" {
		return s.Key
	}
	limit := func(x *float64) string {
		if x == nil {
			return "*"
		}
		if *x == float64(int64(*x)) {
			return strconv.FormatInt(int64(*x), 10) + ".0"
		}
		return strconv.FormatFloat(*x, 'g', -1, 64)
	}
	return limit(s.From) + "-" + limit(s.To)
}
