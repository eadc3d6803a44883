package es

const hexDigits = "0123456789abcdef"

// appendQuoted appends a string, which is UTF-8, as a JSON string. Go's own
// quoting writes \x01 and \a, which are not JSON.
func appendQuoted(dst []byte, s string) []byte {
	dst = append(dst, '"')
	done := 0
	for i := range len(s) {
		c := s[i]
		if !escaped[c] {
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

// escaped tells the bytes that stand behind a backslash in a JSON string.
var escaped = func() (is [256]bool) {
	for c := range ' ' {
		is[c] = true
	}
	is['"'], is['\\'] = true, true
	return is
}()
