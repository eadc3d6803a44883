package store

import (
	"math"
	"slices"
)

// MetricOp is the number that a Metric computes.
type MetricOp string

// The metrics, by Elasticsearch's names.
const (
	Sum        MetricOp = "sum"
	Avg        MetricOp = "avg"
	Min        MetricOp = "min"
	Max        MetricOp = "max"
	ValueCount MetricOp = "value_count"
)

// Metric computes one number from the values of a field.
type Metric struct {
	Op    MetricOp
	Field string
}

// metric computes all metrics at once.
type metric struct {
	op MetricOp // "": Stats
	source
	moments tally[moments]
}

// moments are the sums from which metrics are computed. As in Elasticsearch, the
// sum is a float64 with Kahan's compensation for rounding.
type moments struct {
	n           int64
	sum, lost   float64
	least, most float64
}

func (m Metric) plan(*plan) (collector, error) {
	return &metric{op: m.Op, source: source{name: m.Field}}, nil
}

func (c *metric) bind(b *binding) error {
	if c.op == ValueCount {
		return c.source.bind(b, string(c.op))
	}
	name := string(c.op)
	if name == "" {
		name = "stats"
	}
	return c.source.bind(b, name, numeric...)
}

func (c *metric) collect(at place, s selection) error {
	col, err := at.part.get(c.name, valuesOnly)
	if err != nil || col == nil {
		return err
	}
	found, vals := c.source.values(col, s)
	c.moments.at(uint32(max(0, s.parents-1)))
	for i, v := range vals {
		c.moments[found.bucket(i)].add(c.number(v))
	}
	return nil
}

func (m *moments) add(x float64) {
	if m.n++; m.n == 1 {
		m.least, m.most = x, x
	}
	m.least, m.most = min(m.least, x), max(m.most, x)
	y := x - m.lost
	t := m.sum + y
	m.lost = t - m.sum - y
	m.sum = t
}

// value returns a metric.
func (m moments) value(op MetricOp) float64 {
	switch {
	case op == ValueCount:
		return float64(m.n)
	case op == Sum:
		return m.sum
	case op == Avg:
		return m.sum / float64(m.n)
	case op == Min && m.n == 0:
		return math.Inf(1)
	case op == Max && m.n == 0:
		return math.Inf(-1)
	case op == Min:
		return m.least
	}
	return m.most
}

func (c *metric) rank(property string) (func(uint32) float64, bool) {
	op := c.op
	if op == "" {
		op = MetricOp(property)
		if property == "count" {
			op = ValueCount
		}
	} else if property != "" && property != "value" {
		return nil, false
	}
	known := slices.Contains([]MetricOp{Sum, Avg, Min, Max, ValueCount}, op)
	return func(k uint32) float64 { return c.moments.of(k).value(op) }, known
}

func (c *metric) result(bucket uint32, _ *int) (Result, error) {
	m := c.moments.of(bucket)
	switch c.op {
	case ValueCount:
		return Count(m.n), nil
	case "":
		return StatsResult{Count: m.n, Min: c.show(m, Min), Max: c.show(m, Max), Avg: c.show(m, Avg), Sum: c.show(m, Sum)}, nil
	}
	return c.show(m, c.op), nil
}

func (c *metric) show(m moments, op MetricOp) Number {
	if m.n == 0 && op != Sum {
		return Number{None: true}
	}
	x := m.value(op)
	n := int64(x)
	if c.typ == Boolean && x != 0 {
		n = 1 // a fraction also means true
	}
	return Number{Value: x, Text: c.text(n, Format{})}
}

// Stats computes count, minimum, maximum, average and sum of the values of a field.
type Stats struct{ Field string }

func (s Stats) plan(*plan) (collector, error) { return &metric{source: source{name: s.Field}}, nil }

// StatsResult is the result of Stats.
type StatsResult struct {
	Count              int64
	Min, Max, Avg, Sum Number
}

