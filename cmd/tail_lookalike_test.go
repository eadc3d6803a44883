package cmd_test

import (
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/tidwall/gjson"

	"github.com/wmtools/wm/cmd/internal/cmdtest"
	"github.com/wmtools/wm/lib/cursor"
	"github.com/wmtools/wm/lib/simulate"
	"github.com/wmtools/wm/lib/simulate/service"
)

// Every event is printed byte for byte, wherever connections end.
func TestTailKeepsBytes(t *testing.T) {
	t.Parallel()
	w := cmdtest.NewLookAlike(t)
	source := cmdtest.Restless(400, cmdtest.Recent(400))
	w.Add(source...)
	proxy := cmdtest.NewCutter(t, w.URL(), 11)
	lines, stderr, code := cmdtest.RunTail(t, "--url", proxy.URL, "--since", cmdtest.Earliest(source), "--canary", "-n", "400")
	cmdtest.ExpectExit(t, code, 0, stderr)
	var want []string
	for _, e := range source {
		want = append(want, string(e.Data))
	}
	slices.Sort(lines)
	slices.Sort(want)
	if !slices.Equal(lines, want) {
		t.Errorf("%d lines are not the %d that the server has", len(lines), len(want))
	}
	proxy.Check(t, 30)
}

// request is what a client asks for.
type request struct{ since, lastEventID string }

// requests records what the clients of a service ask for, and cuts the first
// connections.
type requests struct {
	mu   sync.Mutex
	kept []request
	cuts int
}

func (q *requests) fault(n int, r *http.Request) service.Fault {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.kept = append(q.kept, request{r.URL.Query().Get("since"), r.Header.Get("Last-Event-ID")})
	if n > q.cuts {
		return service.Fault{}
	}
	return service.Fault{End: service.Cut, Events: 100, Line: service.InData}
}

// The first request has a time at most. Each of the others names every topic of
// every stream, in each data centre, with a time and nothing else, and these times
// never go back.
func TestTailRequests(t *testing.T) {
	t.Parallel()
	q := &requests{cuts: 6}
	srv := service.NewServer(service.New(service.Options{Faults: q.fault, MaxPerClient: 1}))
	t.Cleanup(srv.Close)
	source := simulate.New(3, simulate.Options{
		Start: cmdtest.Recent(800), Late: 5 * time.Second, Switch: 300, Canary: -1, Streams: []string{simulate.RecentChange, simulate.PageCreate},
	}).Take(800)
	srv.Append(source...)
	lines, stderr, code := cmdtest.RunTail(t, "--url", srv.URL, "--since", cmdtest.Earliest(source), "-n", "800", "recentchange", "page-create")
	cmdtest.ExpectExit(t, code, 0, stderr)
	cmdtest.CompareEvents(t, lines, source)
	first, others := q.kept[0], q.kept[1:]
	if first.since == "" || first.lastEventID != "" || len(others) != 6 {
		t.Errorf("began with %+v, then %d more", first, len(others))
	}
	topics := []string{"codfw.mediawiki.page-create", "codfw.mediawiki.recentchange", "eqiad.mediawiki.page-create", "eqiad.mediawiki.recentchange"}
	before := make(map[string]int64)
	for _, r := range others {
		if named := namedTopics(t, r, before); !slices.Equal(named, topics) {
			t.Errorf("asked for %q", named)
		}
	}
}

// namedTopics returns the topics of a Last-Event-ID, and compares their times with
// the previous ones.
func namedTopics(t *testing.T, r request, before map[string]int64) (topics []string) {
	t.Helper()
	if r.since != "" {
		t.Errorf("asked since %s beside a Last-Event-ID", r.since)
	}
	for _, el := range gjson.Parse(r.lastEventID).Array() {
		topic, at := el.Get("topic").String(), el.Get("timestamp").Int()
		if len(el.Map()) != 3 || el.Get("partition").Raw != "0" || at < max(1, before[topic]) {
			t.Errorf("asked for %s, before that for %d", el.Raw, before[topic])
		}
		before[topic] = at
		topics = append(topics, topic)
	}
	slices.Sort(topics)
	return topics
}

