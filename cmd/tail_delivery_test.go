package cmd_test

import (
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/wmtools/wm/cmd/internal/cmdtest"
	"github.com/wmtools/wm/lib/cursor"
	"github.com/wmtools/wm/lib/simulate"
)

// tailCase is something that a service does and wm-tail must handle.
type tailCase struct {
	name string
	run  func(t *testing.T, world func(*testing.T) cmdtest.EventStreams, events int)
}

// tailCases run against the look-alike in make test, and against the code that
// Wikimedia runs in make conformance.
var tailCases = []tailCase{
	{"cut after every event", cutAfterEvery(1, "--overlap", "0s")},
	{"cut after every 3rd event", cutAfterEvery(3, "--overlap", "0s")},
	{"cut after every 10th event", cutAfterEvery(10)},
	{"cut after every 100th event", cutAfterEvery(100)},
	{"cut after 45 events, repeats included", cutAfterRepeats},
	{"killed in file mode", killedInFileMode},
	{"killed in sink mode", killedInSinkMode},
	{"since, and a cut before the second topic has sent anything", cutBeforeSecondTopic},
	{"a message dated tomorrow", datedTomorrow},
	{"a cursor that lacks a topic", cursorLacksTopic},
	{"a cursor with a topic that is gone", cursorTopicGone},
	{"bounded replays tile", replaysTile},
	{"a quiet stream that is cut", quietStream},
	{"a stop and a start", stopAndStart},
	{"streams that do not exist", unknownStream},
}

func runTailCases(t *testing.T, world func(*testing.T) cmdtest.EventStreams, events int) {
	for _, c := range tailCases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			c.run(t, world, events)
		})
	}
}

func TestTailOnTheLookAlike(t *testing.T) {
	t.Parallel()
	runTailCases(t, cmdtest.NewLookAlike, 2000)
}

// Every k-th event the connection ends, within a frame or between two: one run
// prints everything once. Where it ends most often there is no overlap, of which
// most of the data would consist, and which must not be needed.
func cutAfterEvery(k int, flags ...string) func(*testing.T, func(*testing.T) cmdtest.EventStreams, int) {
	return func(t *testing.T, newWorld func(*testing.T) cmdtest.EventStreams, n int) {
		w := newWorld(t)
		n = min(n, k*n/60) // each reconnect waits a little
		source := cmdtest.Restless(n, cmdtest.Recent(n))
		w.Add(source...)
		proxy := cmdtest.NewCutter(t, w.URL(), k)
		begin := time.Now()
		lines, stderr, code := cmdtest.RunTail(t, append(flags, "--url", proxy.URL, "--since", cmdtest.Earliest(source), "--canary", "-n", fmt.Sprint(n))...)
		cmdtest.ExpectExit(t, code, 0, stderr)
		cmdtest.CompareEvents(t, lines, source)
		proxy.Check(t, n/k-1)
		if proxy.MostOpen() > 1 {
			t.Errorf("%d connections at a time", proxy.MostOpen())
		}
		t.Logf("%d events, %d connections, %.1fs: %s", len(lines), proxy.Requests(), time.Since(begin).Seconds(), stderr)
	}
}

// A proxy ends each connection after so few events that all of them are repeats
// of the overlap: the overlap shrinks until there is a new event.
func cutAfterRepeats(t *testing.T, newWorld func(*testing.T) cmdtest.EventStreams, _ int) {
	w := newWorld(t)
	source := cmdtest.Made(21, 160, 10*time.Minute, 100) // 100 in the second of overlap
	w.Add(source...)
	proxy := cmdtest.NewCutter(t, w.URL(), 45)
	proxy.Strict = true
	lines, stderr, code := cmdtest.RunTail(t, "--url", proxy.URL, "--since", cmdtest.Earliest(source), "-n", "160", "--retry-for", "1m")
	cmdtest.ExpectExit(t, code, 0, stderr)
	cmdtest.CompareEvents(t, lines, source)
	proxy.Check(t, 4)
}

