package es

const hexDigits = "0123456789abcdef"

// appendQuoted appends a string, which is UTF-8, as a JSON string. Go's own
// quoting writes \x01 and \a, which are not JSON.
func appendQuoted(dst []byte, s string) []byte {
	dst = append(dst, '"')
	done := 0
	for i := 0; i < len(s); i++ {
		c := s[i]
		if c >= ' ' && c != '"' && c != '\\' {
			continue
		}
		dst = append(dst, s[done:i]...)
		if c < ' ' {
			dst = append(dst, '\\', 'u', '0', '0', hexDigits[c>>4], hexDigits[c&15])
		} else {
			dst = append(dst, '\\', c)
		}
		done = i + 1
	}
	return append(append(dst, s[done:]...), '"')
}
