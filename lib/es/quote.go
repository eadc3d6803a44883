package es

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
// character is among them. A quote is the one byte besides the control
// characters that is below '!' with its second bit turned.
func plain(s string) (n int) {
	const ones, highs = 0x0101010101010101, 0x8080808080808080
	for ; n+8 <= len(s); n += 8 {
		x := eight(s[n:])
		quote, backslash := (x^ones*2)-ones*'!', (x^ones*'\\')-ones
		if (quote|backslash)&^x&highs != 0 {
			break
		}
	}
	for n < len(s) && !escaped[s[n]] {
		n++
	}
	return n
}

// eight returns the first eight bytes of a string as a word.
func eight(s string) uint64 {
	_ = s[7]
	return uint64(s[0]) | uint64(s[1])<<8 | uint64(s[2])<<16 | uint64(s[3])<<24 |
		uint64(s[4])<<32 | uint64(s[5])<<40 | uint64(s[6])<<48 | uint64(s[7])<<56
}

// escaped tells the bytes that stand behind a backslash in a JSON string.
var escaped = func() (is [256]bool) {
	for c := range ' ' {
		is[c] = true
	}
	is['"'], is['\\'] = true, true
	return is
}()
