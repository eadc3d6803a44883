package match

import (
	"bytes"
	"errors"
	"unicode/utf16"
	"unicode/utf8"
)

// Errors of a line, both final: it never matches, whatever is asked.
var (
	// ErrNotObject: the line is not a JSON object, as far as it was read.
	ErrNotObject = errors.New("not a JSON object")
	// ErrDepth: something on the way to the fields is nested too deep.
	ErrDepth = errors.New("nested deeper than 512")
)

// maxDepth is how deep objects and arrays may stand in one another, the line's
// own object included.
const maxDepth = 512

// What a reader of JSON returns in place of an index into the line.
const (
	broken  = -1 - iota // not JSON
	tooDeep             // nested deeper than maxDepth
	settled             // all that was asked for is found
)

// errorOf returns the error for an index that may be one of the above.
func errorOf(i int) error {
	switch i {
	case broken:
		return ErrNotObject
	case tooDeep:
		return ErrDepth
	}
	return nil
}

// object cuts off the blanks around a line and reports whether the rest has the
// outer form of an object.
func object(line []byte) ([]byte, bool) {
	if framed(line) {
		return line, true
	}
	line = bytes.Trim(line, " \t\r\n")
	return line, framed(line)
}

func framed(line []byte) bool {
	return len(line) >= 2 && line[0] == '{' && line[len(line)-1] == '}'
}

// The functions below read JSON at an index of a line, and return the index
// behind what they read, or one of the codes above.

// skipBlank returns the index of the next byte that is not blank.
func skipBlank(line []byte, i int) int {
	for i < len(line) && (line[i] == ' ' || line[i] == '\t' || line[i] == '\r' || line[i] == '\n') {
		i++
	}
	return i
}

// skipString skips the string that begins at i.
func skipString(line []byte, i int) int {
	start := i + 1
	for i = start; ; i++ {
		n := bytes.IndexByte(line[i:], '"')
		if n < 0 {
			return broken
		}
		if i += n; line[i-1] != '\\' || !escaped(line[start:i]) {
			return i + 1
		}
	}
}

// escaped reports whether what follows a part of a string is escaped: an odd
// number of backslashes stands before it.
func escaped(part []byte) bool {
	n := 0
	for n < len(part) && part[len(part)-1-n] == '\\' {
		n++
	}
	return n%2 == 1
}

// skipValue skips the value that begins at i. Depth counts what is open around
// it. It looks at the outer form only.
func skipValue(line []byte, i, depth int) int {
	if i >= len(line) {
		return broken
	}
	switch line[i] {
	case '"':
		return skipString(line, i)
	case '{':
		if end := skipFlat(line, i, depth); end > 0 {
			return end
		}
		return skipNested(line, i, depth)
	case '[':
		return skipNested(line, i, depth)
	}
	return skipWord(line, i)
}

// skipWord skips a number, true, false or null.
func skipWord(line []byte, i int) int {
	start := i
	for i < len(line) && line[i] > ' ' && line[i] != ',' && line[i] != '}' && line[i] != ']' {
		i++
	}
	if i == start {
		return broken
	}
	return i
}

// skipFlat skips an object that holds no other, such as meta. It costs a few
// searches for single bytes in place of a walk; where these do not tell, it
// returns 0. The first brace that closes is the object's own unless it stands
// in a string, and then the quotes before it are odd in number. Arrays cannot
// be nested deeper than half of the bytes there are.
func skipFlat(line []byte, i, depth int) int {
	n := bytes.IndexByte(line[i+1:], '}')
	if n < 0 || depth+1+n/2 > maxDepth {
		return 0
	}
	inside := line[i+1 : i+1+n]
	if bytes.IndexByte(inside, '{') >= 0 || bytes.IndexByte(inside, '\\') >= 0 || bytes.Count(inside, quote)%2 != 0 {
		return 0
	}
	return i + n + 2
}

var quote = []byte{'"'}

// skipNested skips the object or array that begins at i.
func skipNested(line []byte, i, depth int) int {
	outside := depth
	for i < len(line) {
		switch line[i] {
		case '"':
			if i = skipString(line, i); i < 0 {
				return i
			}
			continue
		case '{', '[':
			if depth++; depth > maxDepth {
				return tooDeep
			}
		case '}', ']':
			if depth--; depth == outside {
				return i + 1
			}
		}
		i++
	}
	return broken
}

// unescape returns the text of a string from what stands between its quotes,
// and whether all escapes are good. Half a surrogate pair becomes U+FFFD.
func unescape(part []byte) ([]byte, bool) {
	out := make([]byte, 0, len(part))
	for {
		n := bytes.IndexByte(part, '\\')
		if n < 0 {
			return append(out, part...), true
		}
		if n+1 == len(part) {
			return nil, false
		}
		out = append(out, part[:n]...)
		c := part[n+1]
		part = part[n+2:]
		if c != 'u' {
			if c = plainEscape(c); c == 0 {
				return nil, false
			}
			out = append(out, c)
			continue
		}
		r, size := unicodeEscape(part)
		if size == 0 {
			return nil, false
		}
		out = utf8.AppendRune(out, r)
		part = part[size:]
	}
}

// plainEscape returns what a backslash and c stand for, or 0.
func plainEscape(c byte) byte {
	switch c {
	case '"', '\\', '/':
		return c
	case 'b':
		return '\b'
	case 'f':
		return '\f'
	case 'n':
		return '\n'
	case 'r':
		return '\r'
	case 't':
		return '\t'
	}
	return 0
}

// unicodeEscape reads what follows \u, or \uXXXX\uXXXX where that is a pair,
// and returns how long it is; 0 if it is no escape.
func unicodeEscape(part []byte) (r rune, size int) {
	r, ok := hex4(part)
	if !ok {
		return 0, 0
	}
	if utf16.IsSurrogate(r) && len(part) >= 10 && part[4] == '\\' && part[5] == 'u' {
		if low, ok := hex4(part[6:]); ok {
			if pair := utf16.DecodeRune(r, low); pair != utf8.RuneError {
				return pair, 10
			}
		}
	}
	return r, 4 // AppendRune writes half a pair as U+FFFD
}

func hex4(part []byte) (r rune, ok bool) {
	if len(part) < 4 {
		return 0, false
	}
	for _, c := range part[:4] {
		switch {
		case '0' <= c && c <= '9':
			c -= '0'
		case 'a' <= c|0x20 && c|0x20 <= 'f':
			c = c | 0x20 - 'a' + 10
		default:
			return 0, false
		}
		r = r<<4 | rune(c)
	}
	return r, true
}
