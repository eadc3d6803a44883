package web

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"runtime"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/wmtools/wm/lib/es"
	"github.com/wmtools/wm/lib/es/query"
)

// flow is an index to which changes are added while it is searched.
type flow struct {
	mu    sync.Mutex
	hits  []query.Hit // newest first
	made  int
	polls int
}

func (f *flow) Msearch(_ context.Context, _ string, searches []query.Search) ([]query.Page, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.polls++
	pages := make([]query.Page, len(searches))
	for i, s := range searches {
		pages[i].Hits.Hits = f.hits[:min(len(f.hits), s.Size)]
		if newer, ok := s.Aggs["newer"]; ok {
			after := newer.Filter.Range["@timestamp"].GT.(int64) - noon.UnixMilli() // as add dates them
			pages[i].Aggs = map[string]query.Bucket{"newer": {Count: int64(f.made) - after}}
		}
	}
	return pages, nil
}

func (f *flow) Each(context.Context, string, query.Clause, []query.Sort, int, func(query.Hit) error) error {
	return nil
}

// add adds changes of a wiki, dated one after the other.
func (f *flow) add(wiki string, n int) {
	f.mu.Lock()
	defer f.mu.Unlock()
	for range n {
		f.made++
		id := fmt.Sprintf("%s-%d", wiki, f.made)
		at := noon.Add(time.Duration(f.made) * time.Millisecond)
		f.hits = append([]query.Hit{{ID: id, Source: json.RawMessage(fmt.Sprintf(
			`{"@timestamp":%q,"meta":{"id":%q},"wiki":%q,"type":"edit","title":"Page","user":"Quiet Otter","comment":"typo"}`, at.Format("2006-01-02T15:04:05.000Z"), id, wiki))}}, f.hits...)
	}
}

// follower reads the live stream of a view.
type follower struct {
	t       *testing.T
	lines   *bufio.Scanner
	rows    []string // wikis
	leftOut int
}

func listen(t *testing.T, srv *httptest.Server, params string) *follower {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, srv.URL+"/api/v1/live"+params, nil)
	if err != nil {
		t.Fatal(err)
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = res.Body.Close() })
	if res.StatusCode != http.StatusOK || res.Header.Get("Content-Type") != "text/event-stream" {
		t.Fatalf("status %d, type %s", res.StatusCode, res.Header.Get("Content-Type"))
	}
	return &follower{t: t, lines: bufio.NewScanner(res.Body)}
}

// next reads one event.
func (f *follower) next() bool {
	for f.lines.Scan() {
		data, ok := strings.CutPrefix(f.lines.Text(), "data: ")
		if !ok {
			continue
		}
		var event struct {
			Rows    []row
			LeftOut int `json:"left_out"`
		}
		if err := json.Unmarshal([]byte(data), &event); err != nil {
			f.t.Fatal(err)
		}
		for _, r := range event.Rows {
			f.rows = append(f.rows, r.Wiki)
		}
		f.leftOut += event.LeftOut
		return true
	}
	return false
}

func liveServer(t *testing.T, s Searcher, change ...func(*Options)) (*Dashboard, *httptest.Server) {
	t.Helper()
	d := dash(t, s, change...)
	srv := httptest.NewServer(d)
	t.Cleanup(func() { d.Close(); srv.CloseClientConnections(); srv.Close() })
	return d, srv
}

// awaitPoll waits until the poller knows what the index holds.
func (f *flow) awaitPoll(t *testing.T) {
	t.Helper()
	f.mu.Lock()
	before := f.polls
	f.mu.Unlock()
	for deadline := time.Now().Add(10 * time.Second); time.Now().Before(deadline); time.Sleep(5 * time.Millisecond) {
		f.mu.Lock()
		polls := f.polls
		f.mu.Unlock()
		if polls > before+1 {
			return
		}
	}
	t.Fatal("there was no poll")
}

