package es

import (
	"fmt"
	"strings"
	"testing"
)

// esError is the body of an error as Elasticsearch writes it.
func esError(code int, kind, reason string) string {
	return fmt.Sprintf(`{"error":{"root_cause":[],"type":%q,"reason":%q},"status":%d}`, kind, reason, code)
}

func TestFailureIsOneReadableLine(t *testing.T) {
	tests := map[string]string{
		esError(429, tooBusyOpenSearch, "rejected execution"):                              tooBusy + ": the server cannot take more requests at the moment",
		esError(503, "x_exception", "line\n one"):                                          "x_exception: line one",
		`{"error":{"type":"x","reason":"a","caused_by":{"reason":"b"}}}`:                   "x: a: b",
		`{"error":{"type":"x","reason":"a: b","caused_by":{"reason":"b"}}}`:                "x: a: b",
		`{"error":"no handler found","status":503}`:                                        `status 503: {"error":"no handler found","status":503}`,
		"<html>\r\n<h1>Bad\tgateway</h1>":                                                  "status 503: <html> <h1>Bad gateway</h1>",
		esError(429, tooBusy, "rejected execution of Runnable@65dbb97f[queued tasks = 1]"): tooBusy + ": the server cannot take more requests at the moment",
		"":                       "status 503",
		strings.Repeat("é", 300): "status 503: " + strings.Repeat("é", 200) + "...",
	}
	for body, want := range tests {
		if got := (&Client{}).Refused(Answer{Status: 503, Body: []byte(body)}).Error(); got != want {
			t.Errorf("%.60s: %q, want %q", body, got, want)
		}
	}
}