// A topic that has sent nothing before the first cut is requested from the start,
// not from its live end.
func cutBeforeSecondTopic(t *testing.T, newWorld func(*testing.T) cmdtest.EventStreams, _ int) {
	w := newWorld(t)
	made := simulate.New(3, simulate.Options{Start: cmdtest.Recent(400), Streams: []string{simulate.RecentChange, simulate.PageCreate}, Canary: -1}).Take(400)
	var source, later []simulate.Event
	for _, e := range made {
		if e.Stream == simulate.RecentChange {
			source = append(source, e)
		} else {
			later = append(later, e)
		}
	}
	w.Add(source[:10]...)
	proxy := cmdtest.NewCutter(t, w.URL(), 10)
	tail := cmdtest.NewTail(t, "--url", proxy.URL, "--since", cmdtest.Earliest(made), "-n", fmt.Sprint(len(made)), "recentchange", "page-create")
	if err := tail.Start(); err != nil {
		t.Fatal(err)
	}
	cmdtest.WaitFor(t, "it is cut", func() bool { return proxy.Cuts() > 0 })
	w.Add(later...)
	w.Add(source[10:]...)
	if err := tail.Wait(); err != nil {
		t.Errorf("%v: %s", err, &tail.ErrBuf)
	}
	cmdtest.CompareEvents(t, cmdtest.Lines(tail.OutBuf.Bytes()), made)
	proxy.Check(t, 1)
}

// One message dated in the future must not hide those after it.
func datedTomorrow(t *testing.T, newWorld func(*testing.T) cmdtest.EventStreams, _ int) {
	w := newWorld(t)
	source := simulate.New(4, simulate.Options{Start: cmdtest.Recent(600), Canary: -1}).Take(600)
	source[300] = cmdtest.Dated(source[300], time.Now().Add(24*time.Hour).UnixMilli())
	w.Add(source...)
	proxy := cmdtest.NewCutter(t, w.URL(), 40)
	lines, stderr, code := cmdtest.RunTail(t, "--url", proxy.URL, "--since", cmdtest.Since(source[0]), "-n", fmt.Sprint(len(source)))
	cmdtest.ExpectExit(t, code, 0, stderr)
	cmdtest.CompareEvents(t, lines, source)
	proxy.Check(t, 10)
}

// writeCursor writes a cursor of recentchange.
func writeCursor(t *testing.T, saved time.Time, positions ...cursor.Position) (name string) {
	t.Helper()
	name = filepath.Join(t.TempDir(), "c.json")
	c := cursor.Cursor{Streams: []string{"recentchange"}, From: positions[0].Timestamp, Saved: saved.UnixMilli(), Positions: positions}
	if err := os.WriteFile(name, c.Encode(), 0o644); err != nil {
		t.Fatal(err)
	}
	return name
}

// A data centre that came up after the cursor was saved is found at the first
// reconnect, and read from then on.
func cursorLacksTopic(t *testing.T, newWorld func(*testing.T) cmdtest.EventStreams, _ int) {
	w := newWorld(t)
	source := simulate.New(5, simulate.Options{Start: cmdtest.Recent(400), Switch: 200, Canary: -1}).Take(400)
	w.Add(source...)
	saved := time.UnixMilli(source[199].Time)
	name := writeCursor(t, saved, cursor.Position{Topic: source[0].Topic, Timestamp: source[0].Time})
	proxy := cmdtest.NewCutter(t, w.URL(), 100)
	lines, stderr, code := cmdtest.RunTail(t, "--url", proxy.URL, "--resume", name, "-n", "400")
	cmdtest.ExpectExit(t, code, 0, stderr)
	cmdtest.CompareEvents(t, lines, source)
	cmdtest.Contains(t, stderr, "new topics: codfw.mediawiki.recentchange")
}

