package service

import (
	"bytes"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/wmtools/wm/lib/simulate"
)

// WriteSSE writes exactly what the service sends.
func TestWriteSSE(t *testing.T) {
	events := simulate.New(1, simulate.Options{Switch: 70, Canary: 1e10, Streams: simulate.Streams}).Take(3000)
	var frames bytes.Buffer
	if err := WriteSSE(&frames, simulate.Streams[:2], slices.Values(events)); err != nil {
		t.Fatal(err)
	}
	s := start(t, Options{Finite: true}, events...)
	var topics []string
	for _, el := range waiting(simulate.Streams[:2]) {
		topics = append(topics, `{"topic":"`+el.topic+`","partition":0,"offset":-2}`)
	}
	served := get(t, s, "/v2/stream/"+strings.Join(simulate.Streams[:2], ","), "Last-Event-ID", "["+strings.Join(topics, ",")+"]").body
	if got := strings.ReplaceAll(frames.String(), `"offset":-1}`, `"offset":-2}`); got != served {
		t.Errorf("%d bytes written, %d served", len(got), len(served))
	}
}

// TestCapturedFrames compares our frames with captured ones, byte for byte.
func TestCapturedFrames(t *testing.T) {
	for name, captured := range captures(t, "sse/*.sse") {
		var events []simulate.Event
		whole := captured[:bytes.LastIndex(captured, []byte("\n\n"))+2]
		for line := range bytes.Lines(whole) {
			if data, ok := bytes.CutPrefix(line, []byte("data: {\"")); ok {
				more, err := simulate.ReadEvents(bytes.NewReader(append([]byte(`{"`), data...)))
				if err != nil {
					t.Fatal(err)
				}
				events = append(events, more...)
			}
		}
		if len(events) < 20 || !bytes.HasPrefix(whole, []byte(":ok\n\nevent: ")) {
			continue // too short, or several responses in a row
		}
		var ours bytes.Buffer
		if err := WriteSSE(&ours, []string{events[0].Stream}, slices.Values(events)); err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(ours.Bytes(), whole) {
			at := 0
			for at < min(ours.Len(), len(whole)) && ours.Bytes()[at] == whole[at] {
				at++
			}
			t.Errorf("%s: differs at byte %d:\n got %.200q\nwant %.200q", name, at, ours.Bytes()[max(0, at-50):], whole[max(0, at-50):])
			continue
		}
		t.Logf("%s: %d frames are the same", name, len(events))
	}
}

// captures yields captured files, which hold names of real people and so are
// not part of the project.
func captures(t *testing.T, pattern string) map[string][]byte {
	t.Helper()
	dir := os.Getenv("WM_CAPTURES")
	if dir == "" {
		t.Skip("WM_CAPTURES is not set to a folder of captured events")
	}
	names, err := filepath.Glob(filepath.Join(dir, pattern))
	if err != nil || len(names) == 0 {
		t.Fatalf("%s: %v %v", dir, names, err)
	}
	files := map[string][]byte{}
	for _, name := range names {
		data, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		files[name] = data
	}
	return files
}
