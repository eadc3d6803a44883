package store

import (
	"slices"
)

// MaxBuckets is the maximum number of buckets of an aggregation, including those
// of its sub-aggregations.
const MaxBuckets = 65536

// Agg is an aggregation: Terms, DateHistogram, Ranges, Filter, Filters, Without,
// Sampler, SignificantTerms, Metric, Stats, Cardinality, Percentiles or TopHits.
type Agg interface {
	// plan returns a collector for one search.
	plan(*plan) (collector, error)
}

// NamedAgg is an aggregation and the name of its result.
type NamedAgg struct {
	Name string
	Agg  Agg
}

// collector is an aggregation within a search. One collector computes the results
// for all buckets of the enclosing aggregation, which are numbered from 0.
type collector interface {
	// bind prepares the collector for the documents of an index.
	bind(b *binding) error
	// collect adds documents of a part.
	collect(at place, s selection) error
	// result returns the result for one bucket. It subtracts the number of buckets
	// that it makes from budget.
	result(bucket uint32, budget *int) (Result, error)
}

// place identifies the documents that are collected.
type place struct {
	index  int // position of the index in the search
	part   *part
	scores []float32 // by document; nil: flat
	flat   float32
}

// Result is the result of an aggregation: Buckets, Bucket (of a Filter, Without
// or Sampler), Number, Count, StatsResult, PercentilesResult, HitsResult or
// SignificantResult.
type Result any

// NamedResult is the result of a NamedAgg.
type NamedResult struct {
	Name   string
	Result Result
}

// Number is the result of a Metric.
type Number struct {
	Value float64
	None  bool   // no document has a value
	Text  string // the value as a date or truth value is written; empty for plain numbers
}

// Count is the result of Cardinality and of the Metric ValueCount.
type Count int64

// Bucket is a group of documents and the results of the sub-aggregations in it.
type Bucket struct {
	Key      Scalar   // as in JSON; zero in the bucket of a Filter
	KeyText  string   // the key as a formatted date or truth value
	From, To *float64 // only in buckets of Ranges
	Docs     int64
	Subs     []NamedResult
}

// Buckets is the result of Terms, DateHistogram, Ranges and Filters.
type Buckets struct {
	List  []Bucket
	Terms bool  // the result of Terms: Other is valid
	Other int64 // documents in buckets that are not in List, counted once per bucket
}

// subs is the sub-aggregations of one aggregation.
type subs struct {
	names []string
	list  []collector
}

// plan is what the aggregations of a search need.
type plan struct {
	scores bool // some of them work on scores
}

// all returns the collectors of aggregations.
func (p *plan) all(aggs []NamedAgg) (subs, error) {
	var s subs
	for _, a := range aggs {
		one, err := a.Agg.plan(p)
		if err != nil {
			return s, err
		}
		s.names, s.list = append(s.names, a.Name), append(s.list, one)
	}
	return s, nil
}

func (s subs) bind(b *binding) error {
	for _, one := range s.list {
		if err := one.bind(b); err != nil {
			return err
		}
	}
	return nil
}

func (s subs) collect(at place, sel selection) error {
	if len(sel.docs) == 0 {
		return nil
	}
	for _, one := range s.list {
		if err := one.collect(at, sel); err != nil {
			return err
		}
	}
	return nil
}

func (s subs) results(bucket uint32, budget *int) ([]NamedResult, error) {
	var list []NamedResult
	for i, one := range s.list {
		r, err := one.result(bucket, budget)
		if err != nil {
			return nil, err
		}
		list = append(list, NamedResult{s.names[i], r})
	}
	return list, nil
}

// spend subtracts n buckets from the budget. It returns an error if that is
// exceeded.
func spend(budget *int, n int) error {
	if *budget -= n; *budget < 0 {
		return refuse(TooManyBuckets, "Trying to create too many buckets. Must be less than or equal to: [%d] but this number of"+
			" buckets was exceeded. This limit can be set by changing the [search.max_buckets] cluster level setting.", MaxBuckets)
	}
	return nil
}

// tally is a value for each bucket. It grows as buckets appear.
type tally[T any] []T

// at returns a pointer to the value of a bucket.
func (t *tally[T]) at(bucket uint32) *T {
	if int(bucket) >= len(*t) {
		*t = slices.Grow(*t, int(bucket)+1-len(*t))[:bucket+1]
	}
	return &(*t)[bucket]
}