// A topic that no longer exists is dropped, and a new one is read from the oldest
// position on.
func cursorTopicGone(t *testing.T, newWorld func(*testing.T) cmdtest.EventStreams, _ int) {
	w := newWorld(t)
	source := simulate.New(6, simulate.Options{Start: cmdtest.Recent(300), Canary: -1}).Take(300)
	w.Add(source...)
	name := writeCursor(t, time.UnixMilli(source[100].Time),
		cursor.Position{Topic: "esams.mediawiki.recentchange", Timestamp: source[0].Time},
		cursor.Position{Topic: source[0].Topic, Timestamp: source[0].Time})
	lines, stderr, code := cmdtest.RunTail(t, "--url", w.URL(), "--resume", name, "-n", "300")
	cmdtest.ExpectExit(t, code, 0, stderr)
	cmdtest.CompareEvents(t, lines, source)
	cmdtest.Contains(t, stderr, "topics of the stream changed")
}

// Three successive windows add up to the whole, the same window twice gives the
// same events, and each one ends although one data centre sends nothing. Events
// come as late as a window waits for them.
func replaysTile(t *testing.T, newWorld func(*testing.T) cmdtest.EventStreams, _ int) {
	w := newWorld(t)
	source := simulate.New(4, simulate.Options{Start: cmdtest.Recent(900), Late: 30 * time.Second, Switch: 450, Canary: 5 * time.Second}).Take(900)
	w.Add(source...)
	end := time.Now().Add(-time.Minute).UTC().Format(time.RFC3339)
	sorted := cmdtest.ByTime(source)
	bounds := []string{cmdtest.Since(sorted[0]), cmdtest.Since(sorted[200]), cmdtest.Since(sorted[700]), end}
	var all []string
	windows := make([][]string, 4)
	var wait sync.WaitGroup
	for i := range windows {
		wait.Go(func() {
			from, to := bounds[i%3], bounds[i%3+1]
			lines, stderr, code := cmdtest.RunTail(t, "--url", w.URL(), "--since", from, "--until", to)
			cmdtest.ExpectExit(t, code, 0, stderr)
			windows[i] = lines
		})
	}
	wait.Wait()
	for _, lines := range windows[:3] {
		all = append(all, lines...)
	}
	cmdtest.CompareEvents(t, all, cmdtest.NoCanaries(source))
	if first, again := cmdtest.IDs(windows[0]), cmdtest.IDs(windows[3]); fmt.Sprint(first) != fmt.Sprint(again) || len(first) == 0 {
		t.Errorf("the first window has %d events, then %d", len(first), len(again))
	}
}

// A stream that has sent nothing at all can be resumed.
func quietStream(t *testing.T, newWorld func(*testing.T) cmdtest.EventStreams, _ int) {
	w := newWorld(t)
	proxy := cmdtest.NewCutter(t, w.URL(), 0)
	dir := t.TempDir()
	cursor := filepath.Join(dir, "c.json")
	tail := cmdtest.NewTail(t, "--url", proxy.URL, "--cursor", cursor)
	if err := tail.Start(); err != nil {
		t.Fatal(err)
	}
	cmdtest.WaitFor(t, "it has a cursor", func() bool { _, err := os.Stat(cursor); return err == nil })
	if err := tail.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = tail.Wait() // it was killed
	source := simulate.New(8, simulate.Options{Start: time.Now(), Rate: 1000, Canary: -1}).Take(50)
	w.Add(source...)
	lines, stderr, code := cmdtest.RunTail(t, "--url", proxy.URL, "--cursor", cursor, "-n", "50")
	cmdtest.ExpectExit(t, code, 0, stderr)
	cmdtest.CompareEvents(t, lines, source)
}

func unknownStream(t *testing.T, newWorld func(*testing.T) cmdtest.EventStreams, _ int) {
	w := newWorld(t)
	lines, stderr, code := cmdtest.RunTail(t, "--url", w.URL(), "recentchanges", "page-create")
	cmdtest.ExpectExit(t, code, 2, stderr)
	cmdtest.Contains(t, stderr, "wm-tail: server answers 400 Bad Request: Invalid streams: recentchanges\n", "hint: nearest are recentchange")
	if len(lines) > 0 {
		t.Errorf("printed %q", lines)
	}
}
