package stream

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"time"

	"github.com/tidwall/gjson"

	"github.com/wmtools/wm/lib/event"
)

// finalError is an error that the next connection would meet again.
type finalError struct{ err error }

func (e *finalError) Error() string { return e.err.Error() }

func (e *finalError) Unwrap() error { return e.err }

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

// topicsError is the answer to a Last-Event-ID with topics that are gone.
type topicsError struct{ available []string }

func (e *topicsError) Error() string { return "topics of the stream changed" }

// refusal makes the error of an answer other than 200.
func refusal(res *http.Response) error {
	body, err := io.ReadAll(io.LimitReader(res.Body, 64<<10))
	if err != nil {
		return err
	}
	refused := &statusError{res.Status, detail(body), retryAfter(res)}
	switch {
	case res.StatusCode == http.StatusNotFound && gjson.GetBytes(body, "availableTopics").IsArray():
		gone := &topicsError{}
		for _, t := range gjson.GetBytes(body, "availableTopics").Array() {
			gone.available = append(gone.available, t.String())
		}
		return gone
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

// retryAfter reads the header of that name: seconds, or a date.
func retryAfter(res *http.Response) time.Duration {
	value := res.Header.Get("Retry-After")
	if s, err := strconv.Atoi(value); err == nil {
		return time.Duration(max(0, s)) * time.Second
	}
	if t, err := http.ParseTime(value); err == nil {
		return max(0, t.Sub(serverDate(res)))
	}
	return 0
}
