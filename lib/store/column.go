package store

import (
	"encoding/binary"
	"slices"
)

// column holds the values of one field in the documents of a part. Numbers, dates
// and truth values are in vals; a keyword is an ordinal of dict; a text is only in
// text, and has or ends determine which documents have one.
type column struct {
	n    int // documents
	vals numbers
	has  bitset   // the documents with a value; nil: all, or see ends
	ends []uint32 // if a document has several values: the end of each document's values in vals, which are ascending
	dict *dict
	text *text

	low, high int64 // bounds of vals and 0, in a decoded column
}

// selection is some documents of a part, in order, each with its bucket of the
// enclosing aggregation. A document may occur several times.
type selection struct {
	docs    []uint32
	buckets []uint32 // nil: all in bucket 0
	parents int      // buckets are below this
}

func (s selection) bucket(i int) uint32 {
	if s.buckets == nil {
		return 0
	}
	return s.buckets[i]
}

// keep returns the documents that meet a condition.
func (s selection) keep(ok func(doc uint32) bool) selection {
	out := selection{docs: make([]uint32, 0, len(s.docs)), parents: s.parents}
	for i, d := range s.docs {
		if !ok(d) {
			continue
		}
		out.docs = append(out.docs, d)
		if s.buckets != nil {
			out.buckets = append(out.buckets, s.buckets[i])
		}
	}
	return out
}

// in returns the documents that are in a set.
func (s selection) in(t set) selection {
	switch {
	case t.all:
		return s
	case t.empty():
		return selection{parents: s.parents}
	}
	return s.keep(t.bits.has)
}

// values appends the values of the selected documents to vals, and returns a
// selection with one document for each value.
func (c *column) values(s selection, vals []int64) (selection, []int64) {
	if c.ends != nil {
		return c.several(s, vals)
	}
	if c.has != nil {
		s = s.keep(c.has.has)
	}
	return s, c.vals.gather(slices.Grow(vals, len(s.docs)), s.docs)
}

func (c *column) several(s selection, vals []int64) (selection, []int64) {
	out := selection{parents: s.parents}
	for i, d := range s.docs {
		for j := c.start(d); j < c.ends[d]; j++ {
			out.docs = append(out.docs, d)
			if s.buckets != nil {
				out.buckets = append(out.buckets, s.buckets[i])
			}
			vals = append(vals, c.vals.at(int(j)))
		}
	}
	return out, vals
}

// start returns the index of a document's first value, in a column with ends.
func (c *column) start(doc uint32) uint32 {
	if doc == 0 {
		return 0
	}
	return c.ends[doc-1]
}

// exists returns the documents with a value.
func (c *column) exists() set {
	switch {
	case c.ends != nil:
		b := newBitset(c.n)
		for d := range uint32(c.n) {
			if c.start(d) < c.ends[d] {
				b.set(d)
			}
		}
		return setOf(b)
	case c.has != nil:
		return setOf(slices.Clone(c.has))
	}
	return set{all: true}
}

// between returns the documents with a value from low to high.
func (c *column) between(low, high int64) set {
	return c.owners(c.vals.between(low, high))
}

// chosen returns the documents with a value whose ordinal is among o.
func (c *column) chosen(o ords) set {
	switch {
	case o.empty() || c.vals.n == 0:
		return set{}
	case o.table != nil:
		return c.owners(c.vals.among(o.table))
	}
	return c.between(int64(o.low), int64(o.high)-1)
}

// owners returns the documents that own a set of values.
func (c *column) owners(vals bitset) set {
	switch {
	case vals == nil:
		return set{}
	case c.ends != nil:
		b := newBitset(c.n)
		for d := range uint32(c.n) {
			for j := c.start(d); j < c.ends[d]; j++ {
				if vals.has(j) {
					b.set(d)
					break
				}
			}
		}
		return setOf(b)
	case c.has != nil:
		vals.and(c.has)
	}
	return setOf(vals)
}

