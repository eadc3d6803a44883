package es

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"strconv"
	"time"

	"github.com/wmtools/wm/lib/event"
)

// Why an event cannot become a document. Each blames the event itself: sending
// it again would not help.
const (
	noTime     = "no time: meta.dt, dt and timestamp are missing or not readable"
	oddTime    = "time is not in the years 0 to 9999"
	noStream   = "no stream: meta.stream and meta.topic are missing"
	badIndex   = "no index can have the name that the stream gives it"
	idTooLong  = "id is longer than 512 bytes"
	maxNesting = 512
	maxID      = 512
)

// timestampFormat is RFC 3339 in UTC with milliseconds, as EventStreams writes
// it today.
const timestampFormat = "2006-01-02T15:04:05.000Z"

// composer turns events into documents. It keeps its scratch space, so that an
// ordinary event costs no allocation here.
type composer struct {
	index IndexPattern
	event event.Scanned
	name  []byte
}

// composed says where the parts of a document stand in a bulk body.
type composed struct {
	rest int // begin of what follows the object's "{" in the event
	end  int // end of the document, behind the second line's end
	time time.Time
}

// compose appends an event to a bulk body: a line that says "create", the
// index and the id, and the source on a second line. When the event cannot be
// a document it appends nothing and returns the reason.
func (c *composer) compose(body []byte, e event.Event) ([]byte, composed, string) {
	line := trim(e.Line())
	s := &c.event
	if err := s.Scan(line); err != nil {
		return body, composed{}, err.Error()
	}
	derived, splice := derive(s)
	if reason := c.nameIndex(s, derived.Timestamp); reason != "" {
		return body, composed{}, reason
	}
	id := identify(s, line)
	if len(id) > maxID {
		return body, composed{}, idTooLong
	}

	at := composed{time: derived.Timestamp}
	body = append(body, `{"create":{"_index":"`...)
	body = append(body, c.name...) // needs no escape: the pattern allows no such letter
	body = append(body, `","_id":`...)
	body = append(appendQuoted(body, id), "}}\n{"...)
	if splice {
		body = appendSplice(body, derived)
	}
	at.rest = len(body)
	body = append(append(body, line[1:]...), '\n')
	at.end = len(body)
	return body, at, ""
}

// trim cuts off what JSON allows around an object, such as the CR of a file from
// Windows.
func trim(line []byte) []byte { return bytes.Trim(line, " \t\r\n") }

// nestedTooDeep reports whether JSON has more than maxNesting levels. A text
// with fewer brackets than that in all needs no closer look.
func nestedTooDeep(text []byte) bool {
	if bytes.Count(text, []byte{'{'})+bytes.Count(text, []byte{'['}) <= maxNesting {
		return false
	}
	depth, quoted := 0, false
	for i := 0; i < len(text) && depth <= maxNesting; i++ {
		switch c := text[i]; {
		case quoted && c == '\\':
			i++
		case c == '"':
			quoted = !quoted
		case quoted:
		case c == '{' || c == '[':
			depth++
		case c == '}' || c == ']':
			depth--
		}
	}
	return depth > maxNesting
}

// derive works out the derived fields, and whether to put them in. An event
// that has @timestamp or wm keeps them and gets neither: it was indexed before,
// or it is not of EventStreams. Then only the time is worked out.
func derive(s *event.Scanned) (d event.Derived, splice bool) {
	if s.Indexed() {
		return event.Derived{Timestamp: s.IndexTime()}, false
	}
	return s.Derive(), true
}

// nameIndex sets c.name to the name of the index, or returns why there is none.
func (c *composer) nameIndex(s *event.Scanned, t time.Time) string {
	if t.IsZero() {
		return noTime
	}
	if y := t.Year(); y < 0 || y > 9999 {
		return oddTime
	}
	var name string
	if c.index.needsStream() {
		if name = streamName(s); name == "" {
			return noStream
		}
	}
	c.name = c.index.appendName(c.name[:0], name, t)
	if len(c.name) > maxIndexName || bytes.ContainsAny(c.name[:1], "-_+") ||
		string(c.name) == "." || string(c.name) == ".." {
		return badIndex
	}
	return ""
}

// identify returns what tells the event from all others: meta.id, or a digest
// of the whole event where that is missing.
func identify(s *event.Scanned, line []byte) string {
	if id := s.ID(); id != "" {
		return id
	}
	sum := sha256.Sum256(line)
	return hex.EncodeToString(sum[:16])
}

// appendSplice appends the members that wm puts in front of those of the
// event, with a comma behind the last: an event that has a time is not empty.
func appendSplice(dst []byte, d event.Derived) []byte {
	dst = append(dst, `"@timestamp":"`...)
	dst = d.Timestamp.AppendFormat(dst, timestampFormat)
	dst = append(dst, `","wm":{`...)
	dst = appendText(dst, `"wiki":`, d.Wiki)
	dst = appendText(dst, `"user":`, d.User)
	dst = appendText(dst, `"page":`, d.Page)
	dst = appendText(dst, `"user_kind":`, d.UserKind)
	dst = appendInt(dst, `"delta":`, d.Delta)
	if d.Revert.OK {
		dst = append(dst, `"revert":`...)
		dst = append(strconv.AppendBool(dst, d.Revert.Value), ',')
	}
	dst = appendInt(dst, `"lag_ms":`, d.LagMS)
	dst = bytes.TrimSuffix(dst, []byte{','})
	return append(dst, "},"...)
}

func appendText(dst []byte, key, value string) []byte {
	if value == "" {
		return dst
	}
	return append(appendQuoted(append(dst, key...), value), ',')
}

func appendInt(dst []byte, key string, n event.Int) []byte {
	if !n.OK {
		return dst
	}
	return append(strconv.AppendInt(append(dst, key...), n.Value, 10), ',')
}