// TestLive checks that clients get the new changes that match their query, once, and
// the number of those left out. One poller serves all clients.
func TestLive(t *testing.T) {
	f := &flow{}
	f.add("enwiki", 3)
	_, srv := liveServer(t, f)
	all, german := listen(t, srv, ""), listen(t, srv, "?q=wiki%3Ddewiki")
	f.awaitPoll(t)
	f.add("enwiki", 2)
	f.add("dewiki", 1)
	for len(all.rows) < 3 {
		if !all.next() {
			t.Fatal("the stream ended")
		}
	}
	german.next()
	if fmt.Sprint(all.rows) != "[dewiki enwiki enwiki]" || fmt.Sprint(german.rows) != "[dewiki]" || all.leftOut != 0 {
		t.Errorf("all: %v and %d left out, German: %v", all.rows, all.leftOut, german.rows)
	}
	f.add("enwiki", 200)
	for len(all.rows)+all.leftOut < 203 {
		if !all.next() {
			t.Fatal("the stream ended")
		}
	}
	if all.leftOut < 100 {
		t.Errorf("of 200 changes %d were left out", all.leftOut)
	}
	f.add("enwiki", 2*pollSize)
	f.add("dewiki", pollSize) // fewer than half were read
	for len(all.rows)+all.leftOut < 203+3*pollSize {
		if !all.next() {
			t.Fatal("the stream ended")
		}
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.polls > 40 {
		t.Errorf("%d polls for two clients", f.polls)
	}
}

// TestLiveFutureChange checks that a change dated in the future hides no others.
func TestLiveFutureChange(t *testing.T) {
	c, err := es.New(es.Options{URLs: []string{serveStore(t)}})
	if err != nil {
		t.Fatal(err)
	}
	change := func(id, wiki string, at time.Time) string {
		return fmt.Sprintf(`{"meta":{"id":%q,"dt":%q,"domain":"en.wikipedia.org","stream":"mediawiki.recentchange"},"wiki":%q,"type":"edit"}`, id, at.Format(time.RFC3339), wiki)
	}
	put(t, c, es.DefaultIndex, change("tomorrow", "dewiki", noon.Add(24*time.Hour)))
	_, srv := liveServer(t, query.NewReader(c))
	f := listen(t, srv, "")
	arrived := make(chan struct{})
	go func() {
		f.next()
		close(arrived)
	}()
	for n := range 100 { // those before the first poll are not new
		put(t, c, es.DefaultIndex, change(fmt.Sprint(n), "enwiki", noon.Add(-time.Second)))
		select {
		case <-arrived:
			if len(f.rows) == 0 || slices.Contains(f.rows, "dewiki") {
				t.Errorf("rows %v", f.rows)
			}
			return
		case <-time.After(100 * time.Millisecond):
		}
	}
	t.Error("no change arrives")
}

// TestSlowClientIsDropped checks that a client that does not read is dropped, and that
// others get everything.
func TestSlowClientIsDropped(t *testing.T) {
	var dropped atomic.Int64
	h := &hub{dropped: &dropped, watchers: make(map[*watcher]struct{})}
	slow, quick := &watcher{make(chan batch, maxQueued)}, &watcher{make(chan batch, maxQueued)}
	h.watchers[slow], h.watchers[quick] = struct{}{}, struct{}{}
	for i := range 3 * maxQueued {
		h.send(batch{changes: []change{{}}})
		if _, ok := <-quick.batches; !ok {
			t.Fatalf("the quick client was dropped at batch %d", i)
		}
	}
	n := 0
	for range slow.batches {
		n++
	}
	if n != maxQueued || dropped.Load() != 1 {
		t.Errorf("the slow client got %d batches, %d were dropped", n, dropped.Load())
	}
}

func TestLiveRefuses(t *testing.T) {
	d, srv := liveServer(t, &flow{}, func(o *Options) { o.MaxLive = 2 })
	listen(t, srv, "")
	listen(t, srv, "")
	for params, want := range map[string]int{"": http.StatusTooManyRequests, "?q=wikki%3Dx": http.StatusBadRequest} {
		res, err := http.Get(srv.URL + "/api/v1/live" + params)
		if err != nil {
			t.Fatal(err)
		}
		_ = res.Body.Close()
		if res.StatusCode != want {
			t.Errorf("%q: status %d, want %d", params, res.StatusCode, want)
		}
	}
	d.Close()
	if res := serve(t, d, "/api/v1/live"); res.Code != http.StatusServiceUnavailable {
		t.Errorf("after Close: status %d", res.Code)
	}
}

// TestSeenForgets checks that documents are remembered only as long as a poll may
// return them again.
func TestSeenForgets(t *testing.T) {
	s := newSeen()
	for i := range 10_000 {
		at := noon.Add(time.Duration(i) * 25 * time.Millisecond).Format("2006-01-02T15:04:05.000Z")
		s.fresh(polled{hits: []query.Hit{{ID: fmt.Sprint(i), Source: json.RawMessage(`{"@timestamp":"` + at + `"}`)}}})
	}
	if most := int(2*pollOverlap/(25*time.Millisecond)) + 1; len(s.ids) > most {
		t.Errorf("%d ids are kept, want at most %d", len(s.ids), most)
	}
}

// BenchmarkLiveClients measures 400 clients at 40 changes per second: CPU in percent
// of a core, and memory per client. WM_LIVE_CLIENTS sets the number of clients.
func BenchmarkLiveClients(b *testing.B) {
	clients := 400
	_, _ = fmt.Sscan(os.Getenv("WM_LIVE_CLIENTS"), &clients)
	f := &flow{}
	d, err := New(Options{Searcher: f, Index: "wm-{stream}-*", Now: time.Now, MaxLive: clients})
	if err != nil {
		b.Fatal(err)
	}
	srv := httptest.NewServer(d)
	defer func() { d.Close(); srv.CloseClientConnections(); srv.Close() }()
	before := memory()
	var received atomic.Int64
	for i := range clients {
		d.limits.clients = nil // the benchmark may ask often
		res, err := http.Get(fmt.Sprintf("%s/api/v1/live?q=-wiki%%3Dw%dwiki", srv.URL, i))
		if err != nil || res.StatusCode != http.StatusOK {
			b.Fatal(err, res)
		}
		defer res.Body.Close()
		go func() { _, _ = bufio.NewReaderSize(res.Body, 512).WriteTo(counter{&received}) }()
	}
	each := float64(memory()-before) / float64(clients)
	cpu, start := cpuTime(), time.Now()
	for b.Loop() {
		f.add("enwiki", 4)
		f.mu.Lock()
		f.hits = f.hits[:min(len(f.hits), pollSize)]
		f.mu.Unlock()
		time.Sleep(100 * time.Millisecond)
	}
	b.ReportMetric(100*(cpuTime()-cpu).Seconds()/time.Since(start).Seconds(), "%CPU")
	b.ReportMetric(float64(received.Load())/float64(clients)/1000/time.Since(start).Seconds(), "kB/s/client")
	b.ReportMetric(each/1000, "kB/client")
}

// counter counts what is written to it.
type counter struct{ n *atomic.Int64 }

func (c counter) Write(p []byte) (int, error) {
	c.n.Add(int64(len(p)))
	return len(p), nil
}

// memory returns the memory in use: heap and stacks.
func memory() uint64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapInuse + m.StackInuse
}
