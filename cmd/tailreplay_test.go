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
	"sync/atomic"
	"testing"
	"time"

	"github.com/wmtools/wm/lib/event"
	"github.com/wmtools/wm/lib/simulate"
)

// replayCases are tailCases about bounds of time, long silences and cursors
// together with them.
var replayCases = []tailCase{
	{"a bounded replay that is cut", boundedReplayCut},
	{"hours beside a silent data centre, cut", silentDataCenter},
	{"hours beside a silent data centre, cut, bounded", silentDataCenterBounded},
	{"a message dated tomorrow in a bounded replay", tomorrowInReplay},
	{"bounded replays with one cursor tile", replaysWithCursorTile},
	{"a quiet stream that is cut again and again", quietStreamCut},
	{"a cursor without positions", cursorWithoutPositions},
}

func runReplayCases(t *testing.T, world func(*testing.T) world) {
	for _, c := range replayCases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			c.run(t, world, 0)
		})
	}
}

func TestTailReplaysOnTheLookAlike(t *testing.T) { runReplayCases(t, newLookAlike) }

// made makes events of recentchange without canaries, so many in a second, of
// which the first is so old.
func made(seed uint64, n int, age time.Duration, rate float64) []simulate.Event {
	return simulate.New(seed, simulate.Options{Start: time.Now().Add(-age), Rate: rate, Canary: -1}).Take(n)
}

// inCodfw moves an event to the data centre that has sent nothing otherwise.
func inCodfw(e simulate.Event) simulate.Event {
	e.Data = bytes.Replace(e.Data, []byte(`"topic":"eqiad.`), []byte(`"topic":"codfw.`), 1)
	e.Topic = strings.Replace(e.Topic, "eqiad.", "codfw.", 1)
	return e
}

func minuteAgo() string { return time.Now().Add(-time.Minute).UTC().Format(time.RFC3339) }

func boundedReplayCut(t *testing.T, newWorld func(*testing.T) world, _ int) {
	w := newWorld(t)
	source := restless(900, recent(900))
	w.add(source...)
	proxy := newCutter(t, w.url(), 20)
	lines, stderr, code := runTail(t, "--url", proxy.URL, "--since", earliest(source), "--until", minuteAgo())
	expectExit(t, code, 0, stderr)
	compareEvents(t, lines, noCanaries(source))
	proxy.check(t, 40)
}

// A data centre that has sent nothing since the beginning is asked for from
// there on at each reconnect. That the others have got much further by then does
// not mean that the server has lost something.
func silentDataCenter(t *testing.T, newWorld func(*testing.T) world, _ int) {
	replayHours(t, newWorld(t), "-n", "1000")
}

func silentDataCenterBounded(t *testing.T, newWorld func(*testing.T) world, _ int) {
	replayHours(t, newWorld(t), "--until", minuteAgo())
}

func replayHours(t *testing.T, w world, end ...string) {
	source := made(1, 1000, 3*time.Hour, 0.1)
	w.add(source...)
	proxy := newCutter(t, w.url(), 100)
	lines, stderr, code := runTail(t, append([]string{"--url", proxy.URL, "--since", at(source[0])}, end...)...)
	expectExit(t, code, 0, stderr)
	compareEvents(t, lines, source)
	proxy.check(t, 9)
	if strings.Contains(stderr, "missing") {
		t.Errorf("nothing is missing: %s", stderr)
	}
}

// A message dated tomorrow does not show that a partition is past the end.
func tomorrowInReplay(t *testing.T, newWorld func(*testing.T) world, _ int) {
	w := newWorld(t)
	source := made(4, 600, 10*time.Minute, 40)
	source[300] = dated(source[300], time.Now().Add(24*time.Hour).UnixMilli())
	w.add(inCodfw(made(5, 1, 2*time.Minute, 1)[0])) // is past the end at once
	w.add(source...)
	until := time.Now().Add(-5 * time.Minute).UTC().Format(time.RFC3339)
	lines, stderr, code := runTail(t, "--url", w.url(), "--since", at(source[0]), "--until", until)
	expectExit(t, code, 0, stderr)
	compareEvents(t, lines, append(append([]simulate.Event(nil), source[:300]...), source[301:]...))
}

