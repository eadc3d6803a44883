package stream

import (
	"bytes"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"
	"syscall"
	"time"

	"github.com/tidwall/gjson"

	"github.com/wmtools/wm/lib/event"
	"github.com/wmtools/wm/lib/ndjson"
)

// StatusError is a response with a status other than 200.
type StatusError struct {
	Code       int
	Status     string        // such as "429 Too Many Requests"
	Detail     string        // the server's explanation; may be empty
	RetryAfter time.Duration // 0 if the server names none
}

func (e *StatusError) Error() string {
	if e.Detail == "" {
		return "server answers " + e.Status
	}
	return fmt.Sprintf("server answers %s: %s", e.Status, e.Detail)
}

// UnknownStreamsError reports streams that the server does not have.
type UnknownStreamsError struct {
	*StatusError
	Nearest []string // streams with similar names; empty if the server lists none
}

func (e *UnknownStreamsError) Unwrap() error { return e.StatusError }

// ProxyError reports a proxy that refuses to connect to the server.
type ProxyError struct {
	Proxy  string // URL, without the password
	Code   int
	Status string
}

func (e *ProxyError) Error() string { return fmt.Sprintf("proxy %s answers %s", e.Proxy, e.Status) }

// RedirectError reports a redirect that was not followed.
type RedirectError struct{ To string }

func (e *RedirectError) Error() string {
	return fmt.Sprintf("server redirects to %s: not followed", e.To)
}

// MissingError reports history that the server no longer has.
type MissingError struct{ Asked, First time.Time }

func (e *MissingError) Error() string {
	return fmt.Sprintf("events since %s requested, but the server begins at %s: %s missing",
		e.Asked.UTC().Format(time.RFC3339), e.First.UTC().Format(time.RFC3339), event.FormatDuration(e.missing()))
}

func (e *MissingError) missing() time.Duration { return e.First.Sub(e.Asked) }

// NotStreamError reports an input without any server-sent event.
type NotStreamError struct {
	Name   string
	Events bool               // it looks like events, one per line
	Shape  *ndjson.ShapeError // what else it looks like; nil: unknown
}

func (e *NotStreamError) Error() string {
	what := ""
	switch {
	case e.Shape != nil:
		what = string(e.Shape.Shape) + ", "
	case e.Events:
		what = "JSON, one object per line, "
	}
	return e.Name + ": " + what + "not an event stream"
}

func (e *NotStreamError) Unwrap() error {
	if e.Shape == nil {
		return nil
	}
	return e.Shape
}

// notStream describes an input by its first bytes.
func notStream(name string, start []byte) *NotStreamError {
	e := &NotStreamError{Name: name}
	if shape := ndjson.DetectShape(start); shape != "" {
		e.Shape = &ndjson.ShapeError{Shape: shape}
	}
	start = bytes.TrimSpace(start)
	e.Events = e.Shape == nil && len(start) > 0 && start[0] == '{'
	return e
}

// finalError is an error that the next connection would get too.
type finalError struct{ err error }

func (e *finalError) Error() string { return e.err.Error() }

func (e *finalError) Unwrap() error { return e.err }

// answerError is a response with status 200 that is not an event stream.
type answerError struct{ text string }

func (e *answerError) Error() string { return e.text }

// topicsError is the response to a Last-Event-ID with topics that no longer exist.
type topicsError struct{ available []string }

func (e *topicsError) Error() string {
	return "topics of the stream changed, now " + strings.Join(e.available, ", ")
}

// errAgain ends a connection that may have begun too late.
var errAgain = errors.New("asking again, because the first response may have begun too late")

// reportedError is a frame in which the server says why it ends the connection.
type reportedError struct{ text string }

func (e *reportedError) Error() string { return "server reports " + e.text }

