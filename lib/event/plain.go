package event

import (
	"encoding/binary"
	"math/bits"
	"unsafe"
)

// In a word of eight bytes, one of each byte and the highest bit of each.
const (
	ones  = 0x0101010101010101
	highs = 0x8080808080808080
)

// special has the highest bit set of the first byte of a word, from the low end,
// that may not stand in a JSON string as it is: a quote, a backslash or a control
// character. Above that byte a subtraction may have borrowed. A quote is the one
// byte besides the control characters that is below '!' with its second bit
// turned.
func special(x uint64) uint64 {
	quote, backslash := (x^ones*2)-ones*'!', (x^ones*'\\')-ones
	return (quote | backslash) &^ x & highs
}

// Plain returns how many bytes s begins with that may stand in a JSON string as
// they are.
func Plain(s string) (n int) {
	bytes := unsafe.Slice(unsafe.StringData(s), len(s))
	for ; n+8 <= len(s); n += 8 {
		if found := special(binary.LittleEndian.Uint64(bytes[n:])); found != 0 {
			return n + bits.TrailingZeros64(found)/8
		}
	}
	for n < len(s) && s[n] >= ' ' && s[n] != '"' && s[n] != '\\' {
		n++
	}
	return n
}
