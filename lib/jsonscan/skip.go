package jsonscan

import "bytes"

// SkipString returns the index after the string that begins at i, which must
// hold its opening quote, or Invalid. It does not check escapes, control
// characters or UTF-8.
func SkipString(line []byte, i int) int {
	start := i + 1
	for i = start; ; i++ {
		n := bytes.IndexByte(line[i:], '"')
		if n < 0 {
			return Invalid
		}
		if i += n; line[i-1] != '\\' || !escaped(line[start:i]) {
			return i + 1
		}
	}
}

// escaped reports whether the byte after part of a string is escaped: whether
// part ends in an odd number of backslashes.
func escaped(part []byte) bool {
	n := 0
	for n < len(part) && part[len(part)-1-n] == '\\' {
		n++
	}
	return n%2 == 1
}

// SkipValue returns the index after the value that begins at i, or Invalid or
// TooDeep. Depth is the number of objects and arrays that are open around the
// value. Only the outer form is checked: that strings and brackets close.
func SkipValue(line []byte, i, depth int) int {
	if i >= len(line) {
		return Invalid
	}
	switch line[i] {
	case '"':
		return SkipString(line, i)
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

// skipUsual is SkipValue, faster for strings without escapes.
func skipUsual(line []byte, i, depth int) int {
	switch at(line, i) {
	case '"':
		if n := bytes.IndexByte(line[i+1:], '"'); n >= 0 && line[i+n] != '\\' {
			return i + n + 2
		}
	case '{', '[':
	default:
		return skipWord(line, i)
	}
	return SkipValue(line, i, depth)
}

// skipWord skips a number, true, false or null.
func skipWord(line []byte, i int) int {
	start := i
	for i < len(line) && line[i] > ' ' && line[i] != ',' && line[i] != '}' && line[i] != ']' {
		i++
	}
	if i == start {
		return Invalid
	}
	return i
}

// skipFlat skips an object that holds no other object, such as meta. It makes a
// few searches for single bytes instead of a walk and returns 0 where these do
// not suffice. The first closing brace ends the object unless it is in a
// string, and then the number of quotes before it is odd. Arrays cannot be
// nested deeper than half the number of bytes.
func skipFlat(line []byte, i, depth int) int {
	n := bytes.IndexByte(line[i+1:], '}')
	if n < 0 || depth+1+n/2 > MaxDepth {
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
			if i = SkipString(line, i); i < 0 {
				return i
			}
			continue
		case '{', '[':
			if depth++; depth > MaxDepth {
				return TooDeep
			}
		case '}', ']':
			if depth--; depth == outside {
				return i + 1
			}
		}
		i++
	}
	return Invalid
}
