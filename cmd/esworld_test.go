package cmd_test

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/tidwall/gjson"

	"github.com/wmtools/wm/lib/event"
	"github.com/wmtools/wm/lib/simulate"
)

// searchServer is an Elasticsearch for one test: wm-store, or the real one in the
// conformance tests. Tests share it, so each takes an index pattern of its own.
type searchServer struct {
	url    string
	client *http.Client
	header http.Header // of every request of the test itself
	env    []string    // of wm-es, beside the address
}

func newStore(t *testing.T) *searchServer {
	t.Helper()
	cmd := exec.Command(filepath.Join(bin(), "wm-store"), "--listen", "127.0.0.1:0", "--data", t.TempDir())
	url, err := awaitListening(cmd)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { stop(cmd) })
	return &searchServer{url: url, client: http.DefaultClient}
}

// ask sends a request as curl would and returns the answer, which must be one
// of success.
func (s *searchServer) ask(t *testing.T, method, path, body string) gjson.Result {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), method, s.url+path, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	for name, values := range s.header {
		req.Header[name] = values
	}
	req.Header.Set("Content-Type", "application/json")
	res, err := s.client.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	answer, err := io.ReadAll(res.Body)
	if err != nil || res.StatusCode/100 != 2 {
		t.Fatalf("%s %s: %s %v: %s", method, path, res.Status, err, answer)
	}
	return gjson.ParseBytes(answer)
}

// count returns how many documents an index, or all of a pattern, has.
func (s *searchServer) count(t *testing.T, index string) int {
	t.Helper()
	s.ask(t, http.MethodPost, "/"+index+"/_refresh", "")
	answer := s.ask(t, http.MethodGet, "/"+index+"/_count", "")
	if answer.Get("_shards.failed").Int() != 0 {
		t.Fatalf("%s: %s", index, answer)
	}
	return int(answer.Get("count").Int())
}

// tally is what wm-es says at its end.
type tally struct{ read, created, present, rejected, skipped int }

var tallyLine = regexp.MustCompile(`wm-es: read \d+ created .*`)

// parseTally reads the tally of wm-es's messages.
func parseTally(t *testing.T, stderr string) (y tally) {
	t.Helper()
	line := tallyLine.FindString(stderr)
	if _, err := fmt.Sscanf(line, "wm-es: read %d created %d present %d rejected %d skipped %d",
		&y.read, &y.created, &y.present, &y.rejected, &y.skipped); err != nil {
		t.Fatalf("no tally: %v: %s", err, stderr)
	}
	return y
}

// wmES makes wm-es with the address of the server and an input.
func (s *searchServer) wmES(t *testing.T, in io.Reader, args ...string) (cmd *exec.Cmd, stderr *bytes.Buffer) {
	t.Helper()
	cmd = exec.CommandContext(t.Context(), filepath.Join(bin(), "wm-es"), args...)
	cmd.Env = append(append(os.Environ(), "WM_ES="+s.url), s.env...)
	cmd.Stdin = in
	stderr = new(bytes.Buffer)
	cmd.Stderr = stderr
	cmd.WaitDelay = 10 * time.Second
	return cmd, stderr
}

// index runs wm-es on an input.
func (s *searchServer) index(t *testing.T, in io.Reader, args ...string) (y tally, stderr string, code int) {
	t.Helper()
	cmd, said := s.wmES(t, in, args...)
	_ = cmd.Run() // the exit code tells
	return parseTally(t, said.String()), said.String(), cmd.ProcessState.ExitCode()
}

// asLines writes events as a file holds them.
func asLines(t *testing.T, events []simulate.Event) *bytes.Reader {
	t.Helper()
	var b bytes.Buffer
	for _, e := range events {
		b.Write(e.Data)
		b.WriteByte('\n')
	}
	return bytes.NewReader(b.Bytes())
}

// aroundMidnight makes events of several streams. The second half is of another
// day than the first.
func aroundMidnight(n int) []simulate.Event {
	const rate = 40
	midnight := time.Date(2026, 11, 2, 0, 0, 0, 0, time.UTC)
	return simulate.New(11, simulate.Options{
		Start:   midnight.Add(-time.Duration(n/2) * time.Second / rate),
		Rate:    rate,
		Streams: []string{simulate.RecentChange, "mediawiki.revision-create", "mediawiki.page-create"},
	}).Take(n)
}

// indices counts the events that belong into each index, which prefix begins,
// by their stream and day as the line has them. Canaries belong nowhere.
func indices(prefix string, events []simulate.Event) map[string]int {
	count := make(map[string]int)
	for _, e := range noCanaries(events) {
		meta := event.New(e.Data).Get("meta")
		stream := strings.TrimPrefix(meta.Get("stream").Str, "mediawiki.")
		day := strings.ReplaceAll(meta.Get("dt").Str[:len("2026-11-01")], "-", ".")
		count[prefix+"-"+stream+"-"+day]++
	}
	return count
}

