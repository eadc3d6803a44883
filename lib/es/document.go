package es

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"strconv"
	"strings"
	"time"

	"github.com/wmtools/wm/lib/event"
	"github.com/wmtools/wm/lib/jsonscan"
)

// Why an event cannot become a document. Each blames the event itself: sending
// it again would not help.
const (
	noTime    = "no time: meta.dt, dt and timestamp are missing or not readable"
	oddTime   = "time is not in the years 0 to 9999"
	noStream  = "no stream: meta.stream and meta.topic are missing"
	badIndex  = "no index can have the name that the stream gives it"
	idTooLong = "id is longer than 512 bytes"
	maxID     = 512
)

const secondsOfDay = 24 * 60 * 60

// composer turns events into documents. It keeps its scratch space, so that an
// ordinary event costs no allocation here.
type composer struct {
	index IndexPattern
	line  []byte // without blanks around it
	event event.Scanned
	time  time.Time // of the last document

	// The name of the index, and what it was made of: it is mostly that of the
	// event before.
	name   []byte
	stream string
	day    int64
}

// read takes in an event, or returns why it cannot be a document.
func (c *composer) read(e event.Event) (reason string) {
	c.line = trim(e.Line())
	if err := c.event.Scan(c.line); err != nil {
		return err.Error()
	}
	return ""
}

// compose appends the event that was read to a bulk body: a line that says
// "create", the index and the id, and the source on a second line. It returns
// where in the body that goes on behind the "{" that begins the event. When the
// event cannot be a document it appends nothing and returns the reason.
func (c *composer) compose(body []byte) (_ []byte, rest int, reason string) {
	s, line := &c.event, c.line
	var derived *event.Derived
	// An event that has @timestamp or wm keeps them and gets neither: it was
	// indexed before, or it is not of EventStreams.
	if s.Indexed() {
		c.time = s.IndexTime()
	} else {
		derived = s.Derive()
		c.time = derived.Timestamp
	}
	if reason := c.nameIndex(s, c.time); reason != "" {
		return body, 0, reason
	}
	id := identify(s, line)
	if len(id) > maxID {
		return body, 0, idTooLong
	}

	body = append(body, `{"create":{"_index":"`...)
	body = append(body, c.name...) // needs no escape: the pattern allows no such letter
	body = append(body, `","_id":`...)
	body = append(appendQuoted(body, id), "}}\n{"...)
	if derived != nil {
		body = appendSplice(body, derived)
	}
	rest = len(body)
	return append(append(body, line[1:]...), '\n'), rest, ""
}

// trim cuts off what JSON allows around an object, such as the CR of a file from
// Windows. Few lines have any.
func trim(line []byte) []byte {
	if n := len(line); n > 0 && line[0] > ' ' && line[n-1] > ' ' {
		return line
	}
	return bytes.Trim(line, " \t\r\n")
}

// nestedTooDeep reports whether JSON has more than jsonscan.MaxDepth levels.
func nestedTooDeep(text []byte) bool {
	return jsonscan.SkipValue(text, jsonscan.SkipBlank(text, 0), 0) == jsonscan.TooDeep
}

// nameIndex sets c.name to the name of the index, or returns why there is none.
func (c *composer) nameIndex(s *event.Scanned, t time.Time) string {
	var name string
	if c.index.needsStream() {
		name = streamName(s)
	}
	day := t.Unix() / secondsOfDay // rounded towards 0, which is another day before 1970
	if len(c.name) > 0 && day > 0 && day == c.day && name == c.stream {
		return ""
	}
	c.name = c.name[:0] // which is nobody's until it is found to be one
	switch y := t.Year(); {
	case t.IsZero():
		return noTime
	case y < 0 || y > 9999:
		return oddTime
	case name == "" && c.index.needsStream():
		return noStream
	}
	made := c.index.appendName(c.name, name, t)
	if len(made) > maxIndexName || bytes.ContainsAny(made[:1], "-_+") || string(made) == "." || string(made) == ".." {
		return badIndex
	}
	if name != c.stream {
		c.stream = strings.Clone(name) // it may be a part of the line
	}
	c.name, c.day = made, day
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
func appendSplice(dst []byte, d *event.Derived) []byte {
	dst = append(dst, `"@timestamp":"`...)
	dst = event.AppendTimestamp(dst, d.Timestamp)
	dst = append(dst, `","wm":{`...)
	dst = appendText(dst, `"wiki":`, d.Wiki)
	dst = appendText(dst, `"user":`, d.User)
	dst = appendText(dst, `"page":`, d.Page)
	dst = appendText(dst, `"user_kind":`, d.UserKind)
	dst = appendInt(dst, `"rev":`, d.Rev)
	dst = appendInt(dst, `"delta":`, d.Delta)
	dst = appendBool(dst, `"revert":`, d.Revert)
	dst = appendBool(dst, `"talk":`, d.Talk)
	if d.Risk.OK {
		dst = append(dst, `"risk":`...)
		dst = append(strconv.AppendFloat(dst, d.Risk.Value, 'f', -1, 64), ',')
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

func appendBool(dst []byte, key string, b event.Bool) []byte {
	if !b.OK {
		return dst
	}
	return append(strconv.AppendBool(append(dst, key...), b.Value), ',')
}
