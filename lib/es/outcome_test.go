package es

import (
	"strings"
	"testing"
	"unicode/utf8"
)

func TestFailureIsOneReadableLine(t *testing.T) {
	tests := map[string]string{
		esError(503, "x_exception", "line\n one"):                                       "x_exception: line one",
		`{"error":{"type":"x","reason":"a","caused_by":{"reason":"b"}}}`:                "x: a: b",
		`{"error":{"type":"x","reason":"a: b","caused_by":{"reason":"b"}}}`:             "x: a: b",
		`{"error":"no handler found","status":503}`:                                     `status 503 {"error":"no handler found","status":503}`,
		"<html>\r\n<h1>Bad\tgateway</h1>":                                               "status 503 <html> <h1>Bad gateway</h1>",
		esError(429, busy, "rejected execution of Runnable@65dbb97f[queued tasks = 1]"): busy + ": the server has no room for more requests at the moment",
		"":                       "status 503",
		strings.Repeat("é", 300): "status 503 " + strings.Repeat("é", 200) + "...",
	}
	for body, want := range tests {
		if got := failure(answer{status: 503, body: []byte(body)}).Error(); got != want {
			t.Errorf("%.60s: %q, want %q", body, got, want)
		}
	}
}

// Whatever a server sends, its answer has one outcome for each document or is
// refused as a whole.
func FuzzAnswerMatchesDocuments(f *testing.F) {
	f.Add(answerBody([]outcome{{status: 201}, {429, busy, "full"}}), 2)
	f.Add([]byte(`{"items":[{"create":{"status":201}},{"index":{"status":201}}]}`), 2)
	f.Add([]byte(`{"items":{"a":{"create":{"status":201}}}}`), 1)
	f.Add([]byte("<html>"), 1)
	f.Fuzz(func(t *testing.T, body []byte, want int) {
		items, err := parseItems(nil, body, want)
		if err == nil && len(items) != want {
			t.Errorf("%d outcomes for %d documents", len(items), want)
		}
		for _, it := range items {
			verdict, why := it.judge()
			if (why == nil) != (verdict == created || verdict == present) {
				t.Errorf("%+v: verdict %d with error %v", it, verdict, why)
			}
			if why != nil && (!utf8.ValidString(why.Error()) || strings.ContainsAny(why.Error(), "\r\n") || len(why.Error()) > len(it.kind)+500) {
				t.Errorf("not a readable line: %q", why)
			}
		}
	})
}
