package es

import "encoding/binary"

const hexDigits = "0123456789abcdef"

// appendQuoted appends a string, which is UTF-8, as a JSON string. Go's own
// quoting writes \x01 and \a, which are not JSON.
func appendQuoted(dst []byte, s string) []byte {
	dst = append(dst, '"')
	for {
		n := plain(s)
		dst = append(dst, s[:n]...)
		if n == len(s) {
			return append(dst, '"')
		}
		if c := s[n]; c < ' ' {
			dst = append(dst, '\\', 'u', '0', '0', hexDigits[c>>4], hexDigits[c&15])
		} else {
			dst = append(dst, '\\', c)
		}
		s = s[n+1:]
	}
}

// plain returns how many bytes s begins with that stand in a JSON string as
// they are. It takes eight at a time while they are all plain: in the sums the
// highest bit of some byte is set where a quote, a backslash or a control
// character is among them.
func plain(s string) (n int) {
	const ones, highs = 0x0101010101010101, 0x8080808080808080
	var word [8]byte
	for ; n+len(word) <= len(s); n += len(word) {
		copy(word[:], s[n:])
		x := binary.LittleEndian.Uint64(word[:])
		if ((x^ones*'"'-ones)|(x^ones*'\\'-ones)|(x-ones*' '))&^x&highs != 0 {
			break
		}
	}
	for n < len(s) && !escaped[s[n]] {
		n++
	}
	return n
}

// escaped tells the bytes that stand behind a backslash in a JSON string.
var escaped = func() (is [256]bool) {
	for c := range ' ' {
		is[c] = true
	}
	is['"'], is['\\'] = true, true
	return is
}()