// of returns the value of a bucket, or zero if it has none.
func (t tally[T]) of(bucket uint32) (x T) {
	if int(bucket) < len(t) {
		x = t[bucket]
	}
	return x
}

// counts are numbers of documents by bucket.
type counts struct{ tally[int64] }

// count counts the documents of each bucket.
func (c *counts) count(s selection) {
	if len(s.docs) == 0 {
		return
	}
	last := c.at(uint32(max(0, s.parents-1)))
	if s.buckets == nil {
		*last += int64(len(s.docs)) // the only bucket
		return
	}
	for _, k := range s.buckets {
		c.tally[k]++
	}
}

// source is the field that an aggregation reads.
type source struct {
	name   string
	typ    Type // "" until an index knows the field
	format Format
	in     string // an index that has it of type typ
	words  *vocabulary
	vals   []int64 // memory for values
}

// values returns the values of the selected documents, until the next call, and a
// selection with one document for each value.
func (s *source) values(c *column, sel selection) (found selection, vals []int64) {
	found, s.vals = c.values(sel, s.vals[:0])
	return found, s.vals
}

// bind looks up the field. It returns an error that names the aggregation agg
// unless the field has one of the types; no types means any.
func (s *source) bind(b *binding, agg string, types ...Type) error {
	f, err := b.column(s.name)
	if f == nil || err != nil {
		return err
	}
	if len(types) > 0 && !slices.Contains(types, f.Type) {
		return refuse(BadArgument, "Field [%s] of type [%s] is not supported for aggregation [%s]", s.name, f.Type, agg)
	}
	if s.typ != "" && !alike(s.typ, f.Type) {
		return refuse(BadArgument, "Field [%s] is of type [%s] in [%s] and of type [%s] in [%s]: aggregate one at a time", s.name, s.typ, s.in, f.Type, b.ix.name)
	}
	s.typ, s.format, s.in = f.Type, f.format, b.ix.name
	if f.hasDict() {
		s.words = b.words.of(s.name)
	}
	return nil
}

// alike reports whether values of two types are read the same.
func alike(a, b Type) bool {
	x, y := &Field{Type: a}, &Field{Type: b}
	return a == b || x.isInteger() && y.isInteger() || x.isDouble() && y.isDouble()
}

// column is field for sorting and aggregations, which need a value for each
// document.
func (b *binding) column(name string) (*Field, error) {
	f := b.field(name)
	switch {
	case f == nil || f.docValues:
		return f, nil
	case f.Type == Text:
		return nil, refuse(BadArgument, "Fielddata is disabled on [%s] in [%s]. Text fields are not optimised for operations that require"+
			" per-document field data like aggregations and sorting, so these operations are disabled by default. Please use a keyword field instead."+
			" Alternatively, set fielddata=true on [%[1]s] in order to load field data by uninverting the inverted index."+
			" Note that this can use significant memory.", name, b.ix.name)
	}
	return nil, refuse(BadArgument, "Can't load fielddata on [%s] because fielddata is unsupported on fields of type [%s]. Use doc values instead.", name, f.Type)
}

// numbers returns the column of the field in a part, or nil if it has no values
// there. For a keyword it also returns the number of each ordinal in the
// vocabulary.
func (s *source) numbers(at place) (*column, []uint32, error) {
	var known []uint32
	if s.words != nil {
		known = s.words.known(at.part.dictionary(s.name))
	}
	if s.words == nil || known != nil {
		c, err := at.part.get(s.name, valuesOnly)
		return c, known, err // the strings need not be in memory
	}
	c, err := at.part.get(s.name, wholeColumn)
	if err != nil || c == nil {
		return nil, nil, err
	}
	return c, s.words.of(c.dict), nil
}

// number returns a value of the field as a floating-point number.
func (s *source) number(v int64) float64 {
	if s.typ == Double || s.typ == Float {
		return unsortable(v)
	}
	return float64(v)
}

// text returns a value as a formatted date or truth value, or "" for a plain
// number.
func (s *source) text(n int64, format Format) string {
	switch s.typ {
	case Date:
		return format.or(s.format).format(n, nil)
	case Boolean:
		if n != 0 {
			return "true"
		}
		return "false"
	}
	return ""
}

// numeric are the types that metrics accept.
var numeric = []Type{Date, Long, Integer, Short, Double, Float, Boolean}
