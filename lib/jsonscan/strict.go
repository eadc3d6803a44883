package jsonscan

import (
	"encoding/binary"
	"math/bits"
	"unicode/utf8"
)

// String checks the string at i. It returns the index after the closing quote
// and whether the string has escapes. If the string is not valid, ok is false
// and end is the index of the first byte that cannot be right; for bytes that
// are not UTF-8, the index of the closing quote.
func String(line []byte, i int) (end int, escapes, ok bool) {
	if i >= len(line) || line[i] != '"' {
		return i, false, false
	}
	start, seen := i+1, uint64(0)
	for i++; i+8 <= len(line); {
		x := binary.LittleEndian.Uint64(line[i:])
		seen |= x
		found := special(x)
		if found == 0 {
			i += 8
			continue
		}
		i += bits.TrailingZeros64(found) / 8
		if line[i] == '"' {
			return closeString(line, start, i, seen, escapes)
		}
		escapes = true
		n := escapeLen(line[i:])
		if n == 0 {
			return i, escapes, false
		}
		i += n
	}
	return shortString(line, start, i, seen, escapes)
}

// shortString checks the rest of a string at the end of the line.
func shortString(line []byte, start, i int, seen uint64, escapes bool) (end int, esc, ok bool) {
	for i < len(line) {
		c := line[i]
		seen |= uint64(c)
		switch {
		case c == '"':
			return closeString(line, start, i, seen, escapes)
		case c == '\\' || c < ' ':
			escapes = true
			n := escapeLen(line[i:])
			if n == 0 {
				return i, escapes, false
			}
			i += n
		default:
			i++
		}
	}
	return i, escapes, false
}

// closeString checks that the bytes before the quote at end are UTF-8. Seen is
// those bytes and some after them, combined by OR: most strings are ASCII, and
// need no second look.
func closeString(line []byte, start, end int, seen uint64, escapes bool) (int, bool, bool) {
	if seen&highs != 0 && !utf8.Valid(line[start:end]) {
		return end, escapes, false
	}
	return end + 1, escapes, true
}

// escapeLen returns the length of the escape that b begins with, or 0 if it
// begins with none.
func escapeLen(b []byte) int {
	if b[0] != '\\' || len(b) < 2 {
		return 0
	}
	if b[1] != 'u' {
		if plainEscape(b[1]) == 0 {
			return 0
		}
		return 2
	}
	if _, ok := hex4(b[2:]); !ok {
		return 0
	}
	return 6
}

// Number checks the number at i and returns the index after it. If it is not a
// number in JSON's grammar, ok is false and end is the index of the first byte
// that cannot be right.
func Number(line []byte, i int) (end int, ok bool) {
	if at(line, i) == '-' {
		i++
	}
	if at(line, i) == '0' {
		i++
	} else if i, ok = digits(line, i); !ok {
		return i, false
	}
	if at(line, i) == '.' {
		if i, ok = digits(line, i+1); !ok {
			return i, false
		}
	}
	if at(line, i)|0x20 == 'e' {
		i++
		if c := at(line, i); c == '+' || c == '-' {
			i++
		}
		return digits(line, i)
	}
	return i, true
}

// at returns the byte at i, or 0 after the end.
func at(line []byte, i int) byte {
	if i < len(line) {
		return line[i]
	}
	return 0
}

// digits skips at least one digit.
func digits(line []byte, i int) (end int, ok bool) {
	start := i
	for i < len(line) && '0' <= line[i] && line[i] <= '9' {
		i++
	}
	return i, i > start
}

// Word checks the true, false or null at i and returns the index after it. If
// something else is there, ok is false and end is i.
func Word(line []byte, i int) (end int, ok bool) {
	word := ""
	switch at(line, i) {
	case 't':
		word = "true"
	case 'f':
		word = "false"
	case 'n':
		word = "null"
	}
	if end := i + len(word); word != "" && end <= len(line) && string(line[i:end]) == word {
		return end, true
	}
	return i, false
}
