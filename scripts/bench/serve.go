package main

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/wmtools/wm/lib/simulate"
)

const (
	serveBytes = 250_000_000 // of events of the last 24 hours: about 200,000
	serveRuns  = 7
)

var serveRefresh = row{"wm-serve", "all panels of a new view, 24 hours", "its searches alone", "<= +50 ms"}

func serveRows() []row {
	return []row{serveRefresh, pagePaint, liveCPU, liveMemory, liveDelay, pageDelay}
}

// serveBench measures wm-serve, which reads from wm-store through a recorder.
type serveBench struct {
	settings
	store, page searchServer
	recorder    *recorder
}

func serve(ctx context.Context, s settings) error {
	folder, err := os.MkdirTemp("", "wm-bench")
	if err != nil {
		return err
	}
	defer os.RemoveAll(folder)
	b := serveBench{settings: s}
	if b.store, err = s.startStore(ctx, filepath.Join(folder, "store")); err != nil {
		return err
	}
	defer b.store.stop()
	if err := b.load(ctx, filepath.Join(folder, "events")); err != nil {
		return err
	}
	address, err := url.Parse(b.store.url)
	if err != nil {
		return err
	}
	b.recorder = &recorder{next: httputil.NewSingleHostReverseProxy(address)}
	proxy := httptest.NewServer(b.recorder)
	defer proxy.Close()
	// With --behind-proxy each request may come from another client.
	if b.page, err = s.startServer(ctx, "wm-serve", "--es", proxy.URL, "--behind-proxy"); err != nil {
		return err
	}
	defer b.page.stop()
	if err := b.refresh(ctx); err != nil {
		return err
	}
	if err := b.paint(ctx); err != nil {
		return err
	}
	return b.live(ctx)
}

// load indexes events of the last 24 hours.
func (b serveBench) load(ctx context.Context, path string) error {
	program, err := b.binary("wm-es")
	if err != nil {
		return err
	}
	size := b.count(serveBytes)
	rate := float64(size) / 1250 / (23 * time.Hour).Seconds() // none is of the future
	file, err := writeEvents(path, size, simulate.Options{Canary: -1, Start: time.Now().Add(-24 * time.Hour), Rate: rate}, nil)
	if err != nil {
		return err
	}
	fmt.Fprintf(b.out, "%d events of 24 hours in wm-store\n", file.events)
	_, err = pipeline{source: []string{"cat", file.path}, command: []string{program, "--es", b.store.url}, sink: []string{"cat"}}.run(ctx, nil)
	return err
}

// refresh compares the answer to a view with the searches that it makes.
func (b serveBench) refresh(ctx context.Context) error {
	views := 0
	view := func() (usage, error) {
		views++ // another query, or the answer comes from the cache
		b.recorder.clear()
		begin := time.Now()
		_, err := b.page.post(ctx, http.MethodGet, fmt.Sprintf("/api/v1/view?range=24h&q=-title%%3DBench%d", views), "")
		return usage{wall: time.Since(begin)}, err
	}
	alone := func() (usage, error) {
		begin := time.Now()
		for _, r := range b.recorder.list() {
			if _, err := b.store.post(ctx, http.MethodPost, r.path, r.body); err != nil {
				return usage{}, err
			}
		}
		return usage{wall: time.Since(begin)}, nil
	}
	if _, err := interleave(1, view, alone); err != nil { // warm up
		return err
	}
	runs, err := interleave(max(b.runs, serveRuns), view, alone)
	if err != nil {
		return err
	}
	fmt.Fprintf(b.out, "median of %d interleaved runs, ratio (lowest-highest)\n\n", len(runs[0]))
	ms := func(u usage) float64 { return float64(u.wall.Microseconds()) / 1000 }
	t := newTable(b.out, "figure", "wm-serve", "the searches alone", "ratio", "bar")
	ratio := t.compare("new view, ms", 1, ms, runs, serveRefresh.bar)
	more := differences(figures(ms, runs[0]), figures(ms, runs[1]))
	b.summary.put(serveRefresh, fmt.Sprintf("%s, %+.1f ms", ratio, median(more)))
	t.row("difference, ms", fmt.Sprintf("%+.1f (%+.1f to %+.1f)", median(more), slices.Min(more), slices.Max(more)), "", "", "")
	return t.flush()
}

// differences returns the difference of each pair.
func differences(a, b []float64) (list []float64) {
	for i := range a {
		list = append(list, a[i]-b[i])
	}
	return list
}

// recorder passes requests on and keeps the searches.
type recorder struct {
	next     http.Handler
	mu       sync.Mutex
	searches []recorded
}

// recorded is a request.
type recorded struct{ path, body string }

func (r *recorder) ServeHTTP(w http.ResponseWriter, req *http.Request) {
	if strings.HasSuffix(req.URL.Path, "/_msearch") {
		body, err := io.ReadAll(req.Body)
		if err != nil {
			http.Error(w, err.Error(), http.StatusBadRequest)
			return
		}
		req.Body = io.NopCloser(bytes.NewReader(body))
		r.mu.Lock()
		r.searches = append(r.searches, recorded{req.URL.RequestURI(), string(body)})
		r.mu.Unlock()
	}
	r.next.ServeHTTP(w, req)
}

func (r *recorder) list() []recorded {
	r.mu.Lock()
	defer r.mu.Unlock()
	return slices.Clone(r.searches)
}

func (r *recorder) clear() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.searches = nil
}
