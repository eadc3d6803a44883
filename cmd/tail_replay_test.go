package cmd_test

import (
	"bytes"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/wmtools/wm/cmd/internal/cmdtest"
	"github.com/wmtools/wm/lib/cursor"
	"github.com/wmtools/wm/lib/simulate"
)

// replayCases are tailCases about --since and --until, long silences, and cursors
// together with them.
var replayCases = []tailCase{
	{"a bounded replay that is cut", boundedReplayCut},
	{"hours beside a silent data centre, cut", silentDataCenter},
	{"hours beside a silent data centre, cut, bounded", silentDataCenterBounded},
	{"a message dated tomorrow in a bounded replay", tomorrowInReplay},
	{"bounded replays with one cursor tile", replaysWithCursorTile},
	{"a quiet stream that is cut again and again", quietStreamCut},
	{"a cursor without positions", cursorWithoutPositions},
	{"a replay up to now on a live stream", replayUpToNow},
}

func runReplayCases(t *testing.T, world func(*testing.T) cmdtest.EventStreams) {
	for _, c := range replayCases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			c.run(t, world, 0)
		})
	}
}

func TestTailReplaysOnTheLookAlike(t *testing.T) {
	t.Parallel()
	runReplayCases(t, cmdtest.NewLookAlike)
}

// inCodfw moves an event to the data centre that is otherwise silent.
func inCodfw(e simulate.Event) simulate.Event {
	e.Data = bytes.Replace(e.Data, []byte(`"topic":"eqiad.`), []byte(`"topic":"codfw.`), 1)
	e.Topic = strings.Replace(e.Topic, "eqiad.", "codfw.", 1)
	return e
}

func minuteAgo() string { return time.Now().Add(-time.Minute).UTC().Format(time.RFC3339) }

func boundedReplayCut(t *testing.T, newWorld func(*testing.T) cmdtest.EventStreams, _ int) {
	w := newWorld(t)
	source := cmdtest.Restless(900, cmdtest.Recent(900))
	w.Add(source...)
	proxy := cmdtest.NewCutter(t, w.URL(), 40)
	lines, stderr, code := cmdtest.RunTail(t, "--url", proxy.URL, "--since", cmdtest.Earliest(source), "--until", minuteAgo())
	cmdtest.ExpectExit(t, code, 0, stderr)
	cmdtest.CompareEvents(t, lines, cmdtest.NoCanaries(source))
	proxy.Check(t, 20)
}

// A data centre that has sent nothing yet is requested from the beginning at each
// reconnect. That the other one is much further does not mean that the server has
// lost something.
func silentDataCenter(t *testing.T, newWorld func(*testing.T) cmdtest.EventStreams, _ int) {
	replayHours(t, newWorld(t), "-n", "1000")
}

func silentDataCenterBounded(t *testing.T, newWorld func(*testing.T) cmdtest.EventStreams, _ int) {
	replayHours(t, newWorld(t), "--until", minuteAgo())
}

func replayHours(t *testing.T, w cmdtest.EventStreams, end ...string) {
	source := cmdtest.Made(1, 1000, 3*time.Hour, 0.1)
	w.Add(source...)
	proxy := cmdtest.NewCutter(t, w.URL(), 100)
	lines, stderr, code := cmdtest.RunTail(t, append([]string{"--url", proxy.URL, "--since", cmdtest.Since(source[0])}, end...)...)
	cmdtest.ExpectExit(t, code, 0, stderr)
	cmdtest.CompareEvents(t, lines, source)
	proxy.Check(t, 9)
	if strings.Contains(stderr, "s missing") {
		t.Errorf("nothing is missing: %s", stderr)
	}
}

// A message dated tomorrow does not prove that a partition has passed the end.
func tomorrowInReplay(t *testing.T, newWorld func(*testing.T) cmdtest.EventStreams, _ int) {
	w := newWorld(t)
	source := cmdtest.Made(4, 600, 10*time.Minute, 40)
	source[300] = cmdtest.Dated(source[300], time.Now().Add(24*time.Hour).UnixMilli())
	w.Add(inCodfw(cmdtest.Made(5, 1, 2*time.Minute, 1)[0])) // is past the end at once
	w.Add(source...)
	until := time.Now().Add(-5 * time.Minute).UTC().Format(time.RFC3339)
	lines, stderr, code := cmdtest.RunTail(t, "--url", w.URL(), "--since", cmdtest.Since(source[0]), "--until", until)
	cmdtest.ExpectExit(t, code, 0, stderr)
	cmdtest.CompareEvents(t, lines, append(append([]simulate.Event(nil), source[:300]...), source[301:]...))
}

