package event

import (
	"encoding/binary"
	"math/bits"
)

// What a walk returns in place of an index.
const (
	broken  = -1 - iota // not JSON
	tooDeep             // nested deeper than maxDepth
)

// walk validates JSON and notes where fields are, in one pass.
type walk struct {
	line   []byte
	places *[fieldCount]place
	odd    bool // a key in an object with fields has an escape
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
		key := i
		if i = w.text(i); i < 0 {
			return i
		}
		f := noField
		if depth == 1 || in != noField {
			f = w.field(in, depth, w.line[key+1:i-1])
		}
		if i = w.blank(i); i >= len(w.line) || w.line[i] != ':' {
			return broken
		}
		start := w.blank(i + 1)
		if i = w.value(start, depth, f); i < 0 {
			return i
		}
		if f != noField {
			w.places[f] = place{int32(start), int32(i)}
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
func (w *walk) field(in field, depth int, key []byte) field {
	f := noField
	switch {
	case depth == 1:
		f = topField(string(key))
	case depth == 2:
		f = innerField(in, string(key))
	}
	if f == noField {
		for _, c := range key {
			if c == '\\' {
				w.odd = true
			}
		}
		return noField
	}
	if w.places[f].end > 0 {
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
	switch {
	case in == fieldMeta && key == "id":
		return fieldMetaID
	case in == fieldMeta && key == "dt":
		return fieldMetaDT
	case in == fieldMeta && key == "stream":
		return fieldMetaStream
	case in == fieldMeta && key == "topic":
		return fieldMetaTopic
	case in == fieldMeta && key == "domain":
		return fieldMetaDomain
	case in == fieldLength && key == "new":
		return fieldLengthNew
	case in == fieldLength && key == "old":
		return fieldLengthOld
	case in == fieldPerformer && key == "user_text":
		return fieldPerformerText
	case in == fieldPerformer && key == "user_is_bot":
		return fieldPerformerUserIsBot
	case in == fieldPerformer && key == "is_bot":
		return fieldPerformerIsBot
	case in == fieldPage && key == "page_title":
		return fieldPagePageTitle
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
		return w.text(i)
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
	for i < len(w.line) && (w.line[i] == ' ' || w.line[i] == '\t' || w.line[i] == '\n' || w.line[i] == '\r') {
		i++
	}
	return i
}

// text reads the string at i.
func (w *walk) text(i int) int {
	if i >= len(w.line) || w.line[i] != '"' {
		return broken
	}
	for i++; ; i++ {
		if i = special(w.line, i); i >= len(w.line) {
			return broken
		}
		switch c := w.line[i]; {
		case c == '"':
			return i + 1
		case c != '\\':
			return broken // a control character
		}
		if i++; i >= len(w.line) {
			return broken
		}
		switch w.line[i] {
		case '"', '\\', '/', 'b', 'f', 'n', 'r', 't':
		case 'u':
			for end := i + 4; i < end; {
				if i++; i >= len(w.line) || !isHex(w.line[i]) {
					return broken
				}
			}
		default:
			return broken
		}
	}
}

func isHex(c byte) bool {
	return '0' <= c && c <= '9' || 'a' <= c|0x20 && c|0x20 <= 'f'
}

// special returns the index of the first quote, backslash or control character
// from i on, or the length of the line. It looks at eight bytes at a time: a
// byte is zero where subtracting one borrows from its highest bit, which is what
// the sums below test for each of the eight.
func special(line []byte, i int) int {
	const ones, highs = 0x0101010101010101, 0x8080808080808080
	for ; i+8 <= len(line); i += 8 {
		x := binary.LittleEndian.Uint64(line[i:])
		q, b := x^ones*'"', x^ones*'\\'
		found := ((q - ones) &^ q) | ((b - ones) &^ b) | ((x - ones*0x20) &^ x)
		if found &= highs; found != 0 {
			return i + bits.TrailingZeros64(found)/8
		}
	}
	for ; i < len(line); i++ {
		if c := line[i]; c == '"' || c == '\\' || c < 0x20 {
			return i
		}
	}
	return i
}
