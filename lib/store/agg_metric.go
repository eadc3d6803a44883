package store

import (
	"hash/maphash"
)

// MetricOp is what a Metric works out of the values of a field.
type MetricOp string

// The metrics, by Elasticsearch's names.
const (
	Sum        MetricOp = "sum"
	Min        MetricOp = "min"
	Max        MetricOp = "max"
	ValueCount MetricOp = "value_count"
)

// Metric works one number out of the values of a field.
type Metric struct {
	Op    MetricOp
	Field string
}

type metricPlan struct {
	Metric
	column
}

func (m Metric) plan() (aggPlan, error) { return &metricPlan{m, column{name: m.Field}}, nil }

func (p *metricPlan) bind(b *binding) error {
	if p.Op == ValueCount {
		return p.column.bind(b, string(p.Op))
	}
	return p.column.bind(b, string(p.Op), Date, Long, Integer, Short, Boolean)
}

// metricState keeps what all metrics need. The sum is a float64, as
// Elasticsearch's is, with what rounding lost carried along (Kahan).
type metricState struct {
	plan        *metricPlan
	n           int64
	sum, lost   float64
	least, most int64
}

func (p *metricPlan) state() aggState { return &metricState{plan: p} }

func (s *metricState) add(d *doc) {
	vals := byValue(d.vals[s.plan.slot])
	for i, v := range vals {
		if i > 0 && s.plan.typ == Keyword && v == vals[i-1] {
			continue // a keyword counts once a document, a number each time
		}
		if s.n++; s.n == 1 {
			s.least, s.most = v.i, v.i
		}
		s.least, s.most = min(s.least, v.i), max(s.most, v.i)
		y := float64(v.i) - s.lost
		t := s.sum + y
		s.lost = t - s.sum - y
		s.sum = t
	}
}

func (s *metricState) rank() float64 {
	switch s.plan.Op {
	case ValueCount:
		return float64(s.n)
	case Min:
		return float64(s.least)
	case Max:
		return float64(s.most)
	}
	return s.sum
}

func (s *metricState) result(*int) (Result, error) {
	if s.plan.Op == ValueCount {
		return Count(s.n), nil
	}
	r := Number{Value: s.rank(), None: s.n == 0 && s.plan.Op != Sum}
	if !r.None {
		r.Text = s.plan.text(int64(r.Value), Format{})
	}
	return r, nil
}

// Cardinality counts the different values of a field. It is exact but for
// collisions of a 64-bit hash, and takes some 20 bytes a value.
type Cardinality struct{ Field string }

type cardinalityPlan struct {
	column
	seed maphash.Seed
}

func (c Cardinality) plan() (aggPlan, error) {
	return &cardinalityPlan{column{name: c.Field}, maphash.MakeSeed()}, nil
}

func (p *cardinalityPlan) bind(b *binding) error { return p.column.bind(b, "cardinality") }

type cardinalityState struct {
	plan *cardinalityPlan
	seen map[uint64]struct{}
}

func (p *cardinalityPlan) state() aggState {
	return &cardinalityState{p, map[uint64]struct{}{}}
}

func (s *cardinalityState) add(d *doc) {
	for _, v := range d.vals[s.plan.slot] {
		h := uint64(v.i)
		if s.plan.typ == Keyword {
			h = maphash.String(s.plan.seed, v.s)
		}
		s.seen[h] = struct{}{}
	}
}

func (s *cardinalityState) rank() float64 { return float64(len(s.seen)) }

func (s *cardinalityState) result(*int) (Result, error) { return Count(len(s.seen)), nil }
