package bulk

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"errors"
	"unicode/utf8"
)

// Reject is an event that cannot be written because of a fault in the event
// itself.
type Reject struct {
	Line     int64  // number in the input if known, else among the events put; from 1
	Reason   string // one line
	Status   int    // HTTP status of the refusal; 0 if it was not sent
	Document []byte // the event without surrounding blanks; nil if the line was not kept
}

// MaxReject is the maximum length of an encoded reject whose document is within
// ndjson's default limit: JSON may encode a byte as six.
const MaxReject = 6*(16<<20) + 1<<16

// ErrNotReject is the error of a line that Encode did not write.
var ErrNotReject = errors.New("not a rejected event of wm-es")

// rejectLine is the encoding of a Reject. Encoding is "base64" if the document is
// not UTF-8, and empty otherwise.
type rejectLine struct {
	Line     int64   `json:"line"`
	Reason   string  `json:"reason"`
	Status   int     `json:"status"`
	Encoding string  `json:"encoding,omitempty"`
	Document *string `json:"document,omitempty"`
}

// Encode returns the reject as one line of JSON, including the newline.
func (r Reject) Encode() []byte {
	l := rejectLine{Line: r.Line, Reason: r.Reason, Status: r.Status}
	if r.Document != nil {
		text := string(r.Document)
		if !utf8.Valid(r.Document) {
			text, l.Encoding = base64.StdEncoding.EncodeToString(r.Document), "base64"
		}
		l.Document = &text
	}
	var line bytes.Buffer
	enc := json.NewEncoder(&line)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(l); err != nil {
		panic(err) // strings and numbers always encode
	}
	return line.Bytes()
}

// DecodeReject decodes what Encode returned, or returns ErrNotReject.
func DecodeReject(line []byte) (Reject, error) {
	var l rejectLine
	if json.Unmarshal(line, &l) != nil || l.Document == nil && l.Reason == "" {
		return Reject{}, ErrNotReject
	}
	r := Reject{Line: l.Line, Reason: l.Reason, Status: l.Status}
	switch {
	case l.Document == nil:
		return r, nil
	case l.Encoding == "":
		r.Document = []byte(*l.Document)
		return r, nil
	case l.Encoding == "base64":
		document, err := base64.StdEncoding.DecodeString(*l.Document)
		if err == nil {
			r.Document = append([]byte{}, document...)
			return r, nil
		}
	}
	return Reject{}, ErrNotReject
}
