// Package jsonscan reads JSON in place: it finds where values begin and end in
// a line and decodes the few that are asked for, without building a tree. Most
// callers want [Find], which returns the JSON of one member, and [Unquote],
// which decodes a string.
//
// The functions that walk over JSON take a line and an index. They come in two
// kinds. [SkipString] and [SkipValue] look only for the end of a value and run
// at the speed of a search for bytes; they accept some text that is not JSON.
// [String], [Number] and [Word] check every byte.
//
// Two rules hold for every reader of events: nesting is limited to [MaxDepth],
// and if a key repeats in an object, the first one is used.
package jsonscan

import (
	"errors"
	"unsafe"
)

// MaxDepth is how deep objects and arrays may be nested, the outermost one
// included.
const MaxDepth = 512

var (
	// ErrNotObject reports a line that is not exactly one JSON object. The
	// errors that [Diagnose] returns match it.
	ErrNotObject = errors.New("not a JSON object")
	// ErrTooDeep reports nesting beyond MaxDepth.
	ErrTooDeep = errors.New("nested deeper than 512")
)

// What functions return in place of an index.
const (
	Invalid = -1 - iota // not JSON
	TooDeep             // nested deeper than MaxDepth
)

// Err returns the error for the result of a function of this package: nil for
// an index, ErrNotObject for Invalid, ErrTooDeep for TooDeep.
func Err(index int) error {
	switch index {
	case Invalid:
		return ErrNotObject
	case TooDeep:
		return ErrTooDeep
	}
	return nil
}

// SkipBlank returns the index of the first byte at or after i that is not JSON
// whitespace, or len(line).
func SkipBlank(line []byte, i int) int {
	if i < len(line) && line[i] > ' ' {
		return i
	}
	return skipBlanks(line, i)
}

func skipBlanks(line []byte, i int) int {
	for i < len(line) && isBlank(line[i]) {
		i++
	}
	return i
}

func isBlank(c byte) bool { return c == ' ' || c == '\t' || c == '\n' || c == '\r' }

// View returns b as a string that shares its bytes. They must not change while
// the string is in use.
func View(b []byte) string { return unsafe.String(unsafe.SliceData(b), len(b)) }
