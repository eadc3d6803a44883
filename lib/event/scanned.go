package event

import (
	"bytes"
	"time"

	"github.com/wmtools/wm/lib/jsonscan"
)

// Scanned is a validated event together with the fields that wm itself reads.
// It is for code that needs several of them or must know that the line is
// valid: one pass over the line finds them all, where each method of Event makes
// a pass. Reuse one Scanned for many events; it keeps its buffers. Its
// strings are valid until the next Scan.
type Scanned struct {
	fields
	derived Derived
	page    []byte // of derived, reused
}

// Scan reads a line, which must be one valid JSON object without blanks around
// it. The error is jsonscan.ErrTooDeep or matches jsonscan.ErrNotObject.
func (s *Scanned) Scan(line []byte) error {
	s.fields = fields{}
	w := walk{line: line, text: jsonscan.View(line), fields: &s.fields}
	if len(line) == 0 || line[0] != '{' || w.object(0, 1, fieldRoot) != len(line) {
		s.fields = fields{}
		return jsonscan.Diagnose(line)
	}
	return nil
}

// ID returns meta.id, or "".
func (s *Scanned) ID() string { return s.fields[fieldMetaID].text() }

// Stream returns meta.stream, or "".
func (s *Scanned) Stream() string { return s.text(fieldMetaStream) }

// Topic returns meta.topic, or "".
func (s *Scanned) Topic() string { return s.text(fieldMetaTopic) }

// Canary reports whether the event is a canary, as Event.Canary does.
func (s *Scanned) Canary() bool { return s.fields[fieldMetaDomain] == `"canary"` }

// IndexTime returns the time under which the event is indexed, as
// Event.IndexTime does.
func (s *Scanned) IndexTime() time.Time { return s.indexTime() }

// Indexed reports whether the event has @timestamp or wm: it has been indexed
// before, or does not come from EventStreams.
func (s *Scanned) Indexed() bool { return s.fields[fieldTimestamp] != "" || s.fields[fieldWM] != "" }

// Derive computes the derived fields. The result is valid until the next Scan.
func (s *Scanned) Derive() *Derived {
	s.page = s.derive(&s.derived, s.page)
	return &s.derived
}

// fields reads the fields of an event. A line that is not valid JSON has none.
func (e Event) fields() fields {
	var s Scanned
	_ = s.Scan(bytes.TrimSpace(e.line)) // leaves no fields
	return s.fields
}
