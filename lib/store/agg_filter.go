package store

import (
	"strconv"
)

// Filter counts the documents that meet a condition.
type Filter struct {
	Query Query
	Subs  []NamedAgg
}

type filter struct {
	query Query
	conditions
	docs counts
	subs subs
}

// conditions are a query compiled for each index searched.
type conditions []clause

func (c *conditions) bind(b *binding, q Query) error {
	one, err := q.compile(b)
	*c = append(*c, one)
	return err
}

func (f Filter) plan() (collector, error) {
	subs, err := planAll(f.Subs)
	return &filter{query: f.Query, subs: subs}, err
}

func (c *filter) bind(b *binding) error {
	if err := c.conditions.bind(b, c.query); err != nil {
		return err
	}
	return c.subs.bind(b)
}

func (c *filter) collect(at place, s selection) error {
	t, err := c.conditions[at.index].match(at.part)
	if err != nil {
		return err
	}
	s = s.in(t)
	c.docs.count(s)
	return c.subs.collect(at, s)
}

func (c *filter) result(bucket uint32, budget *int) (Result, error) {
	if err := spend(budget, 1); err != nil {
		return nil, err
	}
	subs, err := c.subs.results(bucket, budget)
	return Bucket{Docs: c.docs.of(bucket), Subs: subs}, err
}

func (c *filter) rank(property string) (func(uint32) float64, bool) {
	return func(k uint32) float64 { return float64(c.docs.of(k)) }, property == "" || property == "_count"
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
	conditions [][]clause // by index and query
	docs       counts
	subs       subs
}

func (f Filters) plan() (collector, error) {
	subs, err := planAll(f.Subs)
	return &filters{Filters: f, subs: subs}, err
}

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

func (c *filters) width() int {
	if c.Other != "" {
		return len(c.Queries) + 1
	}
	return len(c.Queries)
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

// enter adds documents to the i-th bucket of their parent.
func (c *filters) enter(at place, s selection, i int) error {
	s = s.split(i, c.width())
	c.docs.count(s)
	return c.subs.collect(at, s)
}

// split divides each bucket into n and moves the documents into the i-th of them.
func (s selection) split(i, n int) selection {
	out := selection{docs: s.docs, buckets: make([]uint32, len(s.docs)), parents: max(1, s.parents) * n}
	for j := range s.docs {
		out.buckets[j] = s.bucket(j)*uint32(n) + uint32(i)
	}
	return out
}

func (c *filters) result(bucket uint32, budget *int) (Result, error) {
	n := c.width()
	if err := spend(budget, n); err != nil {
		return nil, err
	}
	var out Buckets
	for i := range n {
		k := bucket*uint32(n) + uint32(i)
		subs, err := c.subs.results(k, budget)
		if err != nil {
			return nil, err
		}
		name := c.Other
		if i < len(c.Queries) {
			name = c.Queries[i].Name
		}
		b := Bucket{Docs: c.docs.of(k), Subs: subs}
		if name != "" {
			b.Key = Scalar{StringScalar, name}
		}
		out.List = append(out.List, b)
	}
	return out, nil
}

// Without counts the documents in which a field has no value.
type Without struct {
	Field string
	Subs  []NamedAgg
}

func (w Without) plan() (collector, error) {
	return Filter{Bool{MustNot: []Query{Exists{w.Field}}}, w.Subs}.plan()
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
	docs counts
	subs subs
}

func (r Ranges) plan() (collector, error) {
	subs, err := planAll(r.Subs)
	return &ranges{Ranges: r, source: source{name: r.Field}, subs: subs}, err
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
	found, vals := col.values(s)
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
		in = in.split(i, len(c.Ranges.Ranges))
		c.docs.count(in)
		if err := c.subs.collect(at, in); err != nil {
			return err
		}
	}
	return nil
}

func (c *ranges) result(bucket uint32, budget *int) (Result, error) {
	n := len(c.Ranges.Ranges)
	if err := spend(budget, n); err != nil {
		return nil, err
	}
	var out Buckets
	for i, r := range c.Ranges.Ranges {
		k := bucket*uint32(n) + uint32(i)
		subs, err := c.subs.results(k, budget)
		if err != nil {
			return nil, err
		}
		out.List = append(out.List, Bucket{Key: Scalar{StringScalar, r.name()}, From: r.From, To: r.To, Docs: c.docs.of(k), Subs: subs})
	}
	return out, nil
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
