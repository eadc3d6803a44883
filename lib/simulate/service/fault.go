package service

import (
	"cmp"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"net/http"
	"strconv"
	"strings"
)

// Fault is what goes wrong on one connection. The zero value means no fault.
//
// A fault is either a response other than a stream (Status or ContentType), or an
// End that comes after Bytes or, if that is 0, after Events and Line.
//
// Problems in the log rather than on a connection need no Fault: to make a gap in
// the offsets, leave out a generated event; to change the data centre, set Switch
// in simulate.Options; for an event larger than any buffer, append Oversized.
type Fault struct {
	// Status is sent instead of a stream, such as 204, 429 or 503.
	Status int
	// RetryAfter is sent with Status: seconds or a date.
	RetryAfter string
	// ContentType, if set, sends status 200 and a page of that type.
	ContentType string

	// End is how the connection ends.
	End End
	// Bytes of the body after which it ends.
	Bytes int64
	// Events is the number of whole events after which it ends, and Line the part
	// of the next one that is sent.
	Events int
	Line   Line
}

// End is a way in which a connection can end.
type End int

const (
	// Never: the connection works.
	Never End = iota
	// Cut closes the connection in the middle of the body, as Wikimedia's edge
	// does after some minutes. Go's client sees io.ErrUnexpectedEOF.
	Cut
	// Clean ends the body properly. Go's client sees io.EOF.
	Clean
	// Reset resets the connection. Go's client sees ECONNRESET.
	Reset
	// Stall sends nothing more but leaves the connection open until the client
	// or the server gives up.
	Stall
	// ErrorFrame sends an event of type error, then ends cleanly, as the service
	// does when it fails after the stream has begun.
	ErrorFrame
)

// Line is how much of a frame is sent before the connection ends.
type Line int

const (
	// Nothing: the connection ends between two frames.
	Nothing Line = iota
	// AfterEventLine leaves "event: message\n".
	AfterEventLine
	// InID leaves half of the id line.
	InID
	// AfterID leaves the frame without its data.
	AfterID
	// InData leaves half of the data line.
	InData
	// AfterData leaves out only the empty line that ends the frame.
	AfterData
)

var endNames = [...]string{"none", "cut", "clean", "reset", "stall", "error"}

func (e End) String() string { return endNames[e] }

var lineNames = [...]string{"nothing", "event", "in-id", "id", "in-data", "data"}

func (l Line) String() string { return lineNames[l] }

// Cycle assigns faults to connections in turn, repeatedly.
func Cycle(faults ...Fault) func(int, *http.Request) Fault {
	return func(n int, _ *http.Request) Fault {
		if len(faults) == 0 {
			return Fault{}
		}
		return faults[(n-1)%len(faults)]
	}
}

// Sequence assigns faults to the first connections; later ones work.
func Sequence(faults ...Fault) func(int, *http.Request) Fault {
	return func(n int, _ *http.Request) Fault {
		if n > len(faults) {
			return Fault{}
		}
		return faults[n-1]
	}
}

// ParseFault reads a fault from settings joined by commas, such as
// "events=100,line=id,end=cut", "bytes=5000,end=reset",
// "status=429,retry-after=7", "content-type=text/html" or "none".
func ParseFault(text string) (Fault, error) {
	var f Fault
	if text == "none" {
		return f, nil
	}
	for setting := range strings.SplitSeq(text, ",") {
		name, value, _ := strings.Cut(setting, "=")
		if err := f.set(name, value); err != nil {
			return f, fmt.Errorf("fault %q: %s: %w", text, name, err)
		}
	}
	return f, nil
}

func (f *Fault) set(name, value string) (err error) {
	switch name {
	case "status":
		f.Status, err = strconv.Atoi(value)
	case "retry-after":
		f.RetryAfter = value
	case "content-type":
		f.ContentType = value
	case "bytes":
		f.Bytes, err = strconv.ParseInt(value, 10, 64)
	case "events":
		f.Events, err = strconv.Atoi(value)
	case "line":
		f.Line, err = named[Line](lineNames[:], value)
	case "end":
		f.End, err = named[End](endNames[:], value)
	default:
		err = errors.New("no such setting")
	}
	return err
}

func named[T ~int](names []string, value string) (T, error) {
	for i, name := range names {
		if name == value {
			return T(i), nil
		}
	}
	return 0, fmt.Errorf("%q is not one of %s", value, strings.Join(names, ", "))
}

// answer sends a response that is not a stream, if that is the fault.
func (f Fault) answer(w http.ResponseWriter, r *http.Request) bool {
	if f.Status == 0 && f.ContentType == "" {
		return false
	}
	if f.RetryAfter != "" {
		w.Header().Set("Retry-After", f.RetryAfter)
	}
	if f.Status == http.StatusTooManyRequests {
		tooMany(r).write(w)
		return true
	}
	page := &refusal{status: cmp.Or(f.Status, http.StatusOK)}
	if page.status != http.StatusNoContent {
		page.contentType = cmp.Or(f.ContentType, "text/html; charset=utf-8")
		page.body = fmt.Appendf(nil, "<!DOCTYPE html><title>%d %s</title>\n", page.status, http.StatusText(page.status))
	}
	page.write(w)
	return true
}

// upTo returns the part of a frame that is sent before the connection ends.
func (l Line) upTo(event, id, data []byte) []byte {
	part := append([]byte(nil), event...)
	switch l {
	case AfterEventLine:
	case InID:
		part = append(part, id[:len(id)/2]...)
	case AfterID:
		part = append(part, id...)
	case InData:
		part = append(append(part, id...), data[:len(data)/2]...)
	case AfterData:
		part = append(append(part, id...), data[:len(data)-1]...)
	}
	return part
}

// hangUp ends a connection in a way that needs no more data.
func hangUp(ctx context.Context, w http.ResponseWriter, end End) {
	switch end {
	case Cut:
		panic(http.ErrAbortHandler) // how a handler asks net/http for this
	case Reset:
		reset(w)
	case Stall:
		<-ctx.Done()
	}
}

// reset closes the connection so that the system sends a reset and discards data
// that is not sent yet. Over HTTP/2 it resets the stream instead.
func reset(w http.ResponseWriter) {
	conn, _, err := http.NewResponseController(w).Hijack()
	if err != nil {
		panic(http.ErrAbortHandler)
	}
	raw := conn
	if t, ok := conn.(*tls.Conn); ok {
		raw = t.NetConn()
	}
	if tcp, ok := raw.(*net.TCPConn); ok {
		tcp.SetLinger(0)
	}
	raw.Close()
}
