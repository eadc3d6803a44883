package simulate

import "strconv"

// builder writes one JSON object the way JSON.stringify does: no blanks, text
// beyond ASCII as it is, members in the order in which they are added.
type builder struct {
	buf []byte
}

func (b *builder) start() {
	b.buf = append(b.buf[:0], '{')
}

func (b *builder) end() []byte {
	b.close()
	return b.buf
}

func (b *builder) key(name string) {
	if last := b.buf[len(b.buf)-1]; last != '{' && last != '[' {
		b.buf = append(b.buf, ',')
	}
	b.buf = append(b.buf, '"')
	b.buf = append(b.buf, name...)
	b.buf = append(b.buf, '"', ':')
}

func (b *builder) open(name string) {
	b.key(name)
	b.buf = append(b.buf, '{')
}

func (b *builder) close() {
	b.buf = append(b.buf, '}')
}

func (b *builder) str(name, value string) {
	b.key(name)
	b.buf = appendQuoted(b.buf, value)
}

func (b *builder) text(name string, value []byte) {
	b.key(name)
	b.buf = appendQuoted(b.buf, value)
}

func (b *builder) num(name string, value int64) {
	b.key(name)
	b.buf = strconv.AppendInt(b.buf, value, 10)
}

func (b *builder) flag(name string, value bool) {
	b.key(name)
	b.buf = strconv.AppendBool(b.buf, value)
}

// texts adds an array of strings.
func (b *builder) texts(name string, values []string) {
	b.key(name)
	b.buf = append(b.buf, '[')
	for i, value := range values {
		if i > 0 {
			b.buf = append(b.buf, ',')
		}
		b.buf = appendQuoted(b.buf, value)
	}
	b.buf = append(b.buf, ']')
}

// raw adds a value that is already JSON.
func (b *builder) raw(name, value string) {
	b.key(name)
	b.buf = append(b.buf, value...)
}

// url adds a string made of a literal beginning and a percent-encoded title.
func (b *builder) url(name, prefix string, title []byte) {
	b.key(name)
	b.buf = append(b.buf, '"')
	b.buf = append(b.buf, prefix...)
	b.buf = appendPath(b.buf, title)
	b.buf = append(b.buf, '"')
}

const hexDigits = "0123456789abcdef"

// appendQuoted appends s as a JSON string. Like JSON.stringify, it escapes only
// the quote, the backslash and the control characters.
func appendQuoted[T ~string | ~[]byte](dst []byte, s T) []byte {
	dst = append(dst, '"')
	done := 0
	for i := range len(s) {
		c := s[i]
		if c >= 0x20 && c != '"' && c != '\\' {
			continue
		}
		dst = append(dst, s[done:i]...)
		dst = appendEscape(dst, c)
		done = i + 1
	}
	dst = append(dst, s[done:]...)
	return append(dst, '"')
}

func appendEscape(dst []byte, c byte) []byte {
	switch c {
	case '"', '\\':
		return append(dst, '\\', c)
	case '\n':
		return append(dst, '\\', 'n')
	case '\t':
		return append(dst, '\\', 't')
	case '\r':
		return append(dst, '\\', 'r')
	case '\b':
		return append(dst, '\\', 'b')
	case '\f':
		return append(dst, '\\', 'f')
	}
	return append(dst, '\\', 'u', '0', '0', hexDigits[c>>4], hexDigits[c&15])
}

// pathSafe marks the bytes that MediaWiki does not escape in the path of a page's
// URL.
var pathSafe = func() (safe [256]bool) {
	for _, c := range []byte("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.~;@$!*(),/:") {
		safe[c] = true
	}
	return safe
}()

// appendPath appends a page title as it appears in a URL: blanks become
// underscores, the rest is percent-encoded.
func appendPath(dst, title []byte) []byte {
	const upper = "0123456789ABCDEF"
	for _, c := range title {
		switch {
		case pathSafe[c]:
			dst = append(dst, c)
		case c == ' ':
			dst = append(dst, '_')
		default:
			dst = append(dst, '%', upper[c>>4], upper[c&15])
		}
	}
	return dst
}

// appendHTML appends text with the special characters of HTML escaped, as PHP's
// htmlspecialchars does.
func appendHTML(dst, text []byte) []byte {
	done := 0
	for i, c := range text {
		var entity string
		switch c {
		case '&':
			entity = "&amp;"
		case '<':
			entity = "&lt;"
		case '>':
			entity = "&gt;"
		case '"':
			entity = "&quot;"
		case '\'':
			entity = "&#039;"
		default:
			continue
		}
		dst = append(dst, text[done:i]...)
		dst = append(dst, entity...)
		done = i + 1
	}
	return append(dst, text[done:]...)
}

func decimal(n int64) string { return strconv.FormatInt(n, 10) }
