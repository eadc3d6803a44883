package es

import "github.com/wmtools/wm/lib/jsonscan"

const hexDigits = "0123456789abcdef"

// appendQuoted appends a string, which is UTF-8, as a JSON string. Go's own
// quoting writes \x01 and \a, which are not JSON.
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
