package bulk

import "github.com/wmtools/wm/lib/jsonscan"

const hexDigits = "0123456789abcdef"

// appendQuoted appends s, which is UTF-8, as a JSON string. strconv.Quote writes
// \x01 and \a, which JSON does not allow.
func appendQuoted(dst []byte, s string) []byte {
	dst = append(dst, '"')
	for {
		n := jsonscan.PlainLen(s)
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
