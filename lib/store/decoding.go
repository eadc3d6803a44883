package store

import "encoding/binary"

// maxValues bounds the values of a column in one part, and so the memory that a
// damaged block can make the decoder allocate.
const maxValues = 1 << 28

// decoding reads a block of a segment. The first invalid value sets err; after
// that, everything reads as zero.
type decoding struct {
	rest []byte
	err  error
}

func (d *decoding) fail() {
	d.err, d.rest = errSegment, nil
}

func (d *decoding) byte() byte {
	if len(d.rest) == 0 {
		d.fail()
		return 0
	}
	b := d.rest[0]
	d.rest = d.rest[1:]
	return b
}

func (d *decoding) uvarint() uint64 {
	v, n := binary.Uvarint(d.rest)
	if n <= 0 {
		d.fail()
		return 0
	}
	d.rest = d.rest[n:]
	return v
}

func (d *decoding) varint() int64 {
	v, n := binary.Varint(d.rest)
	if n <= 0 {
		d.fail()
		return 0
	}
	d.rest = d.rest[n:]
	return v
}

// count reads a number that is at most limit. Every item takes at least one bit in
// the block, so a damaged count cannot request more memory than 64 times the block.
func (d *decoding) count(limit int) int {
	n := d.uvarint()
	if n > uint64(limit) || n > 8*uint64(len(d.rest))+64 {
		d.fail()
		return 0
	}
	return int(n)
}

// length reads the length of a string.
func (d *decoding) length() int {
	n := d.uvarint()
	if n > maxValues {
		d.fail()
		return 0
	}
	return int(n)
}

// take returns the next n bytes.
func (d *decoding) take(n int) []byte {
	if n < 0 || n > len(d.rest) {
		d.fail()
		return nil
	}
	b := d.rest[:n:n]
	d.rest = d.rest[n:]
	return b
}

// string reads a length and as many bytes.
func (d *decoding) string() string { return string(d.take(d.length())) }

func appendText(dst []byte, s string) []byte {
	return append(binary.AppendUvarint(dst, uint64(len(s))), s...)
}

// end reports whether everything was read and made sense.
func (d *decoding) end() error {
	if d.err == nil && len(d.rest) > 0 {
		d.fail()
	}
	return d.err
}