// What a bounded replay reads beyond its end, to be sure of it, is still to be
// handed on by the next one that goes on from its cursor.
func replaysWithCursorTile(t *testing.T, newWorld func(*testing.T) world, _ int) {
	w := newWorld(t)
	source := made(6, 800, 10*time.Minute, 2)
	for i, e := range made(7, 800, 10*time.Minute, 2) {
		if i%2 == 1 { // both data centres send, so that no silence has to be waited for
			source[i] = inCodfw(e)
		}
	}
	w.add(source...)
	cursor := filepath.Join(t.TempDir(), "c.json")
	var all []string
	for _, until := range []string{at(source[200]), at(source[450]), at(source[650])} {
		lines, stderr, code := runTail(t, "--url", w.url(), "--since", earliest(source), "--until", until, "--cursor", cursor)
		expectExit(t, code, 0, stderr)
		all = append(all, lines...)
	}
	last := 800 - len(all)
	lines, stderr, code := runTail(t, "--url", w.url(), "--cursor", cursor, "-n", strconv.Itoa(max(1, last)), "--retry-for", "20s")
	expectExit(t, code, 0, stderr)
	compareEvents(t, append(all, lines...), source)
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
	p := &httputil.ReverseProxy{FlushInterval: -1, ErrorLog: quietLog(), Rewrite: func(r *httputil.ProxyRequest) { r.SetURL(u) }}
	h := &hangUp{}
	h.Server = httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h.asked.Add(1)
		p.ServeHTTP(w, r)
	}))
	h.Config.ErrorLog = quietLog()
	h.Start()
	t.Cleanup(h.Close)
	return h
}

// A reader at the live end of a stream that sends nothing is cut several times,
// as soon as it knows where it began; what is sent while it is away is not lost.
func quietStreamCut(t *testing.T, newWorld func(*testing.T) world, _ int) {
	w := newWorld(t)
	proxy := newHangUp(t, w.url())
	cursor := filepath.Join(t.TempDir(), "c.json")
	tail := newTail(t, "--url", proxy.URL, "-n", "50", "--idle", "3s", "--cursor", cursor)
	if err := tail.Start(); err != nil {
		t.Fatal(err)
	}
	waitFor(t, "it has begun", func() bool { _, err := os.Stat(cursor); return err == nil })
	for n := int64(1); n <= 3; n++ {
		waitFor(t, "it asks", func() bool { return proxy.asked.Load() >= n })
		proxy.CloseClientConnections()
	}
	source := simulate.New(8, simulate.Options{Start: time.Now(), Rate: 1000, Canary: -1}).Take(50)
	w.add(source...)
	if err := tail.Wait(); err != nil {
		t.Errorf("%v: %s", err, &tail.stderr)
	}
	compareEvents(t, split(tail.stdout.Bytes()), source)
	t.Logf("%s", &tail.stderr)
}

// A cursor that was made from an index knows a time and no topic.
func cursorWithoutPositions(t *testing.T, newWorld func(*testing.T) world, _ int) {
	w := newWorld(t)
	source := made(9, 300, 10*time.Minute, 2)
	w.add(source...)
	c := event.Cursor{Streams: []string{"mediawiki.recentchange"}, From: source[100].Time, Saved: time.Now().UnixMilli()}
	name := writeFile(t, "c.json", c.Encode())
	first := 100
	for source[first-1].Time >= c.From { // times go backwards
		first--
	}
	lines, stderr, code := runTail(t, "--url", w.url(), "--resume", name, "-n", strconv.Itoa(300-first), "--retry-for", "20s")
	expectExit(t, code, 0, stderr)
	compareEvents(t, lines, source[first:])
}
