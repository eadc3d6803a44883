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
)

// finalError is an error that the next connection would meet again.
type finalError struct{ err error }

func (e *finalError) Error() string { return e.err.Error() }

func (e *finalError) Unwrap() error { return e.err }

// answerError is an answer with status 200 that is no event stream.
type answerError struct{ text string }

func (e *answerError) Error() string { return e.text }

// statusError is an answer that may be a better one later.
type statusError struct {
	status     string
	detail     string
	retryAfter time.Duration // 0: the server names none
}

func (e *statusError) Error() string {
	if e.detail == "" {
		return "server answers " + e.status
	}
	return fmt.Sprintf("server answers %s: %s", e.status, e.detail)
}

// unknownError is the answer to streams that the server does not have.
type unknownError struct{ *statusError }

func (e *unknownError) Unwrap() error { return e.statusError }

// topicsError is the answer to a Last-Event-ID with topics that are gone.
type topicsError struct{ available []string }

func (e *topicsError) Error() string {
	return "topics of the stream changed, now " + strings.Join(e.available, ", ")
}

// errAgain ends a connection that may have begun too late.
var errAgain = errors.New("asking a second time, for the first answer may have begun too late")

// reportedError is a frame in which the server says why it ends the connection.
type reportedError struct{ text string }

func (e *reportedError) Error() string { return "server reports " + e.text }

// refusal makes the error of an answer other than 200.
func refusal(res *http.Response) error {
	body, err := io.ReadAll(io.LimitReader(res.Body, 64<<10))
	if err != nil {
		return fmt.Errorf("server answers %s: %w", res.Status, err)
	}
	refused := &statusError{res.Status, detail(body), retryAfter(res)}
	switch {
	case res.StatusCode == http.StatusNotFound && gjson.GetBytes(body, "availableTopics").IsArray():
		gone := &topicsError{}
		for _, t := range gjson.GetBytes(body, "availableTopics").Array() {
			gone.available = append(gone.available, t.String())
		}
		return gone
	case res.StatusCode == http.StatusBadRequest && strings.HasPrefix(refused.detail, "Invalid streams"):
		return &finalError{&unknownError{refused}}
	case res.StatusCode == http.StatusForbidden:
		return &finalError{event.WithHint(refused, "say who you are with --contact: the service refuses clients without an address to write to")}
	case res.StatusCode >= 400 && res.StatusCode < 500 && !passing(res.StatusCode):
		return &finalError{refused}
	}
	return refused
}

// passing reports whether a client error may be gone the next time.
func passing(status int) bool {
	return status == http.StatusRequestTimeout || status == http.StatusTooManyRequests
}

// detail takes the sentence for people out of an error's body.
func detail(body []byte) string {
	for _, path := range [...]string{"detail", "message"} {
		if v := gjson.GetBytes(body, path); v.Type == gjson.String {
			return clip([]byte(v.Str))
		}
	}
	if bytes.HasPrefix(bytes.TrimSpace(body), []byte{'<'}) {
		return "" // a page for people in browsers
	}
	return clip(body)
}

// clip shortens what a server says to what fits in a message.
func clip(text []byte) string {
	s := strings.TrimSpace(string(text))
	if len(s) > 200 {
		s = strings.ToValidUTF8(s[:200], "") + "..."
	}
	return strings.Map(func(r rune) rune {
		if r < ' ' {
			return ' ' // a message is one line
		}
		return r
	}, s)
}

// retryAfter reads the header of that name: seconds, or a date. It waits an
// hour at most: a server that asks for more has lost its clock.
func retryAfter(res *http.Response) time.Duration {
	value := res.Header.Get("Retry-After")
	if s, err := strconv.Atoi(value); err == nil {
		return time.Duration(min(max(0, s), 3600)) * time.Second
	}
	if t, err := http.ParseTime(value); err == nil {
		return min(max(0, t.Sub(serverDate(res))), time.Hour)
	}
	return 0
}

// explain adds to an error of the connection what the user can do.
func explain(err error) error {
	var authority x509.UnknownAuthorityError
	var name x509.HostnameError
	var invalid x509.CertificateInvalidError
	var plain tls.RecordHeaderError
	switch {
	case errors.As(err, &authority):
		return event.WithHint(err, "this machine does not know who signed the certificate: install its ca-certificates, or set SSL_CERT_FILE to your proxy's")
	case errors.As(err, &name):
		return event.WithHint(err, "the certificate is for another name: check the address")
	case errors.As(err, &invalid) && invalid.Reason == x509.Expired:
		return event.WithHint(err, "the certificate is out of date, or the clock of this machine is wrong (it says "+time.Now().UTC().Format(time.RFC3339)+")")
	case errors.As(err, &plain), errors.Is(err, http.ErrSchemeMismatch):
		return event.WithHint(err, "the server speaks no TLS at this port: is it http instead of https?")
	}
	return err
}

// cause names why a connection ended, for messages and metrics.
func cause(err error) Cause {
	var status *statusError
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
