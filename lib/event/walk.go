package event

import (
	"encoding/binary"
	"math/bits"
	"unicode/utf8"
)

// What a walk returns in place of an index.
const (
	broken  = -1 - iota // not JSON
	tooDeep             // nested deeper than maxDepth
)

// walk validates JSON and notes the fields, in one pass.
type walk struct {
	line    []byte
	text    string // the same
	fields  *fields
	odd     bool // a key in an object with fields has an escape: they are not to be relied on
	escapes int
}

// object reads the object at i, whose place is that of field in, and returns the
// index behind it. Depth counts what is open, this object included.
func (w *walk) object(i, depth int, in field) int {
	if depth > maxDepth {
		return tooDeep
	}
	if i = w.blank(i + 1); i < len(w.line) && w.line[i] == '}' {
		return i + 1
	}
	for {
		key, escapes := i, w.escapes
		if i = w.string(i); i < 0 {
			return i
		}
		f := noField
		if depth == 1 || in != noField {
			f = w.field(in, depth, w.text[key+1:i-1])
			w.odd = w.odd || escapes != w.escapes
		}
		if i = w.blank(i); i >= len(w.line) || w.line[i] != ':' {
			return broken
		}
		start := w.blank(i + 1)
		if i = w.value(start, depth, f); i < 0 {
			return i
		}
		if f != noField {
			w.fields[f] = value(w.text[start:i])
		}
		switch i = w.blank(i); {
		case i >= len(w.line):
			return broken
		case w.line[i] == '}':
			return i + 1
		case w.line[i] != ',':
			return broken
		}
		i = w.blank(i + 1)
	}
}

// field returns the field of a key, or none if it stands here a second time.
func (w *walk) field(in field, depth int, name string) field {
	f := noField
	switch {
	case depth == 1:
		f = topField(name)
	case depth == 2:
		f = innerField(in, name)
	}
	if w.fields[f] != "" { // never that of noField
		return noField
	}
	return f
}

func topField(key string) field {
	switch key {
	case "@timestamp":
		return fieldTimestamp
	case "wm":
		return fieldWM
	case "meta":
		return fieldMeta
	case "dt":
		return fieldDT
	case "timestamp":
		return fieldTime
	case "wiki":
		return fieldWiki
	case "database":
		return fieldDatabase
	case "wiki_id":
		return fieldWikiID
	case "user":
		return fieldUser
	case "performer":
		return fieldPerformer
	case "title":
		return fieldTitle
	case "page_title":
		return fieldPageTitle
	case "page":
		return fieldPage
	case "length":
		return fieldLength
	case "type":
		return fieldType
	case "comment":
		return fieldComment
	case "bot":
		return fieldBot
	}
	return noField
}

func innerField(in field, key string) field {
	switch in {
	case fieldMeta:
		return metaField(key)
	case fieldLength:
		switch key {
		case "new":
			return fieldLengthNew
		case "old":
			return fieldLengthOld
		}
	case fieldPerformer:
		switch key {
		case "user_text":
			return fieldPerformerText
		case "user_is_bot":
			return fieldPerformerUserIsBot
		case "is_bot":
			return fieldPerformerIsBot
		}
	case fieldPage:
		if key == "page_title" {
			return fieldPagePageTitle
		}
	}
	return noField
}

func metaField(key string) field {
	switch key {
	case "id":
		return fieldMetaID
	case "dt":
		return fieldMetaDT
	case "stream":
		return fieldMetaStream
	case "topic":
		return fieldMetaTopic
	case "domain":
		return fieldMetaDomain
	}
	return noField
}

// value reads the value at i, which is that of field f. Depth counts what is
// open around it.
func (w *walk) value(i, depth int, f field) int {
	if i >= len(w.line) {
		return broken
	}
	switch c := w.line[i]; c {
	case '"':
		return w.string(i)
	case '{':
		return w.object(i, depth+1, f)
	case '[':
		return w.array(i, depth+1)
	case 't':
		return w.word(i, "true")
	case 'f':
		return w.word(i, "false")
	case 'n':
		return w.word(i, "null")
	}
	return w.number(i)
}

