package event

import (
	"bytes"
	"errors"
	"time"
	"unsafe"
)

// Why a line is no event.
var (
	ErrNotObject = errors.New("not a JSON object")
	ErrTooDeep   = errors.New("nested deeper than 512")
)

// maxDepth is how deep objects and arrays may stand in one another, the event's
// own object included.
const maxDepth = 512

// Scanned is an event that is valid JSON from the first byte to the last, with
// the fields that wm itself reads. It costs one pass over the line, where each
// Get of an Event costs one of its own.
type Scanned struct {
	fields
	derived Derived
	page    []byte // of derived, when it has been worked out
}

// fields are the fields that wm itself reads, each as it stands in the line. Of
// a key that stands twice the first counts.
type fields [fieldCount]value

// field is one of them.
type field byte

const (
	noField field = iota
	fieldTimestamp
	fieldWM
	fieldMeta
	fieldMetaID
	fieldMetaDT
	fieldMetaStream
	fieldMetaTopic
	fieldMetaDomain
	fieldDT
	fieldTime
	fieldWiki
	fieldDatabase
	fieldWikiID
	fieldUser
	fieldPerformer
	fieldPerformerText
	fieldPerformerUserIsBot
	fieldPerformerIsBot
	fieldTitle
	fieldPageTitle
	fieldPage
	fieldPagePageTitle
	fieldLength
	fieldLengthNew
	fieldLengthOld
	fieldType
	fieldComment
	fieldBot
	fieldCount
)

// paths are the gjson paths of the fields.
var paths = [fieldCount]string{
	fieldTimestamp: `\@timestamp`, fieldWM: "wm", fieldMeta: "meta", fieldMetaID: "meta.id", fieldMetaDT: "meta.dt",
	fieldMetaStream: "meta.stream", fieldMetaTopic: "meta.topic", fieldMetaDomain: "meta.domain", fieldDT: "dt",
	fieldTime: "timestamp", fieldWiki: "wiki", fieldDatabase: "database", fieldWikiID: "wiki_id", fieldUser: "user",
	fieldPerformer: "performer", fieldPerformerText: "performer.user_text", fieldPerformerUserIsBot: "performer.user_is_bot",
	fieldPerformerIsBot: "performer.is_bot", fieldTitle: "title", fieldPageTitle: "page_title", fieldPage: "page",
	fieldPagePageTitle: "page.page_title", fieldLength: "length", fieldLengthNew: "length.new", fieldLengthOld: "length.old",
	fieldType: "type", fieldComment: "comment", fieldBot: "bot",
}

// fields reads them in one pass, or where the line is no valid JSON one by one.
func (e Event) fields() fields {
	var s Scanned
	if s.Scan(bytes.TrimSpace(e.line)) == nil {
		return s.fields
	}
	return e.search()
}

// search looks for each field on its own.
func (e Event) search() (f fields) {
	for name, path := range paths {
		if path != "" {
			f[name] = value(e.Get(path).Raw)
		}
	}
	return f
}

// Scan takes in a line, which must be an object without blanks around it, and
// forgets the one before. The error is ErrNotObject or ErrTooDeep; then there is
// no event. The result points into the line.
func (s *Scanned) Scan(line []byte) error {
	s.fields = fields{}
	if len(line) == 0 || line[0] != '{' {
		return ErrNotObject
	}
	w := walk{line: line, text: unsafe.String(unsafe.SliceData(line), len(line)), fields: &s.fields}
	switch end := w.object(0, 1, noField); {
	case end == tooDeep:
		return ErrTooDeep
	case end != len(line):
		return ErrNotObject
	case w.odd:
		s.fields = New(line).search()
	}
	return nil
}

// ID, Canary and IndexTime are those of Event.
func (s *Scanned) ID() string { return s.fields[fieldMetaID].text() }

func (s *Scanned) Canary() bool { return s.fields[fieldMetaDomain] == `"canary"` }

func (s *Scanned) IndexTime() time.Time { return s.indexTime() }

// Derive works out the derived fields. They are valid until the next Scan.
func (s *Scanned) Derive() *Derived {
	s.page = s.derive(&s.derived, s.page)
	return &s.derived
}

// Stream returns meta.stream, or "".
func (s *Scanned) Stream() string { return s.text(fieldMetaStream) }

// Topic returns meta.topic, or "".
func (s *Scanned) Topic() string { return s.text(fieldMetaTopic) }

// Indexed reports whether the event has @timestamp or wm: it was indexed before,
// or it is not of EventStreams.
func (s *Scanned) Indexed() bool { return s.fields[fieldTimestamp] != "" || s.fields[fieldWM] != "" }
