package stream

import (
	"bytes"
	"context"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/tidwall/gjson"
)

// TestCapturedStreams serves real captures, cuts included, and compares what a
// Stream yields with the whole frames in the capture. The captures hold names
// of real people and are not part of the project: WM_CAPTURES names their folder.
func TestCapturedStreams(t *testing.T) {
	dir := os.Getenv("WM_CAPTURES")
	if dir == "" {
		t.Skip("WM_CAPTURES is not set to a folder of captured streams")
	}
	files, err := filepath.Glob(filepath.Join(dir, "sse", "*.sse"))
	if err != nil || len(files) == 0 {
		t.Fatalf("no captures in %s (%v)", dir, err)
	}
	for _, file := range files {
		t.Run(filepath.Base(file), func(t *testing.T) {
			capture, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			var want []string
			for _, p := range bySpec(string(capture)) {
				if gjson.Get(p.data, "meta.domain").String() != "canary" {
					want = append(want, p.data)
				}
			}
			got := serve(t, capture)
			if strings.Join(got, "\n") != strings.Join(want, "\n") {
				t.Errorf("yielded %d events, the capture has %d whole frames, or their bytes differ", len(got), len(want))
			}
			t.Logf("%d whole frames, %d events, the same bytes", len(want), len(got))
		})
	}
}

// serve serves a capture once and returns the events that a Stream yields. The
// server's second response ends the stream.
func serve(t *testing.T, capture []byte) (got []string) {
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	connections := 0
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if connections++; connections > 1 {
			cancel()
			return
		}
		w.Header().Set("Content-Type", "text/event-stream; charset=utf-8")
		if _, err := bytes.NewReader(capture).WriteTo(w); err != nil {
			t.Error(err)
		}
	}))
	defer srv.Close()
	s, err := New(Options{URL: srv.URL})
	if err != nil {
		t.Fatal(err)
	}
	for e, err := range s.Events(ctx) {
		if err != nil {
			t.Fatal(err)
		}
		got = append(got, string(e.Line()))
	}
	return got
}
