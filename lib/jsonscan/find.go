package jsonscan

import (
	"bytes"
	"strconv"
)

// Find returns the JSON of the value at a path of keys, from the outermost key
// inward. It returns nil if no value is there, or if the line is not JSON up to
// it. In an array, a key is an index from 0. If a key repeats, the first one is
// used.
func Find(line []byte, path ...string) []byte {
	i, depth := SkipBlank(line, 0), 0
	for _, key := range path {
		if depth++; depth > MaxDepth {
			return nil
		}
		switch at(line, i) {
		case '{':
			i = findMember(line, i, depth, key)
		case '[':
			i = findElement(line, i, depth, key)
		default:
			return nil
		}
		if i < 0 {
			return nil
		}
	}
	end := SkipValue(line, i, depth)
	if end < 0 {
		return nil
	}
	return line[i:end]
}

// findMember returns the index of the value of a key in the object at i, or
// Invalid.
func findMember(line []byte, i, depth int, key string) int {
	for i = SkipBlank(line, i+1); at(line, i) == '"'; i = SkipBlank(line, i+1) {
		end := SkipString(line, i)
		if end < 0 {
			return Invalid
		}
		found := KeyIs(line[i+1:end-1], key)
		if i = SkipBlank(line, end); at(line, i) != ':' {
			return Invalid
		}
		if i = SkipBlank(line, i+1); found {
			return i
		}
		if i = SkipValue(line, i, depth); i < 0 {
			return Invalid
		}
		if i = SkipBlank(line, i); at(line, i) != ',' {
			return Invalid
		}
	}
	return Invalid
}

// findElement returns the index of an element in the array at i, or Invalid.
func findElement(line []byte, i, depth int, index string) int {
	n, err := strconv.ParseUint(index, 10, 31)
	if err != nil {
		return Invalid
	}
	i = SkipBlank(line, i+1)
	for ; n > 0; n-- {
		if i = SkipValue(line, i, depth); i < 0 {
			return Invalid
		}
		if i = SkipBlank(line, i); at(line, i) != ',' {
			return Invalid
		}
		i = SkipBlank(line, i+1)
	}
	if at(line, i) == ']' {
		return Invalid
	}
	return i
}

// KeyIs reports whether a key, given as it is written between its quotes, is
// the given name.
func KeyIs(written []byte, name string) bool {
	if bytes.IndexByte(written, '\\') < 0 {
		return string(written) == name
	}
	plain, ok := Unescape(written)
	return ok && string(plain) == name
}
