// Package event defines the types that the other packages share: [Event], a
// line of NDJSON with access to its fields; [Derived], what wm computes from
// those fields; [Source], [Sink] and [Copy], which move events; and the times
// and sizes that users write ([ParseTime], [ParseDuration], [ParseSize]).
//
// An event is one line, byte for byte as the server sent it. Nothing re-encodes
// it; packages read fields from the bytes and pass the bytes on.
package event

import (
	"strings"

	"github.com/tidwall/gjson"

	"github.com/wmtools/wm/lib/jsonscan"
)

// Event is one event: a JSON object on one line, without the newline. It is
// immutable. Its bytes belong to the Source that yielded it and are valid only
// until the Source yields the next event; copy them to keep them longer.
type Event struct {
	line   []byte
	number int64
}

// New returns the event on a line, given without its newline. It does not copy
// or check the line: a line that is not an object has no fields.
func New(line []byte) Event { return Event{line: line} }

// Numbered returns the event on a line with a known line number.
func Numbered(line []byte, number int64) Event { return Event{line, number} }

// Line returns the event's bytes. The caller must not change them.
func (e Event) Line() []byte { return e.line }

// Number returns the event's line number in its input, from 1; 0 if the event
// does not come from lines.
func (e Event) Number() int64 { return e.number }

// Get returns the field at a path of keys joined by dots, such as "meta.dt". A
// backslash before a dot makes it part of a key. In an array, a key is an index
// from 0. If a key repeats, the first one is used. The result points into the
// event's bytes. The line is read only as far as needed and not validated.
func (e Event) Get(path string) gjson.Result {
	var few [4]string
	return gjson.Parse(jsonscan.View(jsonscan.Find(e.line, splitPath(few[:0], path)...)))
}

// splitPath appends the keys of a path to keys.
func splitPath(keys []string, path string) []string {
	for {
		end := strings.IndexAny(path, `.\`)
		switch {
		case end < 0:
			return append(keys, path)
		case path[end] == '.':
			keys, path = append(keys, path[:end]), path[end+1:]
		default:
			return splitEscaped(keys, path)
		}
	}
}

func splitEscaped(keys []string, path string) []string {
	var key strings.Builder
	for i := 0; i < len(path); i++ {
		switch {
		case path[i] == '.':
			keys = append(keys, key.String())
			key.Reset()
			continue
		case path[i] == '\\' && i+1 < len(path):
			i++
		}
		key.WriteByte(path[i])
	}
	return append(keys, key.String())
}

// ID returns meta.id, which identifies the event in every data centre and on
// every connection, or "" if it is missing.
func (e Event) ID() string { return e.text("meta", "id") }

// Canary reports whether the event is one of the artificial events that
// Wikimedia sends through each stream to monitor it.
func (e Event) Canary() bool { return e.text("meta", "domain") == "canary" }

func (e Event) text(path ...string) string {
	return value(jsonscan.View(jsonscan.Find(e.line, path...))).text()
}
