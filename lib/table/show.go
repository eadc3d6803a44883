package table

import (
	"encoding/binary"
	"math/bits"
	"unicode"
	"unicode/utf8"
	"unsafe"
)

// appendShown appends untrusted text so that it cannot move the cursor, change
// colors or break the line: control characters and those that embed or override
// the direction of text are written as escapes such as \x1b or \u202e.
func appendShown(dst []byte, text string) []byte {
	for i := 0; i < len(text); {
		n := printable(text[i:])
		dst = append(dst, text[i:i+n]...)
		if i += n; i == len(text) {
			break
		}
		if c := text[i]; c < utf8.RuneSelf {
			dst = append(dst, '\\', 'x', hexDigit(rune(c)>>4), hexDigit(rune(c)))
			i++
			continue
		}
		r, size := utf8.DecodeRuneInString(text[i:])
		if hides(r) {
			dst = append(dst, '\\', 'u', hexDigit(r>>12), hexDigit(r>>8), hexDigit(r>>4), hexDigit(r))
		} else {
			dst = utf8.AppendRune(dst, r)
		}
		i += size
	}
	return dst
}

// printable returns the length of the longest prefix of text that is printable
// ASCII.
func printable(text string) (n int) {
	// Eight bytes at a time: the lowest high bit in other marks the first byte
	// that is not printable.
	for bytes := unsafe.Slice(unsafe.StringData(text), len(text)); n+8 <= len(text); n += 8 {
		x := binary.LittleEndian.Uint64(bytes[n:])
		if other := ((x - ones*' ') | (x + ones) | x) & highs; other != 0 {
			return n + bits.TrailingZeros64(other)/8
		}
	}
	for n < len(text) && ' ' <= text[n] && text[n] < 0x7f {
		n++
	}
	return n
}

// In a word of eight bytes: the lowest and the highest bit of each.
const (
	ones  = 0x0101010101010101
	highs = 0x8080808080808080
)

func hexDigit(r rune) byte { return "0123456789abcdef"[r&15] }

// hides reports whether a character beyond ASCII is a control character, ends a
// line, or embeds, overrides or isolates the direction of text.
func hides(r rune) bool {
	switch {
	case r < 0xa0, r == '\u2028', r == '\u2029':
		return true
	case '\u202a' <= r && r <= '\u202e', '\u2066' <= r && r <= '\u2069':
		return true
	}
	return false
}

// appendIsolated appends text as appendShown does and isolates it.
func appendIsolated(dst []byte, text string) []byte {
	start := len(dst)
	return isolate(appendShown(dst, text), start)
}

// The characters that isolate text whose direction its first letter decides.
const firstStrongIsolate, popIsolate = "\u2068", "\u2069"

// isolate puts what follows start into an isolate if it has letters that run
// from right to left, so that they cannot reorder the rest of the line.
func isolate(dst []byte, start int) []byte {
	if !runsLeft(dst[start:]) {
		return dst
	}
	dst = append(dst, firstStrongIsolate...)
	copy(dst[start+len(firstStrongIsolate):], dst[start:])
	copy(dst[start:], firstStrongIsolate)
	return append(dst, popIsolate...)
}

// runsLeft reports whether text has a letter that runs from right to left, or
// one of the marks that act like one.
func runsLeft(text []byte) bool {
	for i := 0; i < len(text); {
		if i+8 <= len(text) && binary.LittleEndian.Uint64(text[i:])&highs == 0 {
			i += 8
			continue
		}
		if text[i] < 0xd6 { // no such letter begins with a lower byte
			i++
			continue
		}
		r, size := utf8.DecodeRune(text[i:])
		if unicode.In(r, rightToLeft) {
			return true
		}
		i += size
	}
	return false
}

// rightToLeft are the blocks of scripts that run from right to left, and their
// marks.
var rightToLeft = &unicode.RangeTable{
	R16: []unicode.Range16{{0x0590, 0x08ff, 1}, {0x200f, 0x200f, 1}, {0xfb1d, 0xfdff, 1}, {0xfe70, 0xfeff, 1}},
	R32: []unicode.Range32{{0x10800, 0x10fff, 1}, {0x1e800, 0x1efff, 1}},
}