// runIndexCases holds a server and wm-es against what they must do together,
// with so many events.
func runIndexCases(t *testing.T, s *searchServer, events int) {
	t.Run("the template twice", func(t *testing.T) { templateTwice(t, s) })
	t.Run("every event once", func(t *testing.T) { everyEventOnce(t, s, events) })
	t.Run("misfits are refused", func(t *testing.T) { misfitsAreRefused(t, s) })
	t.Run("captured events", func(t *testing.T) { capturedEvents(t, s) })
	t.Run("looking after", func(t *testing.T) { lookingAfter(t, s) })
}

func TestEsOnTheStore(t *testing.T) {
	t.Parallel()
	runIndexCases(t, newStore(t), 4000)
}

func templateTwice(t *testing.T, s *searchServer) {
	for _, index := range []string{"twice-{stream}-%Y.%m.%d", "alone"} {
		for _, want := range []string{"was missing: ", "is there already"} {
			cmd, stderr := s.wmES(t, nil, "init-index", "--index", index)
			if err := cmd.Run(); err != nil {
				t.Fatalf("%v: %s", err, stderr)
			}
			for _, line := range split(stderr.Bytes()) {
				contains(t, line, want)
			}
		}
	}
}

// What goes in is counted in the index where it belongs, and a second time it is
// there already.
func everyEventOnce(t *testing.T, s *searchServer, n int) {
	events := aroundMidnight(n)
	again := n / 10
	in := append(events[:n:n], events[:again]...)
	kept, keptAgain := len(noCanaries(events)), len(noCanaries(events[:again]))
	args := []string{"--index", "once-{stream}-%Y.%m.%d"}

	got, stderr, code := s.index(t, asLines(t, in), args...)
	expectExit(t, code, 0, stderr)
	if want := (tally{read: n + again, created: kept, present: keptAgain, skipped: n + again - kept - keptAgain}); got != want {
		t.Errorf("first run: %+v, want %+v", got, want)
	}
	expectIndices(t, s, "once", events)

	got, stderr, code = s.index(t, asLines(t, events), args...)
	expectExit(t, code, 0, stderr)
	if want := (tally{read: n, present: kept, skipped: n - kept}); got != want {
		t.Errorf("second run: %+v, want %+v", got, want)
	}
	expectIndices(t, s, "once", events)
}

// expectIndices compares what is counted in each index with the events.
func expectIndices(t *testing.T, s *searchServer, prefix string, events []simulate.Event) {
	t.Helper()
	want, all := indices(prefix, events), 0
	if len(want) < 2 {
		t.Fatalf("the events make the indices %v only", want)
	}
	for index, n := range want {
		all += n
		if got := s.count(t, index); got != n {
			t.Errorf("%s has %d documents, want %d", index, got, n)
		}
	}
	if got := s.count(t, prefix+"-*"); got != all {
		t.Errorf("all of %s have %d documents, want %d", prefix, got, all)
	}
}

// A document that does not fit the mapping is refused, and told with its line;
// those around it are written.
func misfitsAreRefused(t *testing.T, s *searchServer) {
	const lines = `{"meta":{"id":"a","dt":"2026-11-01T12:00:00Z","stream":"mediawiki.recentchange"},"namespace":0}
{"meta":{"id":"b","dt":"2026-11-01T12:00:01Z","stream":"mediawiki.recentchange"},"namespace":"talk"}
{"meta":{"id":"c","dt":"2026-11-01T12:00:02Z","stream":"mediawiki.recentchange"},"namespace":1}
`
	got, stderr, code := s.index(t, strings.NewReader(lines), "--index", "misfits")
	expectExit(t, code, 2, stderr)
	if want := (tally{read: 3, created: 2, rejected: 1}); got != want {
		t.Errorf("%+v, want %+v", got, want)
	}
	contains(t, stderr, "wm-es: stdin:2: document_parsing_exception: ", "namespace")
	if got := s.count(t, "misfits"); got != 2 {
		t.Errorf("%d documents, want 2", got)
	}
}

// Captured events, of all years and streams, are written once or refused, and
// those in the index are as many as the ledger says.
func capturedEvents(t *testing.T, s *searchServer) {
	dir := os.Getenv("WM_CAPTURES")
	if dir == "" {
		t.Skip("WM_CAPTURES names no folder of captured events")
	}
	files, err := filepath.Glob(filepath.Join(dir, "*.ndjson"))
	if err != nil || len(files) == 0 {
		t.Fatalf("no captured events in %s: %v", dir, err)
	}
	var all bytes.Buffer
	for _, name := range files {
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		all.Write(append(bytes.TrimRight(text, "\n"), '\n'))
	}
	args := []string{"--index", "captured-{stream}-%Y.%m.%d"}
	first, stderr, _ := s.index(t, bytes.NewReader(all.Bytes()), args...)
	t.Logf("%+v", first)
	if first.created == 0 || first.read != first.created+first.present+first.rejected+first.skipped {
		t.Errorf("%+v: %s", first, stderr)
	}
	if got := s.count(t, "captured-*"); got != first.created {
		t.Errorf("%d documents, and %d were created", got, first.created)
	}
	second, _, _ := s.index(t, bytes.NewReader(all.Bytes()), args...)
	if want := (tally{first.read, 0, first.created + first.present, first.rejected, first.skipped}); second != want {
		t.Errorf("second run: %+v, want %+v", second, want)
	}
}
