package service

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"

	"github.com/tidwall/gjson"
)

// refusal is a response other than a stream.
type refusal struct {
	status      int
	contentType string // "": the header is left out
	reason      string // in the status line; "" means the usual one
	body        []byte
}

// serviceError returns an error response of the service itself.
func serviceError(r *http.Request, status int, kind, title, detail string) *refusal {
	body := compact(struct {
		Status int    `json:"status"`
		Type   string `json:"type"`
		Title  string `json:"title"`
		Detail string `json:"detail"`
		Method string `json:"method"`
		URI    string `json:"uri"`
	}{status, kind, title, detail, r.Method, r.RequestURI})
	return &refusal{status: status, contentType: "application/json; charset=utf-8", body: body}
}

func unknownStreams(r *http.Request, names []string) *refusal {
	return serviceError(r, http.StatusBadRequest, "not_found", "Stream Not Found", "Invalid streams: "+strings.Join(names, ","))
}

func invalidSince(r *http.Request, values []string) *refusal {
	return serviceError(r, http.StatusBadRequest, "invalid_timestamp", "Invalid timestamp",
		"since timestamp is not a UTC milliseconds unix epoch and was not parseable: '"+strings.Join(values, ",")+"'")
}

func tooMany(r *http.Request) *refusal {
	return serviceError(r, http.StatusTooManyRequests, "too_many_requests", "Too Many Concurrent Connections From Your Client IP",
		"Your HTTP client is likely opening too many concurrent connections.")
}

// kafkaError is an error response of the part of the service that reads Kafka: one
// line of JSON without a content type, with the message also in the status line.
type kafkaError struct {
	Message      string          `json:"message"`
	Origin       string          `json:"origin"`
	Name         string          `json:"name"`
	OriginalName string          `json:"originalName,omitempty"`
	LastEventID  *string         `json:"last_event_id,omitempty"`
	Assignments  json.RawMessage `json:"assignments,omitempty"`
	Available    []string        `json:"availableTopics,omitempty"`
	StatusCode   int             `json:"statusCode"`
}

func (e kafkaError) refusal() *refusal {
	e.Origin = "KafkaSSE"
	return &refusal{status: e.StatusCode, reason: e.Name + ": " + e.Message, body: append(compact(e), '\n')}
}

func invalidJSON(header string) *refusal {
	return kafkaError{
		StatusCode: http.StatusBadRequest, Name: "InvalidAssignmentError", Message: syntaxError(header),
		OriginalName: "SyntaxError", LastEventID: &header,
	}.refusal()
}

func invalidAssignments(header string) *refusal {
	return kafkaError{
		StatusCode: http.StatusBadRequest, Name: "InvalidAssignmentError", OriginalName: "Error",
		Message:     "Must provide either an array topic names, or  an array of objects with topic, partition and offset|timestamp.",
		Assignments: json.RawMessage(gjson.Get(header, "@ugly").Raw),
	}.refusal()
}

func topicNotAvailable(missing, available []string) *refusal {
	return kafkaError{
		StatusCode: http.StatusNotFound, Name: "TopicNotAvailableError",
		Message:   "Topics " + strings.Join(missing, ", ") + " are not available for consumption.",
		Available: available,
	}.refusal()
}

// negativeTime is the response to a time before 1970, which Kafka's client
// rejects. The status is the service's; the text is invented.
func negativeTime() *refusal {
	body := compact(struct {
		Message string `json:"message"`
		Code    int    `json:"code"`
		Errno   int    `json:"errno"`
		Origin  string `json:"origin"`
	}{"Local: Invalid argument or configuration", -186, -186, "kafka"})
	return &refusal{status: http.StatusInternalServerError, reason: "Error: Local: Invalid argument or configuration", body: append(body, '\n')}
}

// write sends the refusal.
func (f *refusal) write(w http.ResponseWriter) {
	if f.reason != "" && f.writeRaw(w) {
		return
	}
	w.Header()["Content-Type"] = nil // keep net/http from guessing it
	if f.contentType != "" {
		w.Header().Set("Content-Type", f.contentType)
	}
	w.WriteHeader(f.status)
	w.Write(f.body)
}

// writeRaw sends the refusal with a custom status line, which net/http does not
// support. It reports false over HTTP/2, which has no such line.
func (f *refusal) writeRaw(w http.ResponseWriter) bool {
	conn, buf, err := http.NewResponseController(w).Hijack()
	if err != nil {
		return false
	}
	defer conn.Close()
	fmt.Fprintf(buf, "HTTP/1.1 %d %s\r\n", f.status, printable(f.reason))
	w.Header().Write(buf)
	fmt.Fprintf(buf, "Connection: close\r\nTransfer-Encoding: chunked\r\n\r\n%x\r\n%s\r\n0\r\n\r\n", len(f.body), f.body)
	buf.Flush()
	return true
}

// printable replaces what a status line cannot hold.
func printable(s string) string {
	return strings.Map(func(r rune) rune {
		if r < ' ' || r > '~' {
			return '?'
		}
		return r
	}, s)
}