// Connections that stay open but silent, within a frame or between two, are
// closed.
func TestTailLeavesDeadConnections(t *testing.T) {
	t.Parallel()
	srv := service.NewServer(service.New(service.Options{Faults: service.Sequence(
		service.Fault{End: service.Stall, Events: 50, Line: service.InData}, service.Fault{End: service.Stall, Events: 130},
	)}))
	t.Cleanup(srv.Close)
	source := cmdtest.Made(11, 300, 10*time.Minute, 2)
	srv.Append(source...)
	lines, stderr, code := cmdtest.RunTail(t, "--url", srv.URL, "--since", cmdtest.Since(source[0]), "--idle", "1s", "-n", "300")
	cmdtest.ExpectExit(t, code, 0, stderr)
	cmdtest.CompareEvents(t, lines, source)
	cmdtest.Contains(t, stderr, "2 reconnects")
}

// A slow reader of stdout does not count as silence of the server.
func TestTailWaitsForItsReader(t *testing.T) {
	t.Parallel()
	w := cmdtest.NewLookAlike(t)
	source := cmdtest.Made(12, 10_000, 10*time.Minute, 40)
	w.Add(source...)
	tail := cmdtest.NewTail(t, "--url", w.URL(), "--since", cmdtest.Since(source[0]), "--idle", "1s", "-n", "10000")
	r, out, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	tail.Stdout = out
	if err := tail.Start(); err != nil {
		t.Fatal(err)
	}
	out.Close()
	time.Sleep(3 * time.Second) // three times as long as the server might be silent
	var all []byte
	for buf := make([]byte, 1<<20); err == nil; {
		var n int
		n, err = r.Read(buf)
		all = append(all, buf[:n]...)
	}
	if err := tail.Wait(); err != nil {
		t.Error(err)
	}
	cmdtest.CompareEvents(t, cmdtest.Lines(all), source)
	cmdtest.Contains(t, tail.ErrBuf.String(), " 0 reconnects, 0 repeats")
}

// A file that ends with half a line after a kill gets a newline, and then the
// whole event: the half is the only broken line.
func TestTailEndsTornLines(t *testing.T) {
	w := cmdtest.NewLookAlike(t)
	source := cmdtest.Made(13, 300, 10*time.Minute, 2)
	w.Add(source...)
	dir := t.TempDir()
	output, cursor := filepath.Join(dir, "events.ndjson"), filepath.Join(dir, "c.json")
	half := string(source[150].Data[:200])
	for _, rest := range []string{half, ""} {
		tail := cmdtest.NewTail(t, "--url", w.URL(), "--since", cmdtest.Since(source[0]), "--cursor", cursor, "-n", "150")
		out, err := os.OpenFile(output, os.O_WRONLY|os.O_CREATE|os.O_APPEND, 0o644)
		if err != nil {
			t.Fatal(err)
		}
		tail.Stdout = out
		if err := tail.Run(); err != nil {
			t.Errorf("%v: %s", err, &tail.ErrBuf)
		}
		if noted := strings.Contains(tail.ErrBuf.String(), "output ended with an incomplete line"); noted != (rest == "") {
			t.Errorf("says %s", &tail.ErrBuf)
		}
		if _, err := out.WriteString(rest); err != nil {
			t.Fatal(err)
		}
		out.Close()
	}
	lines := cmdtest.ReadLines(t, output)
	if len(lines) != 301 || lines[150] != half || lines[151] != string(source[150].Data) {
		t.Fatalf("%d lines, around the cut %.300q", len(lines), lines[min(150, len(lines)):])
	}
	cmdtest.CompareEvents(t, slices.Delete(lines, 150, 151), source)
}

// There is a watermark after 50,000 events at the latest.
func TestTailMarksManyEvents(t *testing.T) {
	t.Parallel()
	w := cmdtest.NewLookAlike(t)
	w.Add(cmdtest.Made(14, 120_000, 10*time.Minute, 400)...)
	lines, stderr, code := cmdtest.RunTail(t, "--url", w.URL(), "--since", "2h", "-n", "120000",
		"--resume", filepath.Join(t.TempDir(), "none"), "--watermark", "1h")
	cmdtest.ExpectExit(t, code, 0, stderr)
	var marks []int
	for i, line := range lines {
		if cursor.IsWatermark([]byte(line)) {
			marks = append(marks, i)
		}
	}
	if got, want := fmt.Sprint(marks), "[0 50001 100002 120003]"; got != want {
		t.Errorf("watermarks are lines %s, want %s", got, want)
	}
}
