package store

import (
	"bytes"
	"strings"
	"unicode/utf8"
)

// Elements of a pattern other than literal characters.
const (
	anyRun  rune = -1 - iota // *
	anyRune                  // ?
)

// glob returns a function that reports whether a string matches a pattern: *
// matches any run of characters, ? matches one, and \ makes the next one literal.
// With fold, ASCII letters match in either case.
func glob(pattern string, fold bool) func([]byte) bool {
	elements := parseGlob(pattern, fold)
	if literal, ok := onlyWithin(elements); ok && !fold {
		return func(s []byte) bool { return bytes.Contains(s, literal) }
	}
	return func(s []byte) bool { return matchGlob(elements, s, fold) }
}

func parseGlob(pattern string, fold bool) []rune {
	var list []rune
	escaped := false
	for _, r := range pattern {
		switch {
		case escaped:
			escaped = false
		case r == '\\':
			escaped = true
			continue
		case r == '*':
			r = anyRun
		case r == '?':
			r = anyRune
		}
		if fold {
			r = foldRune(r)
		}
		list = append(list, r)
	}
	return list
}

func foldRune(r rune) rune {
	if 'A' <= r && r <= 'Z' {
		return r + 'a' - 'A'
	}
	return r
}

// onlyWithin returns the literal of a pattern of the form *literal*.
func onlyWithin(elements []rune) (literal []byte, ok bool) {
	n := len(elements)
	if n < 3 || elements[0] != anyRun || elements[n-1] != anyRun {
		return nil, false
	}
	for _, r := range elements[1 : n-1] {
		if r < 0 {
			return nil, false
		}
		literal = utf8.AppendRune(literal, r)
	}
	return literal, true
}

// matchGlob backtracks only to the last star, which is sufficient.
func matchGlob(elements []rune, s []byte, fold bool) bool {
	i, star, retry := 0, -1, 0
	for at := 0; at < len(s); {
		r, size := utf8.DecodeRune(s[at:])
		if fold {
			r = foldRune(r)
		}
		switch {
		case i < len(elements) && elements[i] == anyRun:
			star, retry = i, at
			i++
		case i < len(elements) && (elements[i] == anyRune || elements[i] == r):
			i++
			at += size
		case star >= 0:
			_, size := utf8.DecodeRune(s[retry:])
			retry += size
			i, at = star+1, retry
		default:
			return false
		}
	}
	for i < len(elements) && elements[i] == anyRun {
		i++
	}
	return i == len(elements)
}

// escapeGlob returns a pattern that matches only s.
func escapeGlob(s string) string {
	return strings.NewReplacer(`\`, `\\`, `*`, `\*`, `?`, `\?`).Replace(s)
}