// span returns the least and the greatest value; ok is false without any.
func (c *column) span() (low, high int64, ok bool) {
	for i := range c.vals.n {
		if c.has != nil && !c.has.has(uint32(i)) {
			continue
		}
		v := c.vals.at(i)
		if !ok {
			low, high, ok = v, v, true
		}
		low, high = min(low, v), max(high, v)
	}
	return low, high, ok
}

// newColumn arranges values, each with its document in ascending order, as a
// column of n documents.
func newColumn(n int, docs []uint32, vals []int64) *column {
	c := &column{n: n, vals: narrow(nil)}
	for i := 1; i < len(docs); i++ {
		if docs[i] == docs[i-1] {
			c.setSeveral(docs, vals)
			return c
		}
	}
	if len(docs) == n {
		c.vals = narrow(vals)
		return c
	}
	c.has = newBitset(n)
	if len(docs) == 0 {
		return c
	}
	all := make([]int64, n)
	for i := range all {
		all[i] = vals[0] // any other value might widen the column
	}
	for i, d := range docs {
		c.has.set(d)
		all[d] = vals[i]
	}
	c.vals = narrow(all)
	return c
}

func (c *column) setSeveral(docs []uint32, vals []int64) {
	c.ends = make([]uint32, c.n)
	for _, d := range docs {
		c.ends[d]++
	}
	end := uint32(0)
	for d := range c.ends {
		end += c.ends[d]
		c.ends[d] = end
	}
	vals = slices.Clone(vals)
	for d := range uint32(c.n) {
		slices.Sort(vals[c.start(d):c.ends[d]])
	}
	c.vals = narrow(vals)
}

// inOrder returns the column with its dictionary sorted.
func (c *column) inOrder() *column {
	sorted, renamed := c.dict.inOrder()
	vals := c.vals.all()
	for i, v := range vals {
		vals[i] = int64(renamed[v])
	}
	out := &column{n: c.n, has: c.has, ends: c.ends, dict: sorted}
	for d := range uint32(len(c.ends)) {
		slices.Sort(vals[c.start(d):c.ends[d]])
	}
	out.vals = narrow(vals)
	return out
}

func (c *column) bytes() int {
	n := c.vals.bytes() + 8*len(c.has) + 4*len(c.ends) + 64
	if c.text != nil {
		n += c.text.tokens.bytes() + 4*len(c.text.ends)
	}
	return n
}

// Which parts a block of values has.
const (
	hasPart  = 1 << iota // one bit per document: whether it has a value
	endsPart             // how many values each document has
)

// appendColumn encodes the values of a column without its dictionary: the number
// of documents, the flags of the parts that follow, and these parts.
func appendColumn(dst []byte, c *column) []byte {
	dst = binary.AppendUvarint(dst, uint64(c.n))
	switch {
	case c.ends != nil:
		counts := make([]int64, c.n)
		for d := range counts {
			counts[d] = int64(c.ends[d] - c.start(uint32(d)))
		}
		v := narrow(counts)
		dst = appendNumbers(append(dst, endsPart), &v)
	case c.has != nil:
		dst = ints[uint64](c.has).append(append(dst, hasPart))
	default:
		dst = append(dst, 0)
	}
	return appendNumbers(dst, &c.vals)
}

// column decodes what appendColumn encoded.
func (d *decoding) column() *column {
	c := &column{n: d.count(maxValues)}
	parts := d.byte()
	want := c.n
	switch parts {
	case 0:
	case hasPart:
		c.has = d.bits(c.n)
	case endsPart:
		counts := d.numbers()
		if counts.n != c.n {
			d.fail()
			return c
		}
		if d.err != nil {
			return c
		}
		c.ends = make([]uint32, c.n)
		want = 0
		for i := range c.ends {
			k := counts.at(i)
			if want += int(k); k < 0 || want > maxValues {
				d.fail()
				return c
			}
			c.ends[i] = uint32(want)
		}
	default:
		d.fail()
	}
	c.vals = d.numbers()
	if c.vals.n != want && !(c.vals.n == 0 && parts == hasPart && c.has.count() == 0) {
		d.fail()
	}
	for i := 0; i < c.vals.n && d.err == nil; i++ {
		v := c.vals.at(i)
		c.low, c.high = min(c.low, v), max(c.high, v)
	}
	return c
}