func (w *walk) array(i, depth int) int {
	if depth > maxDepth {
		return tooDeep
	}
	if i = w.blank(i + 1); i < len(w.line) && w.line[i] == ']' {
		return i + 1
	}
	for {
		if i = w.value(i, depth, noField); i < 0 {
			return i
		}
		switch i = w.blank(i); {
		case i >= len(w.line):
			return broken
		case w.line[i] == ']':
			return i + 1
		case w.line[i] != ',':
			return broken
		}
		i = w.blank(i + 1)
	}
}

func (w *walk) word(i int, word string) int {
	if end := i + len(word); end <= len(w.line) && string(w.line[i:end]) == word {
		return end
	}
	return broken
}

// number reads a number in the grammar of JSON.
func (w *walk) number(i int) int {
	if i < len(w.line) && w.line[i] == '-' {
		i++
	}
	if i < len(w.line) && w.line[i] == '0' {
		i++
	} else if i = w.digits(i); i < 0 {
		return i
	}
	if i < len(w.line) && w.line[i] == '.' {
		if i = w.digits(i + 1); i < 0 {
			return i
		}
	}
	if i < len(w.line) && w.line[i]|0x20 == 'e' {
		i++
		if i < len(w.line) && (w.line[i] == '+' || w.line[i] == '-') {
			i++
		}
		return w.digits(i)
	}
	return i
}

// digits reads one digit at least.
func (w *walk) digits(i int) int {
	start := i
	for i < len(w.line) && '0' <= w.line[i] && w.line[i] <= '9' {
		i++
	}
	if i == start {
		return broken
	}
	return i
}

func (w *walk) blank(i int) int {
	if i < len(w.line) && w.line[i] > ' ' {
		return i
	}
	return w.blanks(i)
}

func (w *walk) blanks(i int) int {
	for i < len(w.line) && (w.line[i] == ' ' || w.line[i] == '\t' || w.line[i] == '\n' || w.line[i] == '\r') {
		i++
	}
	return i
}

// string reads the string at i. It looks at eight bytes at a time for the first
// that is not plain.
func (w *walk) string(i int) int {
	line := w.line
	if i >= len(line) || line[i] != '"' {
		return broken
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
			return w.encoded(start, i, seen)
		}
		if i = w.escape(i); i < 0 {
			return i
		}
	}
	return w.shortString(start, i, seen)
}

// shortString reads the rest of a string at the end of the line.
func (w *walk) shortString(start, i int, seen uint64) int {
	for i < len(w.line) {
		c := w.line[i]
		seen |= uint64(c)
		switch {
		case c == '"':
			return w.encoded(start, i, seen)
		case c == '\\' || c < ' ':
			if i = w.escape(i); i < 0 {
				return i
			}
		default:
			i++
		}
	}
	return broken
}

// encoded returns the index behind the quote at end, if what is before it is
// UTF-8. Seen has all its bytes and more, in eights over each other: most
// strings are ASCII, and need no second look.
func (w *walk) encoded(start, end int, seen uint64) int {
	if seen&highs != 0 && !utf8.Valid(w.line[start:end]) {
		return broken
	}
	return end + 1
}

// escape reads the escape at i. Anything else there is a control character,
// which no string may have.
func (w *walk) escape(i int) int {
	if w.line[i] != '\\' || i+1 >= len(w.line) {
		return broken
	}
	switch w.line[i+1] {
	case '"', '\\', '/', 'b', 'f', 'n', 'r', 't':
		w.escapes++
		return i + 2
	case 'u':
		w.escapes++
		end := i + 6
		if end > len(w.line) {
			return broken
		}
		for _, c := range w.line[i+2 : end] {
			if !isHex(c) {
				return broken
			}
		}
		return end
	}
	return broken
}

func isHex(c byte) bool {
	return '0' <= c && c <= '9' || 'a' <= c|0x20 && c|0x20 <= 'f'
}
