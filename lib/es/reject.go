package es

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"errors"
	"unicode/utf8"
)

// Reject is an event that cannot be written, through a fault of its own.
type Reject struct {
	Line     int64  // its number in the input, or else among the events put, from 1
	Reason   string // one line
	Status   int    // HTTP status of the refusal; 0: it was not sent
	Document []byte // the event as it came, without blanks around it
}

// MaxReject is how long the line of a reject may be: JSON may write a byte as
// six.
const MaxReject = 6*(16<<20) + 1<<16

// ErrNotReject says that a line is not one that Encode wrote.
var ErrNotReject = errors.New("not a rejected event of wm-es")

// rejectLine is a Reject as it is written. The document is text; one that is
// not UTF-8 is in base64, and encoding says so.
type rejectLine struct {
	Line     int64   `json:"line"`
	Reason   string  `json:"reason"`
	Status   int     `json:"status"`
	Encoding string  `json:"encoding,omitempty"`
	Document *string `json:"document"`
}

// Encode renders the reject as one line of JSON, with its end.
func (r Reject) Encode() []byte {
	text, encoding := string(r.Document), ""
	if !utf8.Valid(r.Document) {
		text, encoding = base64.StdEncoding.EncodeToString(r.Document), "base64"
	}
	var line bytes.Buffer
	enc := json.NewEncoder(&line)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(rejectLine{r.Line, r.Reason, r.Status, encoding, &text}); err != nil {
		panic(err) // strings and numbers only: there is nothing that could fail
	}
	return line.Bytes()
}

// DecodeReject reads what Encode wrote, or returns ErrNotReject.
func DecodeReject(line []byte) (Reject, error) {
	var l rejectLine
	if json.Unmarshal(line, &l) != nil || l.Document == nil {
		return Reject{}, ErrNotReject
	}
	r := Reject{Line: l.Line, Reason: l.Reason, Status: l.Status, Document: []byte(*l.Document)}
	switch l.Encoding {
	case "":
		return r, nil
	case "base64":
		document, err := base64.StdEncoding.DecodeString(*l.Document)
		if err != nil {
			return Reject{}, ErrNotReject
		}
		r.Document = document
		return r, nil
	}
	return Reject{}, ErrNotReject
}
