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
	u1   bitset
	u8   []uint8
	u16  []uint16
	u32  []uint32
	u64  []uint64
}

// narrow returns values as numbers.
func narrow(values []int64) numbers {
	v := numbers{n: len(values)}
	if len(values) == 0 {
		return v
	}
	low, high := values[0], values[0]
	for _, x := range values {
		low, high = min(low, x), max(high, x)
	}
	v.base = low
	switch span := uint64(high) - uint64(low); {
	case span <= 1:
		v.u1 = newBitset(len(values))
		for i, x := range values {
			v.u1[i>>6] |= (uint64(x) - uint64(low)) << (i & 63)
		}
	case span < 1<<8:
		v.u8 = shrink[uint8](values, low)
	case span < 1<<16:
		v.u16 = shrink[uint16](values, low)
	case span < 1<<32:
		v.u32 = shrink[uint32](values, low)
	default:
		v.u64 = shrink[uint64](values, low)
	}
	return v
}

type unsigned interface {
	uint8 | uint16 | uint32 | uint64
}

func shrink[T unsigned](values []int64, base int64) []T {
	out := make([]T, len(values))
	for i, x := range values {
		out[i] = T(uint64(x) - uint64(base))
	}
	return out
}

// at returns one number.
func (v *numbers) at(i int) int64 {
	var u uint64
	switch {
	case v.u16 != nil:
		u = uint64(v.u16[i])
	case v.u8 != nil:
		u = uint64(v.u8[i])
	case v.u32 != nil:
		u = uint64(v.u32[i])
	case v.u64 != nil:
		u = v.u64[i]
	default:
		u = v.u1[i>>6] >> (i & 63) & 1
	}
	return v.base + int64(u)
}

// gather appends the numbers at the given indices to dst.
func (v *numbers) gather(dst []int64, places []uint32) []int64 {
	switch {
	case v.u8 != nil:
		return gather(dst, v.u8, places, v.base)
	case v.u16 != nil:
		return gather(dst, v.u16, places, v.base)
	case v.u32 != nil:
		return gather(dst, v.u32, places, v.base)
	case v.u64 != nil:
		return gather(dst, v.u64, places, v.base)
	}
	for _, i := range places {
		dst = append(dst, v.base+int64(v.u1[i>>6]>>(i&63)&1))
	}
	return dst
}

func gather[T unsigned](dst []int64, from []T, places []uint32, base int64) []int64 {
	for _, i := range places {
		dst = append(dst, base+int64(from[i]))
	}
	return dst
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
	span := uint64(high) - uint64(v.base) - from
	switch {
	case v.u8 != nil:
		return between(v.u8, from, span)
	case v.u16 != nil:
		return between(v.u16, from, span)
	case v.u32 != nil:
		return between(v.u32, from, span)
	case v.u64 != nil:
		return between(v.u64, from, span)
	}
	return v.bitsBetween(from, span)
}

// between sets a bit for each value with from <= v <= from+span. It has no branches:
// the borrow of a subtraction is the result of the comparison.
func between[T unsigned](vals []T, from, span uint64) bitset {
	b := newBitset(len(vals))
	some := uint64(0)
	for i := range b {
		w := uint64(0)
		for j, v := range vals[i<<6 : min(len(vals), (i+1)<<6)] {
			_, above := bits.Sub64(span, uint64(v)-from, 0)
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

func (v *numbers) bitsBetween(from, span uint64) bitset {
	zeros, ones := from == 0, from <= 1 && from+span >= 1
	switch {
	case zeros && ones:
		return fullBitset(v.n)
	case !zeros && !ones:
		return nil
	}
	b := fullBitset(v.n)
	if ones {
		b.and(v.u1)
	} else {
		b.andNot(v.u1)
	}
	return b
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
func (v *numbers) bytes() int {
	return 8*len(v.u1) + len(v.u8) + 2*len(v.u16) + 4*len(v.u32) + 8*len(v.u64) + 64
}

// The forms of numbers in a block.
const (
	plainForm byte = iota
	deltaForm      // the differences between neighbours instead
)

// appendNumbers encodes numbers: form, count, base, bits per number, then the
// numbers in little-endian order. Differences are kept where they take fewer bits.
func appendNumbers(dst []byte, v *numbers) []byte {
	form := plainForm
	if v.u32 != nil || v.u64 != nil || v.u16 != nil {
		deltas := v.all()
		for i := len(deltas) - 1; i > 0; i-- {
			deltas[i] -= deltas[i-1]
		}
		deltas[0] = 0
		if d := narrow(deltas); d.width() < v.width() {
			form = deltaForm
			dst = append(dst, form)
			dst = binary.AppendVarint(dst, v.at(0))
			return appendPlain(dst, &d)
		}
	}
	return appendPlain(append(dst, form), v)
}

func (v *numbers) width() byte {
	switch {
	case v.u8 != nil:
		return 8
	case v.u16 != nil:
		return 16
	case v.u32 != nil:
		return 32
	case v.u64 != nil:
		return 64
	}
	return 1
}

func appendPlain(dst []byte, v *numbers) []byte {
	dst = binary.AppendUvarint(dst, uint64(v.n))
	dst = binary.AppendVarint(dst, v.base)
	dst = append(dst, v.width())
	switch v.width() {
	case 8:
		return append(dst, v.u8...)
	case 16:
		for _, x := range v.u16 {
			dst = binary.LittleEndian.AppendUint16(dst, x)
		}
	case 32:
		for _, x := range v.u32 {
			dst = binary.LittleEndian.AppendUint32(dst, x)
		}
	case 64:
		for _, x := range v.u64 {
			dst = binary.LittleEndian.AppendUint64(dst, x)
		}
	default:
		dst = appendBits(dst, v.u1)
	}
	return dst
}

func appendBits(dst []byte, b bitset) []byte {
	for _, w := range b {
		dst = binary.LittleEndian.AppendUint64(dst, w)
	}
	return dst
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
	v := numbers{n: d.count(maxValues)}
	v.base = d.varint()
	width := d.byte()
	switch {
	case v.n == 0:
	case width == 1:
		v.u1 = d.bits(v.n)
	case width == 8:
		v.u8 = d.take(v.n)
	case width == 16:
		v.u16 = make([]uint16, v.n)
		for i, raw := 0, d.take(2*v.n); i < len(raw)/2; i++ {
			v.u16[i] = binary.LittleEndian.Uint16(raw[2*i:])
		}
	case width == 32:
		v.u32 = make([]uint32, v.n)
		for i, raw := 0, d.take(4*v.n); i < len(raw)/4; i++ {
			v.u32[i] = binary.LittleEndian.Uint32(raw[4*i:])
		}
	case width == 64:
		v.u64 = make([]uint64, v.n)
		for i, raw := 0, d.take(8*v.n); i < len(raw)/8; i++ {
			v.u64[i] = binary.LittleEndian.Uint64(raw[8*i:])
		}
	default:
		d.fail()
	}
	return v
}

func (d *decoding) bits(n int) bitset {
	b := newBitset(n)
	raw := d.take(8 * len(b))
	for i := range len(raw) / 8 {
		b[i] = binary.LittleEndian.Uint64(raw[8*i:])
	}
	if n%64 != 0 && len(b) > 0 && b[len(b)-1]>>(n%64) != 0 {
		d.fail()
	}
	return b
}
