package store

import (
	"encoding/binary"
	"math/bits"
)

// numbers is an array of integers, each stored as an unsigned distance from base in
// the smallest width that fits all: 1, 8, 16, 32 or 64 bits.
type numbers struct {
	n    int
	base int64
	packed
}

// packed is an array of unsigned integers of one width.
type packed interface {
	get(i int) uint64
	// gather appends the integers at some indices, plus base, to dst.
	gather(dst []int64, base int64, places []uint32) []int64
	// between returns the indices of the integers from from to from+span, or nil if
	// there are none.
	between(from, span uint64) bitset
	// append encodes the integers in little-endian order.
	append(dst []byte) []byte
	width() int // in bits
}

// narrow returns values as numbers.
func narrow(values []int64) numbers {
	if len(values) == 0 {
		return numbers{packed: flags{}}
	}
	low, high := values[0], values[0]
	for _, x := range values {
		low, high = min(low, x), max(high, x)
	}
	v := numbers{n: len(values), base: low}
	switch span := uint64(high) - uint64(low); {
	case span <= 1:
		b := newBitset(len(values))
		for i, x := range values {
			b[i>>6] |= (uint64(x) - uint64(low)) << (i & 63)
		}
		v.packed = flags{b, v.n}
	case span < 1<<8:
		v.packed = pack[uint8](values, low)
	case span < 1<<16:
		v.packed = pack[uint16](values, low)
	case span < 1<<32:
		v.packed = pack[uint32](values, low)
	default:
		v.packed = pack[uint64](values, low)
	}
	return v
}

// at returns one number.
func (v *numbers) at(i int) int64 { return v.base + int64(v.get(i)) }

// gather appends the numbers at the given indices to dst.
func (v *numbers) gather(dst []int64, places []uint32) []int64 {
	return v.packed.gather(dst, v.base, places)
}

// all returns every number.
func (v *numbers) all() []int64 {
	out := make([]int64, v.n)
	for i := range out {
		out[i] = v.at(i)
	}
	return out
}

// between returns the indices of the numbers from low to high, or nil if there are
// none.
func (v *numbers) between(low, high int64) bitset {
	if low > high || v.n == 0 || high < v.base {
		return nil
	}
	from := uint64(max(low, v.base)) - uint64(v.base)
	return v.packed.between(from, uint64(high)-uint64(v.base)-from)
}

// among returns the indices of the numbers whose bit is set in a table. All numbers
// must be at least 0 and below 64 times its length.
func (v *numbers) among(table bitset) bitset {
	b := newBitset(v.n)
	some := uint64(0)
	for i := range v.n {
		x := uint64(v.at(i))
		w := table[x>>6] >> (x & 63) & 1
		b[i>>6] |= w << (i & 63)
		some |= w
	}
	if some == 0 {
		return nil
	}
	return b
}

// bytes returns the size in memory.
func (v *numbers) bytes() int { return v.n*v.width()/8 + 64 }

type unsigned interface {
	uint8 | uint16 | uint32 | uint64
}

// ints are integers of 8 bits or more.
type ints[T unsigned] []T

func pack[T unsigned](values []int64, base int64) ints[T] {
	out := make(ints[T], len(values))
	for i, x := range values {
		out[i] = T(uint64(x) - uint64(base))
	}
	return out
}

func (v ints[T]) get(i int) uint64 { return uint64(v[i]) }

func (v ints[T]) gather(dst []int64, base int64, places []uint32) []int64 {
	for _, i := range places {
		dst = append(dst, base+int64(v[i]))
	}
	return dst
}

// between has no branches: the borrow of a subtraction is the result of the
// comparison.
func (v ints[T]) between(from, span uint64) bitset {
	b := newBitset(len(v))
	some := uint64(0)
	for i := range b {
		w := uint64(0)
		for j, x := range v[i<<6 : min(len(v), (i+1)<<6)] {
			_, above := bits.Sub64(span, uint64(x)-from, 0)
			w |= (1 - above) << j
		}
		b[i] = w
		some |= w
	}
	if some == 0 {
		return nil
	}
	return b
}

