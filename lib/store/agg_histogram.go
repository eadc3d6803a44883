package store

import (
	"cmp"
	"slices"
	"strconv"
	"time"
)

// DateHistogram counts documents by time.
type DateHistogram struct {
	Field    string
	Interval time.Duration // of a bucket, unless Calendar is set; buckets start at multiples of it since 1970
	Calendar CalendarUnit
	Offset   time.Duration  // shifts the starts of the buckets
	Zone     *time.Location // of days and keys; nil means UTC
	Format   Format         // of the keys; zero means the field's own
	MinDocs  int64          // buckets with fewer documents are omitted; 0 fills gaps with empty buckets
	From, To *Scalar        // with MinDocs 0: the range that buckets cover at least
	Subs     []NamedAgg
}

type histogram struct {
	DateHistogram
	source
	rounding
	from, to *int64 // starts of buckets
	subs     subs
	buckets  bucketer
}

func (h DateHistogram) plan(p *plan) (collector, error) {
	subs, err := p.all(h.Subs)
	c := &histogram{DateHistogram: h, source: source{name: h.Field, format: defaultFormat}, subs: subs}
	c.rounding = rounding{unit: h.Calendar, width: h.Interval.Milliseconds(), offset: h.Offset.Milliseconds(), zone: time.UTC}
	if h.Zone != nil {
		c.zone = h.Zone
	}
	return c, err
}

func (c *histogram) bind(b *binding) error {
	if err := c.source.bind(b, "date_histogram", Date); err != nil {
		return err
	}
	var err error
	if c.from, err = c.limit(c.From, b.now); err != nil {
		return err
	}
	if c.to, err = c.limit(c.To, b.now); err != nil {
		return err
	}
	return c.subs.bind(b)
}

// limit reads one of the extended bounds: a string is a date in the format of the
// keys; a number is milliseconds, whatever the format.
func (c *histogram) limit(s *Scalar, now time.Time) (*int64, error) {
	if s == nil {
		return nil, nil
	}
	format := c.Format.or(c.source.format)
	if s.Kind == NumberScalar {
		format = millis
	}
	ms, err := format.math(s.Text, now, false, c.zone)
	if err != nil {
		return nil, refuse(BadArgument, "%v", err)
	}
	start, _ := c.bucket(ms + c.rounding.offset) // the start without the offset, which then shifts it
	return &start, nil
}

func (c *histogram) collect(at place, s selection) error {
	col, err := at.part.get(c.name, valuesOnly)
	if err != nil || col == nil {
		return err
	}
	found, vals := c.source.values(col, s)
	slots, starts := c.slots(vals)
	key := func(slot uint32) int64 { return starts[slot] }
	return c.subs.collect(at, c.buckets.assign(found, slots, len(starts), key, col.ends != nil))
}

// slots numbers the buckets of times. Consecutive times are mostly in the same
// bucket.
func (c *histogram) slots(vals []int64) (slots []uint32, starts []int64) {
	slots = make([]uint32, len(vals))
	known := map[int64]uint32{}
	var start, next int64
	slot := uint32(0)
	for i, v := range vals {
		if v < start || v >= next {
			start, next = c.bucket(v)
			var ok bool
			if slot, ok = known[start]; !ok {
				slot = uint32(len(starts))
				known[start] = slot
				starts = append(starts, start)
			}
		}
		slots[i] = slot
	}
	return slots, starts
}

// timeBucket is a bucket of the result. One that fills a gap has no bucket of the
// collector.
type timeBucket struct {
	start int64
	k     uint32
	gap   bool
}

func (c *histogram) result(bucket uint32, budget *int) (Result, error) {
	var list []timeBucket
	for _, k := range c.buckets.of(bucket) {
		if c.buckets.docs[k] >= c.MinDocs {
			list = append(list, timeBucket{start: c.buckets.keys[k], k: k})
		}
	}
	slices.SortFunc(list, func(a, b timeBucket) int { return cmp.Compare(a.start, b.start) })
	if c.MinDocs == 0 {
		var err error
		if list, err = c.fill(list, *budget); err != nil {
			return nil, err
		}
	}
	if err := spend(budget, len(list)); err != nil {
		return nil, err
	}
	var out Buckets
	for _, t := range list {
		b := Bucket{Key: Scalar{NumberScalar, strconv.FormatInt(t.start, 10)}, KeyText: c.Format.or(c.source.format).format(t.start, c.zone)}
		k := t.k
		if t.gap {
			k = uint32(c.buckets.len()) // a bucket without documents
		} else {
			b.Docs = c.buckets.docs[k]
		}
		var err error
		if b.Subs, err = c.subs.results(k, budget); err != nil {
			return nil, err
		}
		out.List = append(out.List, b)
	}
	return out, nil
}

// fill adds empty buckets between the first and the last, and up to the bounds.
func (c *histogram) fill(list []timeBucket, budget int) ([]timeBucket, error) {
	from, to := c.from, c.to
	if n := len(list); n > 0 {
		from, to = lower(from, list[0].start), higher(to, list[n-1].start)
	}
	if from == nil || to == nil || *from > *to {
		return list, nil
	}
	var all []timeBucket
	for start := *from; start <= *to; _, start = c.bucket(start) {
		if len(all) > budget {
			return nil, spend(new(int), 1)
		}
		if len(list) > 0 && list[0].start == start {
			all, list = append(all, list[0]), list[1:]
		} else {
			all = append(all, timeBucket{start: start, gap: true})
		}
	}
	return all, nil
}

func lower(p *int64, x int64) *int64 {
	if p != nil && *p < x {
		return p
	}
	return &x
}

func higher(p *int64, x int64) *int64 {
	if p != nil && *p > x {
		return p
	}
	return &x
}
