package bulk

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"strconv"
	"strings"
	"time"

	"github.com/wmtools/wm/lib/es"
	"github.com/wmtools/wm/lib/event"
	"github.com/wmtools/wm/lib/jsonscan"
)

// Reasons why an event cannot become a document.
const (
	noTime    = "no time: meta.dt, dt and timestamp are missing or not readable"
	oddTime   = "the time is not in the years 0 to 9999"
	noStream  = "no stream: meta.stream and meta.topic are missing"
	badIndex  = "the stream's name does not make a valid index name"
	idTooLong = "the id is longer than 512 bytes"
	maxID     = 512
)

const secondsOfDay = 24 * 60 * 60

// composer turns events into documents. It reuses its scratch space, so that an
// ordinary event needs no allocation.
type composer struct {
	index es.IndexPattern
	line  []byte // without surrounding blanks
	event event.Scanned
	time  time.Time // of the last document

	// The name of the last index, and what it was made from. Most events have the
	// same.
	name   []byte
	stream string
	day    int64
}

// read scans an event, or returns why it cannot become a document.
func (c *composer) read(e event.Event) (reason string) {
	c.line = trim(e.Line())
	if err := c.event.Scan(c.line); err != nil {
		return err.Error()
	}
	return ""
}

// compose appends the event that was read to a bulk body: a line with the action
// "create", the index and the id, and a line with the source. rest is the offset
// of what follows the event's "{". If the event cannot become a document, compose
// appends nothing and returns the reason.
func (c *composer) compose(body []byte) (_ []byte, rest int, reason string) {
	s, line := &c.event, c.line
	var derived *event.Derived
	// An event that has @timestamp or wm keeps them and gets neither: it was
	// indexed before, or is not from EventStreams.
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
	body = append(body, c.name...) // the pattern allows no character that JSON escapes
	body = append(body, `","_id":`...)
	body = append(jsonscan.AppendString(body, id), "}}\n{"...)
	if derived != nil {
		body = appendSplice(body, derived)
	}
	rest = len(body)
	return append(append(body, line[1:]...), '\n'), rest, ""
}

// trim removes what JSON allows around an object, such as the CR of a Windows
// file. Few lines have any.
func trim(line []byte) []byte {
	if n := len(line); n > 0 && line[0] > ' ' && line[n-1] > ' ' {
		return line
	}
	return bytes.Trim(line, " \t\r\n")
}

// nameIndex sets c.name to the name of the index, or returns why that fails.
func (c *composer) nameIndex(s *event.Scanned, t time.Time) string {
	var name string
	if c.index.NeedsStream() {
		name = streamName(s)
	}
	day := t.Unix() / secondsOfDay // rounded towards 0, which is wrong before 1970
	if len(c.name) > 0 && day > 0 && day == c.day && name == c.stream {
		return ""
	}
	c.name = c.name[:0] // not valid until the end of this function
	switch y := t.Year(); {
	case t.IsZero():
		return noTime
	case y < 0 || y > 9999:
		return oddTime
	case name == "" && c.index.NeedsStream():
		return noStream
	}
	made, ok := c.index.AppendName(c.name, name, t)
	if !ok {
		return badIndex
	}
	if name != c.stream {
		c.stream = strings.Clone(name) // it may share memory with the line
	}
	c.name, c.day = made, day
	return ""
}

// identify returns the id of an event: meta.id, or a digest of the whole event if
// that is missing.
func identify(s *event.Scanned, line []byte) string {
	if id := s.ID(); id != "" {
		return id
	}
	sum := sha256.Sum256(line)
	return hex.EncodeToString(sum[:16])
}

// appendSplice appends the members that wm inserts before those of the event, and
// a comma: an event that has a time is not empty.
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
	return append(jsonscan.AppendString(append(dst, key...), value), ',')
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

// streamName returns the stream of an event without "mediawiki.", or "" if the
// event does not name it. Events of 2019 have only the Kafka topic, which is the
// stream with the name of a data centre in front.
func streamName(s *event.Scanned) string {
	name := s.Stream()
	if name == "" {
		name = s.Topic()
		for _, site := range [...]string{"eqiad.", "codfw."} {
			name = strings.TrimPrefix(name, site)
		}
	}
	return strings.TrimPrefix(name, "mediawiki.")
}
