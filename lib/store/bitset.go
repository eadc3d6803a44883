package store

import (
	"math/bits"
	"slices"
)

// bitset is a set of documents of a part, one bit each.
type bitset []uint64

func newBitset(n int) bitset { return make(bitset, (n+63)/64) }

// fullBitset returns the set of all n documents.
func fullBitset(n int) bitset {
	b := newBitset(n)
	for i := range b {
		b[i] = ^uint64(0)
	}
	if n%64 != 0 {
		b[len(b)-1] = 1<<(n%64) - 1
	}
	return b
}

func (b bitset) set(i uint32)      { b[i>>6] |= 1 << (i & 63) }
func (b bitset) clear(i uint32)    { b[i>>6] &^= 1 << (i & 63) }
func (b bitset) has(i uint32) bool { return b[i>>6]>>(i&63)&1 == 1 }
func (b bitset) and(c bitset)      { combine(b, c, func(x, y uint64) uint64 { return x & y }) }
func (b bitset) or(c bitset)       { combine(b, c, func(x, y uint64) uint64 { return x | y }) }
func (b bitset) andNot(c bitset)   { combine(b, c, func(x, y uint64) uint64 { return x &^ y }) }
func (b bitset) append(d []uint32) []uint32 {
	for i, w := range b {
		for base := uint32(i) << 6; w != 0; w &= w - 1 {
			d = append(d, base+uint32(bits.TrailingZeros64(w)))
		}
	}
	return d
}

func combine(b, c bitset, op func(x, y uint64) uint64) {
	c = c[:len(b)]
	for i := range b {
		b[i] = op(b[i], c[i])
	}
}

func (b bitset) count() int {
	n := 0
	for _, w := range b {
		n += bits.OnesCount64(w)
	}
	return n
}

// set is the documents of a part that meet a condition. It saves the bits where
// none or all do. The zero set is empty. The bits belong to the set: a caller that
// gets one may change it.
type set struct {
	bits bitset
	all  bool
}

func (s set) empty() bool { return !s.all && s.bits == nil }

// setOf returns bits as a set. Nil means the empty set.
func setOf(bits bitset) set { return set{bits: bits} }

func (s set) and(t set) set {
	switch {
	case s.all, t.empty():
		return t
	case t.all, s.empty():
		return s
	}
	s.bits.and(t.bits)
	return s
}

func (s set) or(t set) set {
	switch {
	case s.all, t.empty():
		return s
	case t.all, s.empty():
		return t
	}
	s.bits.or(t.bits)
	return s
}

// andNot removes t from s. Both are sets of n documents.
func (s set) andNot(t set, n int) set {
	switch {
	case s.empty(), t.empty():
		return s
	case t.all:
		return set{}
	case s.all:
		s = setOf(fullBitset(n))
	}
	s.bits.andNot(t.bits)
	return s
}

// of returns the bits of the set, which has n documents.
func (s set) of(n int) bitset {
	switch {
	case s.all:
		return fullBitset(n)
	case s.bits == nil:
		return newBitset(n)
	}
	return s.bits
}

func (s set) count(n int) int {
	if s.all {
		return n
	}
	return s.bits.count()
}

// docs appends the documents of the set, in order, to d.
func (s set) docs(n int, d []uint32) []uint32 {
	if !s.all {
		return s.bits.append(d)
	}
	d = slices.Grow(d, n)
	for i := range uint32(n) {
		d = append(d, i)
	}
	return d
}