// Events that a bounded replay reads past its end, to be sure of it, are printed
// by the next replay that resumes from its cursor.
func replaysWithCursorTile(t *testing.T, newWorld func(*testing.T) cmdtest.EventStreams, _ int) {
	w := newWorld(t)
	source := cmdtest.Made(6, 800, 10*time.Minute, 2)
	for i, e := range cmdtest.Made(7, 800, 10*time.Minute, 2) {
		if i%2 == 1 { // both data centres send, so there is no silence to wait for
			source[i] = inCodfw(e)
		}
	}
	w.Add(source...)
	cursor := filepath.Join(t.TempDir(), "c.json")
	var all []string
	for _, until := range []string{cmdtest.Since(source[200]), cmdtest.Since(source[450]), cmdtest.Since(source[650])} {
		lines, stderr, code := cmdtest.RunTail(t, "--url", w.URL(), "--since", cmdtest.Earliest(source), "--until", until, "--cursor", cursor)
		cmdtest.ExpectExit(t, code, 0, stderr)
		all = append(all, lines...)
	}
	last := 800 - len(all)
	lines, stderr, code := cmdtest.RunTail(t, "--url", w.URL(), "--cursor", cursor, "-n", strconv.Itoa(max(1, last)), "--retry-for", "20s")
	cmdtest.ExpectExit(t, code, 0, stderr)
	cmdtest.CompareEvents(t, append(all, lines...), source)
}

// hangUp is a proxy whose connections a test can end.
type hangUp struct {
	*httptest.Server
	asked atomic.Int64 // streams
}

func newHangUp(t *testing.T, target string) *hangUp {
	u, err := url.Parse(target)
	if err != nil {
		t.Fatal(err)
	}
	p := &httputil.ReverseProxy{FlushInterval: -1, ErrorLog: cmdtest.QuietLog(), Rewrite: func(r *httputil.ProxyRequest) { r.SetURL(u) }}
	h := &hangUp{}
	h.Server = httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h.asked.Add(1)
		p.ServeHTTP(w, r)
	}))
	h.Config.ErrorLog = cmdtest.QuietLog()
	h.Start()
	t.Cleanup(h.Close)
	return h
}

// A reader at the live end of a silent stream is disconnected several times, as
// soon as it knows where it began. Events sent in the meantime are not lost.
func quietStreamCut(t *testing.T, newWorld func(*testing.T) cmdtest.EventStreams, _ int) {
	w := newWorld(t)
	proxy := newHangUp(t, w.URL())
	cursor := filepath.Join(t.TempDir(), "c.json")
	tail := cmdtest.NewTail(t, "--url", proxy.URL, "-n", "50", "--idle", "3s", "--cursor", cursor)
	if err := tail.Start(); err != nil {
		t.Fatal(err)
	}
	cmdtest.WaitFor(t, "it has begun", func() bool { _, err := os.Stat(cursor); return err == nil })
	for n := int64(1); n <= 3; n++ {
		cmdtest.WaitFor(t, "it asks", func() bool { return proxy.asked.Load() >= n })
		proxy.CloseClientConnections()
	}
	source := simulate.New(8, simulate.Options{Start: time.Now(), Rate: 1000, Canary: -1}).Take(50)
	w.Add(source...)
	if err := tail.Wait(); err != nil {
		t.Errorf("%v: %s", err, &tail.ErrBuf)
	}
	cmdtest.CompareEvents(t, cmdtest.Lines(tail.OutBuf.Bytes()), source)
	t.Logf("%s", &tail.ErrBuf)
}

// A cursor made from an index has a time but no topics.
func cursorWithoutPositions(t *testing.T, newWorld func(*testing.T) cmdtest.EventStreams, _ int) {
	w := newWorld(t)
	source := cmdtest.Made(9, 300, 10*time.Minute, 2)
	w.Add(source...)
	c := cursor.Cursor{Streams: []string{"mediawiki.recentchange"}, From: source[100].Time, Saved: time.Now().UnixMilli()}
	name := cmdtest.WriteFile(t, "c.json", c.Encode())
	first := 100
	for source[first-1].Time >= c.From { // times go backwards
		first--
	}
	lines, stderr, code := cmdtest.RunTail(t, "--url", w.URL(), "--resume", name, "-n", strconv.Itoa(300-first), "--retry-for", "20s")
	cmdtest.ExpectExit(t, code, 0, stderr)
	cmdtest.CompareEvents(t, lines, source[first:])
}

// A replay up to now ends although the stream does not, whenever within a second
// it begins: it waits 30 s for late events, and 10 s for the silent data centre.
func replayUpToNow(t *testing.T, newWorld func(*testing.T) cmdtest.EventStreams, _ int) {
	w := newWorld(t)
	w.Add(cmdtest.Made(25, 100, 10*time.Minute, 2)...)
	stop := make(chan struct{})
	var live sync.WaitGroup
	live.Go(func() {
		for seed := uint64(1000); ; seed++ {
			select {
			case <-stop:
				return
			case <-time.After(50 * time.Millisecond):
				w.Add(simulate.New(seed, simulate.Options{Start: time.Now(), Canary: -1}).Next())
			}
		}
	})
	var tails sync.WaitGroup
	for phase := time.Duration(0); phase < time.Second; phase += 250 * time.Millisecond {
		tails.Go(func() {
			time.Sleep(phase + time.Until(time.Now().Truncate(time.Second).Add(time.Second)))
			begin := time.Now()
			lines, stderr, code := cmdtest.RunTail(t, "--url", w.URL(), "--since", "1h", "--until", "now")
			cmdtest.ExpectExit(t, code, 0, stderr)
			if took := time.Since(begin); took > 45*time.Second || len(lines) < 100 {
				t.Errorf("started %v into a second: %d events, ended after %.1fs: %s", phase, len(lines), took.Seconds(), stderr)
			}
		})
	}
	tails.Wait()
	close(stop)
	live.Wait()
}
