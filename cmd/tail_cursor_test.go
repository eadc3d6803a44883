package cmd_test

import (
	"encoding/pem"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/wmtools/wm/cmd/internal/cmdtest"
	"github.com/wmtools/wm/lib/cursor"
	"github.com/wmtools/wm/lib/simulate"
	"github.com/wmtools/wm/lib/simulate/service"
)

func writePEM(t *testing.T, der []byte) string {
	t.Helper()
	name := filepath.Join(t.TempDir(), "cert.pem")
	if err := os.WriteFile(name, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}), 0o600); err != nil {
		t.Fatal(err)
	}
	return name
}

// A cursor that cannot be resumed is an error with a hint, before any request:
// wm-tail never silently starts at the live end.
func TestTailRefusesCursors(t *testing.T) {
	good := cursor.Cursor{Streams: []string{"recentchange"}, From: 1000, Saved: time.Now().UnixMilli(),
		Positions: []cursor.Position{{Topic: "eqiad.mediawiki.recentchange", Timestamp: 1000}}}
	whole, future := string(good.Encode()), good
	future.Saved = time.Now().Add(2 * time.Hour).UnixMilli()
	var requests atomic.Int64
	srv := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { requests.Add(1) }))
	defer srv.Close()
	for _, tt := range []struct {
		name, text, streams string
		want                []string
	}{
		{"of other streams", whole, "page-create", []string{"cursor is for recentchange, not for page-create", "hint: name the same streams"}},
		{"half of it", whole[:len(whole)/2], "recentchange", []string{"c.json: not a complete cursor", "hint: if you do not need this file"}},
		{"empty", "", "recentchange", []string{"c.json: not a complete cursor"}},
		{"something else", "hello", "recentchange", []string{"c.json: not a complete cursor"}},
		{"of a later version", strings.Replace(whole, `"version":1`, `"version":9`, 1), "recentchange", []string{"cursor has version 9", "hint: a newer version of wm"}},
		{"saved in the future", string(future.Encode()), "recentchange", []string{"cursor was saved in the future", "hint: check the clock"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			name := filepath.Join(t.TempDir(), "c.json")
			if err := os.WriteFile(name, []byte(tt.text), 0o644); err != nil {
				t.Fatal(err)
			}
			for _, flag := range []string{"--cursor", "--resume"} {
				lines, stderr, code := cmdtest.RunTail(t, "--url", srv.URL, flag, name, tt.streams)
				cmdtest.ExpectExit(t, code, 2, stderr)
				cmdtest.Contains(t, stderr, tt.want...)
				if after, err := os.ReadFile(name); string(after) != tt.text || err != nil || len(lines) > 0 {
					t.Errorf("the file became %q, error %v, and %d lines were printed", after, err, len(lines))
				}
			}
		})
	}
	_, stderr, code := cmdtest.RunTail(t, "--url", srv.URL, "--cursor", t.TempDir())
	cmdtest.ExpectExit(t, code, 2, stderr)
	if requests.Load() > 0 {
		t.Errorf("%d requests were made", requests.Load())
	}
}

// Two processes cannot use one cursor: the second names the first.
func TestTailCursorIsLocked(t *testing.T) {
	w := cmdtest.NewLookAlike(t)
	cursor := filepath.Join(t.TempDir(), "c.json")
	first := cmdtest.NewTail(t, "--url", w.URL(), "--cursor", cursor)
	if err := first.Start(); err != nil {
		t.Fatal(err)
	}
	cmdtest.WaitFor(t, "it has a cursor", func() bool { _, err := os.Stat(cursor); return err == nil })
	_, stderr, code := cmdtest.RunTail(t, "--url", w.URL(), "--cursor", cursor)
	cmdtest.ExpectExit(t, code, 2, stderr)
	cmdtest.Contains(t, stderr, "c.json.lock is held by process "+strconv.Itoa(first.Process.Pid), "hint: ")
	if err := first.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = first.Wait() // it was killed
	w.Add(simulate.New(1, simulate.Options{Start: time.Now(), Canary: -1}).Next())
	_, stderr, code = cmdtest.RunTail(t, "--url", w.URL(), "--cursor", cursor, "-n", "1")
	cmdtest.ExpectExit(t, code, 0, stderr)
}

