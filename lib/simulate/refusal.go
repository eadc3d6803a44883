package simulate

import (
	"fmt"
	"net/http"
	"strings"

	"github.com/tidwall/gjson"
)

// refusal is an answer other than a stream.
type refusal struct {
	status      int
	contentType string // "": the header is left out
	reason      string // the status line's, where it is not the usual one
	body        []byte
}

// serviceError is how the service itself refuses.
func serviceError(r *http.Request, status int, kind, title, detail string) *refusal {
	var b builder
	b.start()
	b.num("status", int64(status))
	b.str("type", kind)
	b.str("title", title)
	b.str("detail", detail)
	b.str("method", r.Method)
	b.str("uri", r.RequestURI)
	return &refusal{status: status, contentType: "application/json; charset=utf-8", body: b.end()}
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

// kafkaError is how the part of the service that reads Kafka refuses: one line
// of JSON without a content type, the message also in the status line.
func kafkaError(status int, name, message string, more func(*builder)) *refusal {
	var b builder
	b.start()
	b.str("message", message)
	b.str("origin", "KafkaSSE")
	b.str("name", name)
	more(&b)
	b.num("statusCode", int64(status))
	return &refusal{status: status, reason: name + ": " + message, body: append(b.end(), '\n')}
}

func invalidJSON(header string) *refusal {
	return kafkaError(http.StatusBadRequest, "InvalidAssignmentError", syntaxError(header), func(b *builder) {
		b.str("originalName", "SyntaxError")
		b.str("last_event_id", header)
	})
}

func invalidAssignments(header string) *refusal {
	const message = "Must provide either an array topic names, or  an array of objects with topic, partition and offset|timestamp."
	return kafkaError(http.StatusBadRequest, "InvalidAssignmentError", message, func(b *builder) {
		b.str("originalName", "Error")
		b.raw("assignments", gjson.Get(header, "@ugly").Raw)
	})
}

func topicNotAvailable(missing, available []string) *refusal {
	message := "Topics " + strings.Join(missing, ", ") + " are not available for consumption."
	return kafkaError(http.StatusNotFound, "TopicNotAvailableError", message, func(b *builder) {
		b.raw("availableTopics", `["`+strings.Join(available, `","`)+`"]`)
	})
}

// negativeTime is what Kafka's client says to a time before 1970. Its status
// was seen, its text was not.
func negativeTime() *refusal {
	var b builder
	b.start()
	b.str("message", "Local: Invalid argument or configuration")
	b.num("code", -186)
	b.num("errno", -186)
	b.str("origin", "kafka")
	return &refusal{status: http.StatusInternalServerError, reason: "Error: Local: Invalid argument or configuration", body: append(b.end(), '\n')}
}

// write sends the refusal.
func (f *refusal) write(w http.ResponseWriter) {
	if f.reason != "" && f.writeRaw(w) {
		return
	}
	w.Header()["Content-Type"] = nil // not to be guessed
	if f.contentType != "" {
		w.Header().Set("Content-Type", f.contentType)
	}
	w.WriteHeader(f.status)
	w.Write(f.body)
}

// writeRaw sends the refusal with a status line of its own, which net/http
// offers no way to do. It reports false over HTTP/2, which has no such line.
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
