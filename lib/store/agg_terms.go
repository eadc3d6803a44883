package store

import (
	"bytes"
	"cmp"
	"math"
	"slices"
	"strconv"
	"strings"
)

// Order is a sort key of the buckets of Terms.
type Order struct {
	By   string // "_count", "_key" or the path of a sub-aggregation with a single number, such as "filter>avg"
	Desc bool
}

// Terms counts documents by the values of a field.
type Terms struct {
	Field   string
	Size    int
	MinDocs int64    // buckets with fewer documents are omitted; at least 1
	Order   []Order  // nil: most documents first; ties are broken by key
	Missing *Scalar  // the key under which documents without a value are counted; nil omits them
	Include []Scalar // only these values; nil means all
	Exclude []Scalar // values to leave out
	Subs    []NamedAgg
}

type terms struct {
	Terms
	source
	subs             subs
	buckets          bucketer
	counted          []uint32 // documents by number in the vocabulary, where there are no sub-buckets
	order            []func(a, b termBucket) int
	missing          int64 // the key of Missing
	include, exclude map[int64]bool
	text             *dict // of the vocabulary, at the end
}

// termBucket is a bucket of Terms. k is its number in the bucketer, for the
// sub-aggregations.
type termBucket struct {
	key, docs int64
	k         uint32
}

func (t Terms) plan(p *plan) (collector, error) {
	subs, err := p.all(t.Subs)
	if err != nil {
		return nil, err
	}
	c := &terms{Terms: t, source: source{name: t.Field}, subs: subs}
	by := append(slices.Clone(t.Order), Order{By: "_key"})
	if len(t.Order) == 0 {
		by = slices.Insert(by, 0, Order{By: "_count", Desc: true})
	}
	for _, o := range by {
		one, err := c.comparison(o)
		if err != nil {
			return nil, err
		}
		c.order = append(c.order, one)
	}
	return c, nil
}

// comparison returns the function that compares buckets by one Order.
func (c *terms) comparison(o Order) (func(a, b termBucket) int, error) {
	var compare func(a, b termBucket) int
	switch o.By {
	case "_count":
		compare = func(a, b termBucket) int { return cmp.Compare(a.docs, b.docs) }
	case "_key":
		compare = func(a, b termBucket) int { return c.compareKeys(a.key, b.key) }
	default:
		rank, err := c.subs.rank(o.By)
		if err != nil {
			return nil, err
		}
		compare = func(a, b termBucket) int { return compareNumbers(rank(a.k), rank(b.k)) }
	}
	if o.Desc {
		return func(a, b termBucket) int { return compare(b, a) }, nil
	}
	return compare, nil
}

func (c *terms) compareKeys(a, b int64) int {
	if c.text == nil {
		return cmp.Compare(a, b)
	}
	return bytes.Compare(c.text.at(uint32(a)), c.text.at(uint32(b)))
}

// ranked is a collector whose result for a bucket has a number to sort by. property
// selects one of several numbers.
type ranked interface {
	rank(property string) (func(bucket uint32) float64, bool)
}

// rank returns a function that reads the number at a path.
func (s subs) rank(path string) (func(bucket uint32) float64, error) {
	name, rest, deeper := strings.Cut(path, ">")
	name, property, _ := strings.Cut(name, ".")
	i := slices.Index(s.names, name)
	if i < 0 {
		return nil, refuse(BadArgument, "Invalid aggregation order path [%s]. Cannot find aggregation named [%[1]s]", path)
	}
	if f, ok := s.list[i].(*filter); ok && deeper {
		return f.subs.rank(rest) // a filter has the buckets of its parent
	}
	if r, ok := s.list[i].(ranked); ok && !deeper {
		if rank, ok := r.rank(property); ok {
			return rank, nil
		}
	}
	return nil, refuse(BadArgument, "Invalid aggregation order path [%s]. The aggregation is not a single number", path)
}

func (c *terms) bind(b *binding) error {
	if err := c.source.bind(b, "terms"); err != nil {
		return err
	}
	if err := c.readKeys(); err != nil {
		return err
	}
	return c.subs.bind(b)
}

// readKeys converts the values in the request to keys, once the type of the field
// is known.
func (c *terms) readKeys() (err error) {
	if c.typ == "" {
		return nil
	}
	if c.Missing != nil {
		if c.missing, err = c.key(*c.Missing); err != nil {
			return err
		}
	}
	if c.Include != nil {
		if c.include, err = c.keySet(c.Include); err != nil {
			return err
		}
	}
	c.exclude, err = c.keySet(c.Exclude)
	return err
}

func (c *terms) keySet(list []Scalar) (map[int64]bool, error) {
	set := map[int64]bool{}
	for _, s := range list {
		key, err := c.key(s)
		if err != nil {
			return nil, err
		}
		set[key] = true
	}
	return set, nil
}

// key returns the key of a value in the request.
func (c *terms) key(s Scalar) (int64, error) {
	f := &Field{Name: c.name, Type: c.typ, format: c.format}
	if s.Kind == NumberScalar && c.typ == Date {
		f.format = millis
	}
	v, _, err := f.convert(s)
	if err != nil {
		return 0, refuse(BadArgument, "%v", err)
	}
	if c.words != nil {
		return int64(c.words.number(v.s)), nil
	}
	return v.i, nil
}