// Topics that the cursor lacks are found even if the first connections fail.
func TestTailLearnsTopicsAfterAnOutage(t *testing.T) {
	t.Parallel()
	srv := service.NewServer(service.New(service.Options{Faults: service.Sequence(
		service.Fault{Status: 503}, service.Fault{End: service.Cut})}))
	t.Cleanup(srv.Close)
	cursorLacksTopic(t, func(*testing.T) cmdtest.EventStreams { return cmdtest.LookAlike{Server: srv} }, 0)
}

// A run without a connection does not find the topics that its cursor lacks. Its
// cursor must not claim that all topics are known.
func TestTailCursorStaysInAnOutage(t *testing.T) {
	name := writeCursor(t, time.Now().Add(-time.Hour), cursor.Position{Topic: "eqiad.mediawiki.recentchange", Timestamp: 1000})
	before, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	gone := httptest.NewServer(http.NotFoundHandler())
	gone.Close()
	_, stderr, code := cmdtest.RunTail(t, "--url", gone.URL, "--cursor", name, "--retry-for", "1ms")
	cmdtest.ExpectExit(t, code, 2, stderr)
	after, err := os.ReadFile(name)
	if err != nil || strings.TrimSpace(string(after)) != string(before) {
		t.Errorf("the cursor was %s and is %s, error %v", before, after, err)
	}
}

// History that the server no longer has is reported; a bounded replay fails.
func TestTailSaysWhatIsMissing(t *testing.T) {
	w := cmdtest.NewLookAlike(t)
	source := simulate.New(1, simulate.Options{Start: time.Now().Add(-10 * time.Minute), Canary: -1}).Take(200)
	w.Add(source...)
	lines, stderr, code := cmdtest.RunTail(t, "--url", w.URL(), "--since", "3d", "--until", "1m")
	cmdtest.ExpectExit(t, code, 2, stderr)
	cmdtest.Contains(t, stderr, "events since ", ": 2d23h", " missing", "hint: the service keeps only some days")
	if len(lines) > 0 {
		t.Errorf("printed %d lines", len(lines))
	}
	lines, stderr, code = cmdtest.RunTail(t, "--url", w.URL(), "--since", "3d", "-n", "200")
	cmdtest.ExpectExit(t, code, 0, stderr)
	cmdtest.Contains(t, stderr, ": 2d23h", " missing", "missing: 0 events, 2d23h")
	cmdtest.CompareEvents(t, lines, source)
	_, stderr, code = cmdtest.RunTail(t, "--url", w.URL(), "--since", "1h", "-n", "200")
	cmdtest.ExpectExit(t, code, 0, stderr)
	if !strings.Contains(stderr, "missing: 0 events, 0s of history") {
		t.Errorf("50 minutes without an event were taken for a loss: %s", stderr)
	}
}

// Messages missing in the log are reported once, with their numbers, and not
// again when a reconnect passes them.
func TestTailReportsGaps(t *testing.T) {
	t.Parallel()
	w := cmdtest.NewLookAlike(t)
	source := simulate.New(2, simulate.Options{Start: cmdtest.Recent(400), Canary: -1}).Take(400)
	w.Add(source[:150]...)
	w.Add(source[153:]...)
	proxy := cmdtest.NewCutter(t, w.URL(), 60)
	kept := append(append([]simulate.Event(nil), source[:150]...), source[153:]...)
	lines, stderr, code := cmdtest.RunTail(t, "--url", proxy.URL, "--since", cmdtest.Since(source[0]), "-n", strconv.Itoa(len(kept)))
	cmdtest.ExpectExit(t, code, 0, stderr)
	cmdtest.CompareEvents(t, lines, kept)
	reported := regexp.MustCompile(`gap of (\d+) events after offset (\d+)`).FindAllStringSubmatch(stderr, -1)
	if len(reported) != 1 || reported[0][1] != "3" || reported[0][2] != strconv.FormatInt(source[149].Offset, 10) {
		t.Errorf("reported %q, want 3 after %d, once: %s", reported, source[149].Offset, stderr)
	}
	cmdtest.Contains(t, stderr, "missing: 3 events, 0s of history")
}
