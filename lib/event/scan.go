package event

import (
	"errors"
	"time"
	"unsafe"

	"github.com/tidwall/gjson"
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
// the places of the fields that wm itself reads. It costs one pass over the
// line, where each Get of an Event costs one of its own.
type Scanned struct {
	line   string
	places [fieldCount]place
	odd    bool // a key has an escape: the places are not to be relied on
}

// place is where the JSON of a value stands in a line; none ends at 0.
type place struct{ start, end int32 }

// field is a field that has a place.
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

// Scan takes in a line, which must be an object without blanks around it, and
// forgets the one before. The error is ErrNotObject or ErrTooDeep; then there is
// no event. The result points into the line.
func (s *Scanned) Scan(line []byte) error {
	*s = Scanned{}
	if len(line) == 0 || line[0] != '{' || len(line) > 1<<30 {
		return ErrNotObject
	}
	w := walk{line: line, places: &s.places}
	end := w.object(0, 1, noField)
	switch {
	case end == tooDeep:
		return ErrTooDeep
	case end != len(line):
		return ErrNotObject
	}
	s.line, s.odd = unsafe.String(unsafe.SliceData(line), len(line)), w.odd
	return nil
}

// get returns a field. The first counts where a key stands twice.
func (s *Scanned) get(f field) value {
	if s.odd {
		return value(gjson.Get(s.line, paths[f]).Raw)
	}
	p := s.places[f]
	return value(s.line[p.start:p.end])
}

// ID, Canary, Derive and IndexTime are those of Event.
func (s *Scanned) ID() string { return s.get(fieldMetaID).text() }

func (s *Scanned) Canary() bool { return s.get(fieldMetaDomain) == `"canary"` }

func (s *Scanned) Derive() Derived { return derive(s) }

func (s *Scanned) IndexTime() time.Time { return indexTime(s) }

// Stream returns meta.stream, or "".
func (s *Scanned) Stream() string { return text(s, fieldMetaStream) }

// Topic returns meta.topic, or "".
func (s *Scanned) Topic() string { return text(s, fieldMetaTopic) }

// Indexed reports whether the event has @timestamp or wm: it was indexed before,
// or it is not of EventStreams.
func (s *Scanned) Indexed() bool { return s.get(fieldTimestamp) != "" || s.get(fieldWM) != "" }
