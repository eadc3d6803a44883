package store

import (
	"maps"
	"slices"
	"strconv"
	"time"
)

// DateHistogram counts documents by time.
type DateHistogram struct {
	Field    string
	Interval time.Duration // of a bucket, unless Calendar is set; buckets begin at multiples of it since 1970
	Calendar CalendarUnit
	Offset   time.Duration  // moves the beginnings of the buckets
	Zone     *time.Location // where days begin and keys are written; nil is UTC
	Format   Format         // of the keys as they are written; zero is the field's own
	MinDocs  int64          // buckets with fewer documents are left out; 0 fills the gaps
	From, To *Scalar        // with MinDocs 0: buckets reach this far at least
	Subs     []NamedAgg
}

type histogramPlan struct {
	DateHistogram
	column
	width    int64 // of a bucket in milliseconds
	from, to *int64
	subs     plans
}

func (h DateHistogram) plan() (aggPlan, error) {
	if h.Calendar != "" || h.Offset != 0 || h.Zone != nil {
		return pending{}.plan()
	}
	subs, err := planAll(h.Subs)
	return &histogramPlan{DateHistogram: h, column: column{name: h.Field, form: defaultFormat}, width: h.Interval.Milliseconds(), subs: subs}, err
}

func (p *histogramPlan) bind(b *binding) error {
	if err := p.column.bind(b, "date_histogram", Date); err != nil {
		return err
	}
	var err error
	if p.from, err = p.limit(p.From); err != nil {
		return err
	}
	if p.to, err = p.limit(p.To); err != nil {
		return err
	}
	return p.subs.bind(b)
}

// limit reads an end of the extended bounds: a string is a date in the format
// of the keys; a number is milliseconds whatever the format.
func (p *histogramPlan) limit(s *Scalar) (*int64, error) {
	if s == nil {
		return nil, nil
	}
	format := p.Format.or(p.form)
	if s.Kind == NumberScalar {
		format = millis
	}
	ms, err := format.parse(s.Text, false)
	if err != nil {
		return nil, refuse(BadArgument, "%v", err)
	}
	key := p.key(ms)
	return &key, nil
}

// key is the number of the bucket that a time belongs to.
func (p *histogramPlan) key(ms int64) int64 {
	k := ms / p.width
	if ms%p.width < 0 {
		k--
	}
	return k
}

type histogramState struct {
	plan    *histogramPlan
	buckets map[int64]*bucket
}

func (p *histogramPlan) state() aggState { return &histogramState{p, map[int64]*bucket{}} }

func (s *histogramState) add(d *doc) {
	var last int64
	for i, v := range byValue(d.vals[s.plan.slot]) {
		key := s.plan.key(v.i)
		if i > 0 && key == last {
			continue
		}
		last = key
		k := s.buckets[key]
		if k == nil {
			k = &bucket{subs: s.plan.subs.states()}
			s.buckets[key] = k
		}
		k.add(d)
	}
}

func (s *histogramState) result(budget *int) (Result, error) {
	keys := slices.DeleteFunc(slices.Sorted(maps.Keys(s.buckets)), func(k int64) bool { return s.buckets[k].docs < s.plan.MinDocs })
	if s.plan.MinDocs == 0 {
		var err error
		if keys, err = s.fill(keys, *budget); err != nil {
			return nil, err
		}
	}
	if err := spend(budget, len(keys)); err != nil {
		return nil, err
	}
	var out Buckets
	for _, key := range keys {
		k := s.buckets[key]
		if k == nil {
			k = &bucket{subs: s.plan.subs.states()}
		}
		subs, err := s.plan.subs.results(k.subs, budget)
		if err != nil {
			return nil, err
		}
		ms := key * s.plan.width
		out.List = append(out.List, Bucket{Key: Scalar{NumberScalar, strconv.FormatInt(ms, 10)},
			KeyText: s.plan.Format.or(s.plan.form).format(ms), Docs: k.docs, Subs: subs})
	}
	return out, nil
}

// fill returns all keys from the first to the last, and to the bounds.
func (s *histogramState) fill(keys []int64, budget int) ([]int64, error) {
	var all span
	for _, key := range keys {
		all.add(key, key)
	}
	if from, to := s.plan.from, s.plan.to; from != nil && (len(keys) > 0 || to != nil) {
		all.add(*from, *from)
	}
	if from, to := s.plan.from, s.plan.to; to != nil && (len(keys) > 0 || from != nil) && (from == nil || *from <= *to) {
		all.add(*to, *to)
	}
	if !all.some {
		return nil, nil
	}
	if uint64(all.max)-uint64(all.min) >= uint64(budget) {
		return nil, spend(new(int), 1)
	}
	filled := make([]int64, 0, all.max-all.min+1)
	for key := all.min; key <= all.max; key++ {
		filled = append(filled, key)
	}
	return filled, nil
}
