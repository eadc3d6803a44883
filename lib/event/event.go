// Package event owns the nouns that every other room shares: what an event is,
// where it comes from, where it goes, and what wm knows about it beyond its
// own fields. It imports no other room.
//
// An event is one line of NDJSON, byte for byte as the server sent it. Nothing
// in wm re-encodes it; rooms read fields out of the bytes and pass the bytes on.
package event

import (
	"unsafe"

	"github.com/tidwall/gjson"
)

// Event is one event: a JSON object on one line, without the line's end. It is
// immutable. Its bytes belong to the Source that yielded it and are valid until
// the next event is asked for; whoever keeps them longer copies them.
type Event struct {
	line   []byte
	number int64
}

// New makes an event of a line without its end. It does not copy and does not
// check: a line that is no object has no fields.
func New(line []byte) Event { return Event{line: line} }

// Numbered makes an event of a line whose number in its input is known.
func Numbered(line []byte, number int64) Event { return Event{line, number} }

// Line returns the event's bytes. The caller must not change them.
func (e Event) Line() []byte { return e.line }

// Number returns the number of the event's line in its input, from 1; 0 if the
// event did not come from lines.
func (e Event) Number() int64 { return e.number }

// Get returns the field at a gjson path such as "meta.dt". The result points
// into the event's bytes. An event with the field twice yields the first.
func (e Event) Get(path string) gjson.Result {
	if len(e.line) == 0 {
		return gjson.Result{}
	}
	// gjson.GetBytes copies what it returns; Get does not, and the line is immutable.
	return gjson.Get(unsafe.String(unsafe.SliceData(e.line), len(e.line)), path)
}

// ID returns meta.id, the identity of the event in every data centre and on
// every connection, or "" where it is missing.
func (e Event) ID() string { return e.Get("meta.id").String() }

// Canary reports whether the event is one of the artificial events that
// Wikimedia sends through each stream to see that it is alive.
func (e Event) Canary() bool { return e.Get("meta.domain").String() == "canary" }