// refusal returns the error for a response with a status other than 200.
func refusal(res *http.Response) error {
	status := clip([]byte(res.Status))
	body, _ := io.ReadAll(io.LimitReader(res.Body, 64<<10)) // a read error leaves a shorter detail
	refused := &StatusError{Code: res.StatusCode, Status: status, Detail: detail(body), RetryAfter: retryAfter(res)}
	switch {
	case res.StatusCode == http.StatusNotFound && gjson.GetBytes(body, "availableTopics").IsArray():
		gone := &topicsError{}
		for _, t := range gjson.GetBytes(body, "availableTopics").Array() {
			gone.available = append(gone.available, t.String())
		}
		return gone
	case res.StatusCode == http.StatusBadRequest && strings.HasPrefix(refused.Detail, "Invalid streams"):
		return &finalError{&UnknownStreamsError{StatusError: refused}}
	case permanent(res.StatusCode):
		return &finalError{refused}
	}
	return refused
}

// permanent reports whether repeating the request would get the same status.
func permanent(status int) bool {
	return status >= 400 && status < 500 && status != http.StatusRequestTimeout && status != http.StatusTooManyRequests
}

// detail extracts the readable message from the body of an error response.
func detail(body []byte) string {
	for _, path := range [...]string{"detail", "message"} {
		if v := gjson.GetBytes(body, path); v.Type == gjson.String {
			return clip([]byte(v.Str))
		}
	}
	if bytes.HasPrefix(bytes.TrimSpace(body), []byte{'<'}) {
		return "" // a page for browsers
	}
	return clip(body)
}

// clip shortens text from the server to one line that fits in a message.
func clip(text []byte) string {
	s := strings.Join(strings.Fields(string(text)), " ")
	if len(s) > 200 {
		s = strings.ToValidUTF8(s[:200], "") + "..."
	}
	return s
}

// maxRetryAfter bounds the wait that a server may ask for: a longer one means a
// wrong clock.
const maxRetryAfter = time.Hour

// retryAfter parses the header of that name: seconds, or a date.
func retryAfter(res *http.Response) time.Duration {
	value := res.Header.Get("Retry-After")
	if s, err := strconv.ParseUint(value, 10, 32); err == nil {
		return min(time.Duration(s)*time.Second, maxRetryAfter)
	}
	if t, err := http.ParseTime(value); err == nil {
		return min(max(0, t.Sub(serverDate(res))), maxRetryAfter)
	}
	return 0
}

// explain adds a hint to an error of the connection.
func explain(err error) error {
	var authority x509.UnknownAuthorityError
	var name x509.HostnameError
	var invalid x509.CertificateInvalidError
	var plain tls.RecordHeaderError
	switch {
	case errors.As(err, &authority):
		return event.WithHint(err, "this machine does not trust the certificate's issuer: install ca-certificates, or set SSL_CERT_FILE to the certificates of your proxy")
	case errors.As(err, &name):
		return event.WithHint(err, "the certificate is for another name: check the address")
	case errors.As(err, &invalid) && invalid.Reason == x509.Expired:
		return event.WithHint(err, "the certificate has expired, or the clock of this machine is wrong (it says "+time.Now().UTC().Format(time.RFC3339)+")")
	case errors.As(err, &plain), errors.Is(err, http.ErrSchemeMismatch):
		return event.WithHint(err, "the server does not use TLS on this port: try http instead of https")
	}
	return err
}

// cause classifies the end of a connection, for messages and metrics.
func cause(err error) Cause {
	var status *StatusError
	var answer *answerError
	var reported *reportedError
	var idle *idleError
	var topics *topicsError
	switch {
	case errors.Is(err, io.EOF):
		return CauseEnd
	case errors.Is(err, io.ErrUnexpectedEOF):
		return CauseCut
	case errors.Is(err, syscall.ECONNRESET):
		return CauseReset
	case errors.As(err, &idle):
		return CauseIdle
	case errors.As(err, &reported):
		return CauseReported
	case errors.As(err, &topics):
		return CauseTopics
	case errors.Is(err, errAgain):
		return CauseAgain
	case errors.As(err, &status), errors.As(err, &answer):
		return CauseAnswer
	}
	return CauseNetwork
}

// plain returns the error for the end of a connection in words for the user.
func plain(err error) error {
	switch cause(err) {
	case CauseEnd, CauseCut:
		return errors.New("connection closed")
	case CauseReset:
		return errors.New("connection reset")
	}
	return err
}