// Cardinality counts the distinct values of a field, exactly.
type Cardinality struct{ Field string }

type cardinality struct {
	source
	seen   bucketer // by parent and value
	counts counts
	single bitset // of keywords by number, if there is one parent
}

func (a Cardinality) plan(*plan) (collector, error) {
	return &cardinality{source: source{name: a.Field}}, nil
}

func (c *cardinality) bind(b *binding) error { return c.source.bind(b, "cardinality") }

func (c *cardinality) collect(at place, s selection) error {
	col, numbers, err := c.numbers(at)
	if err != nil || col == nil {
		return err
	}
	found, vals := c.source.values(col, s)
	if numbers != nil && s.buckets == nil {
		c.collectKeywords(vals, numbers)
		return nil
	}
	slots, n, key := slotsOf(vals)
	if numbers != nil {
		ord := key
		key = func(slot uint32) int64 { return int64(numbers[ord(slot)]) }
	}
	before := c.seen.len()
	c.seen.assign(found, slots, n, key, false)
	for k := before; k < c.seen.len(); k++ {
		*c.counts.at(c.seen.parents[k])++
	}
	return nil
}

// collectKeywords marks ordinals first and then looks up each once.
func (c *cardinality) collectKeywords(vals []int64, numbers []uint32) {
	met := newBitset(len(numbers))
	for _, v := range vals {
		met.set(uint32(v))
	}
	for _, ord := range met.append(nil) {
		number := numbers[ord]
		if missing := int(number>>6) + 1 - len(c.single); missing > 0 {
			c.single = append(c.single, make(bitset, max(missing, len(c.single)))...)
		}
		if !c.single.has(number) {
			c.single.set(number)
			*c.counts.at(0)++
		}
	}
}

func (c *cardinality) rank(property string) (func(uint32) float64, bool) {
	return func(k uint32) float64 { return float64(c.counts.of(k)) }, property == "" || property == "value"
}

func (c *cardinality) result(bucket uint32, _ *int) (Result, error) {
	return Count(c.counts.of(bucket)), nil
}

// Percentiles computes the values below which the given percentages of the values
// of a field lie, exactly.
type Percentiles struct {
	Field    string
	Percents []float64 // 0 to 100
}

// PercentilesResult is the result of Percentiles, in the order of Percents.
type PercentilesResult struct {
	Percents []float64
	Values   []Number
}

type percentiles struct {
	Percentiles
	source
	values tally[[]float64]
}

func (p Percentiles) plan(*plan) (collector, error) {
	return &percentiles{Percentiles: p, source: source{name: p.Field}}, nil
}

func (c *percentiles) bind(b *binding) error { return c.source.bind(b, "percentiles", numeric...) }

func (c *percentiles) collect(at place, s selection) error {
	col, err := at.part.get(c.name, valuesOnly)
	if err != nil || col == nil {
		return err
	}
	found, vals := c.source.values(col, s)
	for i, v := range vals {
		list := c.values.at(found.bucket(i))
		*list = append(*list, c.number(v))
	}
	return nil
}

func (c *percentiles) result(bucket uint32, _ *int) (Result, error) {
	vals := c.values.of(bucket)
	slices.Sort(vals)
	out := PercentilesResult{Percents: c.Percents}
	for _, p := range c.Percents {
		n := Number{None: len(vals) == 0}
		if !n.None {
			n.Value = quantile(vals, p/100)
			n.Text = c.text(int64(n.Value), Format{})
		}
		out.Values = append(out.Values, n)
	}
	return out, nil
}

// quantile interpolates between the two sorted values around a rank.
func quantile(vals []float64, q float64) float64 {
	at := q * float64(len(vals)-1)
	low := int(at)
	if low+1 >= len(vals) {
		return vals[len(vals)-1]
	}
	return vals[low] + (at-float64(low))*(vals[low+1]-vals[low])
}