func (c *terms) collect(at place, s selection) error {
	col, numbers, err := c.numbers(at)
	if err != nil {
		return err
	}
	if c.Missing != nil && c.typ != "" {
		if err := c.collectMissing(at, s, col); err != nil {
			return err
		}
	}
	if col == nil {
		return nil
	}
	found, vals := c.source.values(col, s)
	if numbers != nil && s.buckets == nil && len(c.subs.list) == 0 && c.Missing == nil {
		c.counted = countWords(c.counted, vals, numbers)
		return nil
	}
	slots, n, key := slotsOf(vals)
	if numbers != nil {
		ord := key
		key = func(slot uint32) int64 { return int64(numbers[ord(slot)]) }
	}
	return c.subs.collect(at, c.buckets.assign(found, slots, n, key, col.ends != nil))
}

// countWords adds the number of values of each word to counts. It counts by ordinal
// first, which is faster: there are fewer of them.
func countWords(counts []uint32, vals []int64, numbers []uint32) []uint32 {
	if len(vals) == 0 {
		return counts
	}
	if n := int(slices.Max(numbers)) + 1; n > len(counts) {
		counts = append(counts, make([]uint32, n-len(counts))...)
	}
	byOrdinal := make([]uint32, len(numbers))
	for _, v := range vals {
		byOrdinal[v]++
	}
	for ord, n := range byOrdinal {
		counts[numbers[ord]] += n
	}
	return counts
}

func (c *terms) collectMissing(at place, s selection, col *column) error {
	if col != nil {
		has := col.exists()
		if has.all {
			return nil
		}
		s = s.keep(func(d uint32) bool { return has.bits == nil || !has.bits.has(d) })
	}
	key := func(uint32) int64 { return c.missing }
	return c.subs.collect(at, c.buckets.assign(s, make([]uint32, len(s.docs)), 1, key, false))
}

// slotsOf numbers the distinct values: by their distance from the minimum if all
// are close to it, otherwise in order of occurrence.
func slotsOf(vals []int64) (slots []uint32, n int, key func(uint32) int64) {
	slots = make([]uint32, len(vals))
	if len(vals) == 0 {
		return slots, 0, nil
	}
	low, high := vals[0], vals[0]
	for _, v := range vals {
		low, high = min(low, v), max(high, v)
	}
	if width := uint64(high) - uint64(low); width < 1<<17 {
		for i, v := range vals {
			slots[i] = uint32(v - low)
		}
		return slots, int(width) + 1, func(slot uint32) int64 { return low + int64(slot) }
	}
	var met bucketer
	for i, v := range vals {
		slots[i] = met.bucket(0, v)
	}
	return slots, met.len(), func(slot uint32) int64 { return met.keys[slot] }
}

func (c *terms) result(bucket uint32, budget *int) (Result, error) {
	if c.words != nil {
		c.text = c.words.view()
	}
	out := Buckets{Terms: true}
	best := top[termBucket]{n: c.Size, compare: c.compare}
	c.each(bucket, func(b termBucket) {
		if b.docs >= c.MinDocs && (c.include == nil || c.include[b.key]) && !c.exclude[b.key] {
			out.Other += b.docs
			best.add(b)
		}
	})
	list := best.sorted()
	if err := spend(budget, len(list)); err != nil {
		return nil, err
	}
	for _, t := range list {
		subs, err := c.subs.results(t.k, budget)
		if err != nil {
			return nil, err
		}
		b := Bucket{Docs: t.docs, Subs: subs}
		b.Key, b.KeyText = c.show(t.key)
		out.Other -= b.Docs
		out.List = append(out.List, b)
	}
	return out, nil
}

// each calls visit for each bucket of a parent.
func (c *terms) each(parent uint32, visit func(termBucket)) {
	for key, docs := range c.counted {
		if docs > 0 {
			visit(termBucket{key: int64(key), docs: int64(docs)})
		}
	}
	for _, k := range c.buckets.of(parent) {
		visit(termBucket{c.buckets.keys[k], c.buckets.docs[k], k})
	}
}

func (c *terms) compare(a, b termBucket) int {
	for _, one := range c.order {
		if n := one(a, b); n != 0 {
			return n
		}
	}
	return 0
}

// show renders the key of a bucket.
func (c *terms) show(key int64) (Scalar, string) {
	switch {
	case c.typ == IP:
		return Scalar{StringScalar, formatIP(string(c.text.at(uint32(key))))}, ""
	case c.words != nil:
		return Scalar{StringScalar, string(c.text.at(uint32(key)))}, ""
	case c.typ == Double || c.typ == Float:
		return Scalar{NumberScalar, formatDouble(unsortable(key))}, ""
	}
	return Scalar{NumberScalar, strconv.FormatInt(key, 10)}, c.source.text(key, Format{})
}

// formatDouble writes a number so that it reads as a floating-point one.
func formatDouble(x float64) string {
	s := strconv.FormatFloat(x, 'f', -1, 64)
	if !strings.Contains(s, ".") {
		s += ".0"
	}
	return s
}

// compareNumbers orders numbers as Java does: NaN, such as the average of nothing,
// comes last.
func compareNumbers(a, b float64) int {
	switch aNaN, bNaN := math.IsNaN(a), math.IsNaN(b); {
	case aNaN && bNaN:
		return 0
	case aNaN:
		return 1
	case bNaN:
		return -1
	}
	return cmp.Compare(a, b)
}
