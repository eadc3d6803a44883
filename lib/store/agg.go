package store

import (
	"fmt"
	"slices"
)

// MaxBuckets is how many buckets an aggregation may have, its own and its
// sub-aggregations' together.
const MaxBuckets = 65536

// Agg is an aggregation: Terms, DateHistogram, Filter, Metric or Cardinality.
type Agg interface {
	// plan makes the aggregation ready for one search.
	plan() (aggPlan, error)
}

// NamedAgg is an aggregation under the name that its result will have.
type NamedAgg struct {
	Name string
	Agg  Agg
}

// aggPlan is an aggregation within a search.
type aggPlan interface {
	// bind prepares for the documents of one index.
	bind(b *binding) error
	// state begins an empty count; a bucket has one for each sub-aggregation.
	state() aggState
}

// aggState is a count in the making. It outlives the index it was made in.
type aggState interface {
	add(*doc)
	// result ends the count. It adds the buckets it makes to budget.
	result(budget *int) (Result, error)
}

// Result is the result of an aggregation: Buckets, Bucket (of a Filter), Number
// or Count.
type Result any

// NamedResult is the result of a NamedAgg.
type NamedResult struct {
	Name   string
	Result Result
}

// Number is the result of a Metric.
type Number struct {
	Value float64
	None  bool   // no document has a value, so there is none here
	Text  string // the value as a date or truth value is written; empty for plain numbers
}

// Count is the result of Cardinality and of the Metric ValueCount.
type Count int64

// Bucket is some documents and what is counted in them.
type Bucket struct {
	Key     Scalar // as JSON would have it; the zero Scalar in a Filter's
	KeyText string // the key of a date or truth value as it is written
	Docs    int64
	Subs    []NamedResult
}

// Buckets is the result of Terms and DateHistogram.
type Buckets struct {
	List  []Bucket
	Terms bool  // by Terms: Other says something
	Other int64 // documents in buckets that are not in List, counted once a bucket
}

// plans is a set of aggregations side by side.
type plans struct {
	names []string
	list  []aggPlan
}

func planAll(aggs []NamedAgg) (plans, error) {
	var p plans
	for _, a := range aggs {
		one, err := a.Agg.plan()
		if err != nil {
			return p, err
		}
		p.names, p.list = append(p.names, a.Name), append(p.list, one)
	}
	return p, nil
}

func (p plans) bind(b *binding) error {
	for _, one := range p.list {
		if err := one.bind(b); err != nil {
			return err
		}
	}
	return nil
}

func (p plans) states() []aggState {
	if len(p.list) == 0 {
		return nil
	}
	states := make([]aggState, len(p.list))
	for i, one := range p.list {
		states[i] = one.state()
	}
	return states
}

func (p plans) results(states []aggState, budget *int) ([]NamedResult, error) {
	var list []NamedResult
	for i, s := range states {
		r, err := s.result(budget)
		if err != nil {
			return nil, err
		}
		list = append(list, NamedResult{p.names[i], r})
	}
	return list, nil
}

// spend takes n buckets from what is left.
func spend(budget *int, n int) error {
	if *budget -= n; *budget < 0 {
		return refuse(TooManyBuckets, "Trying to create too many buckets. Must be less than or equal to: [%d] but this number of"+
			" buckets was exceeded. This limit can be set by changing the [search.max_buckets] cluster level setting.", MaxBuckets)
	}
	return nil
}

// column is the field that an aggregation reads, in the index that the search
// has come to.
type column struct {
	name string
	slot int
	typ  Type // "" until an index knows the field
	form Format
	in   string // an index that has it of type typ
}

// bind looks the field up. agg and types are what may read it; no types, all.
func (c *column) bind(b *binding, agg string, types ...Type) error {
	f, slot, err := b.column(c.name)
	c.slot = slot
	if f == nil || err != nil {
		return err
	}
	if len(types) > 0 && !slices.Contains(types, f.Type) {
		return refuse(BadArgument, "Field [%s] of type [%s] is not supported for aggregation [%s]", c.name, f.Type, agg)
	}
	if c.typ != "" && c.typ != f.Type && !(f.isInteger() && (&Field{Type: c.typ}).isInteger()) {
		return refuse(BadArgument, "Field [%s] is of type [%s] in [%s] and of type [%s] in [%s]: aggregate one at a time", c.name, c.typ, c.in, f.Type, b.ix.name)
	}
	c.typ, c.form, c.in = f.Type, f.format, b.ix.name
	return nil
}

// text is how a value is written beside its number, "" for plain ones.
func (c *column) text(n int64, format Format) string {
	switch c.typ {
	case Date:
		return format.or(c.form).format(n)
	case Boolean:
		return fmt.Sprint(n != 0)
	}
	return ""
}

// bucket is a Bucket in the making.
type bucket struct {
	docs int64
	subs []aggState
}

func (k *bucket) add(d *doc) {
	k.docs++
	for _, s := range k.subs {
		s.add(d)
	}
}

// Filter counts the documents that meet a condition.
type Filter struct {
	Query Query
	Subs  []NamedAgg
}

type filterPlan struct {
	query Query
	match matcher
	subs  plans
}

func (f Filter) plan() (aggPlan, error) {
	subs, err := planAll(f.Subs)
	return &filterPlan{query: f.Query, subs: subs}, err
}

func (p *filterPlan) bind(b *binding) (err error) {
	if p.match, err = p.query.compile(b); err != nil {
		return err
	}
	return p.subs.bind(b)
}

type filterState struct {
	plan *filterPlan
	bucket
}

func (p *filterPlan) state() aggState { return &filterState{p, bucket{subs: p.subs.states()}} }

func (s *filterState) add(d *doc) {
	if s.plan.match(d) {
		s.bucket.add(d)
	}
}

func (s *filterState) result(budget *int) (Result, error) {
	if err := spend(budget, 1); err != nil {
		return nil, err
	}
	subs, err := s.plan.subs.results(s.subs, budget)
	return Bucket{Docs: s.docs, Subs: subs}, err
}

// ranked is a count that buckets can be sorted by.
type ranked interface{ rank() float64 }

func (s *filterState) rank() float64 { return float64(s.docs) }