func (v ints[T]) append(dst []byte) []byte {
	dst, _ = binary.Append(dst, binary.LittleEndian, []T(v)) // integers always encode
	return dst
}

func (v ints[T]) width() int { return 8 * binary.Size(T(0)) }

// flags are integers of one bit.
type flags struct {
	set bitset
	n   int
}

func (v flags) get(i int) uint64 { return v.set[i>>6] >> (i & 63) & 1 }

func (v flags) gather(dst []int64, base int64, places []uint32) []int64 {
	for _, i := range places {
		dst = append(dst, base+int64(v.get(int(i))))
	}
	return dst
}

func (v flags) between(from, span uint64) bitset {
	b := fullBitset(v.n)
	switch zeros, ones := from == 0, from <= 1 && from+span >= 1; {
	case !zeros && !ones:
		return nil
	case !zeros:
		b.and(v.set)
	case !ones:
		b.andNot(v.set)
	}
	return b
}

func (v flags) append(dst []byte) []byte { return ints[uint64](v.set).append(dst) }

func (v flags) width() int { return 1 }

// The forms of numbers in a block.
const (
	plainForm byte = iota
	deltaForm      // the differences between neighbours instead
)

// appendNumbers encodes numbers: form, count, base, bits per number, then the
// numbers in little-endian order. Differences are kept where they take fewer bits.
func appendNumbers(dst []byte, v *numbers) []byte {
	if v.width() <= 8 {
		return appendPlain(append(dst, plainForm), v)
	}
	deltas := v.all()
	for i := len(deltas) - 1; i > 0; i-- {
		deltas[i] -= deltas[i-1]
	}
	deltas[0] = 0
	if d := narrow(deltas); d.width() < v.width() {
		return appendPlain(binary.AppendVarint(append(dst, deltaForm), v.at(0)), &d)
	}
	return appendPlain(append(dst, plainForm), v)
}

func appendPlain(dst []byte, v *numbers) []byte {
	dst = binary.AppendUvarint(dst, uint64(v.n))
	dst = binary.AppendVarint(dst, v.base)
	return v.append(append(dst, byte(v.width())))
}

// numbers decodes what appendNumbers encoded.
func (d *decoding) numbers() numbers {
	form := d.byte()
	start := int64(0)
	if form == deltaForm {
		start = d.varint()
	}
	v := d.plain()
	switch {
	case form > deltaForm:
		d.fail()
	case form == deltaForm && v.n > 0 && d.err == nil:
		sums := v.all()
		sums[0] = start
		for i := 1; i < len(sums); i++ {
			sums[i] += sums[i-1]
		}
		v = narrow(sums)
	}
	return v
}

func (d *decoding) plain() numbers {
	v := numbers{n: d.count(maxValues), base: d.varint(), packed: flags{}}
	switch width := d.byte(); {
	case v.n == 0:
	case width == 1:
		v.packed = flags{d.bits(v.n), v.n}
	case width == 8:
		v.packed = take[uint8](d, v.n)
	case width == 16:
		v.packed = take[uint16](d, v.n)
	case width == 32:
		v.packed = take[uint32](d, v.n)
	case width == 64:
		v.packed = take[uint64](d, v.n)
	default:
		d.fail()
	}
	return v
}

// take reads n integers.
func take[T unsigned](d *decoding, n int) ints[T] {
	v := make(ints[T], n)
	if raw := d.take(n * binary.Size(T(0))); raw != nil {
		_, _ = binary.Decode(raw, binary.LittleEndian, []T(v)) // the length is right
	}
	return v
}

func (d *decoding) bits(n int) bitset {
	b := bitset(take[uint64](d, (n+63)/64))
	if n%64 != 0 && len(b) > 0 && b[len(b)-1]>>(n%64) != 0 {
		d.fail()
	}
	return b
}
