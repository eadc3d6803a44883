package main

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/VictoriaMetrics/metrics"

	"github.com/wmtools/wm/lib/app"
	"github.com/wmtools/wm/lib/store"
)

// watch reports outages and counts requests for the metrics.
type watch struct {
	store   *store.Store
	set     *metrics.Set
	outages app.Outages

	mu      sync.Mutex
	trouble error // why documents cannot be written; nil if they can
}

func newWatch(s *store.Store, out io.Writer) *watch {
	w := &watch{store: s, set: metrics.NewSet(), outages: app.Outages{Out: out, Name: "wm-store"}}
	for name, read := range map[string]func(store.Info) int64{
		"wm_store_documents": func(i store.Info) int64 { return i.Docs },
		"wm_store_bytes":     func(i store.Info) int64 { return i.Bytes },
		"wm_store_indices":   func(store.Info) int64 { return 1 },
	} {
		w.set.NewGauge(name, func() float64 { return w.sum(read) })
	}
	return w
}

// sum adds up a value over all indices.
func (w *watch) sum(read func(store.Info) int64) (total float64) {
	names, err := w.store.Resolve("", store.IndicesOptions{AllowNoIndices: true})
	if err != nil {
		return 0
	}
	for _, name := range names {
		if i, err := w.store.Info(name); err == nil {
			total += float64(read(i))
		}
	}
	return total
}

// failed reports an error that is not the client's.
func (w *watch) failed(err error) {
	if errors.Is(err, store.ErrDiskFull) {
		w.mu.Lock()
		w.trouble = err
		w.mu.Unlock()
		err = fmt.Errorf("documents are rejected with status 429: %w", err)
	}
	w.outages.Warn(err)
}

// recovered reports that documents can be written again.
func (w *watch) recovered(outage time.Duration) {
	w.mu.Lock()
	w.trouble = nil
	w.mu.Unlock()
	w.outages.Over(outage)
}

func (w *watch) healthy() error {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.trouble
}

func (w *watch) write(out io.Writer) { w.set.WritePrometheus(out) }

// count counts and times the requests of each kind.
func (w *watch) count(h http.Handler) http.Handler {
	return http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		start, answer := time.Now(), &statusWriter{ResponseWriter: rw, status: http.StatusOK}
		h.ServeHTTP(answer, r)
		kind := kindOf(r.URL.Path)
		w.set.GetOrCreateCounter(fmt.Sprintf(`wm_store_requests_total{kind=%q,status="%dxx"}`, kind, answer.status/100)).Inc()
		w.set.GetOrCreateHistogram(fmt.Sprintf(`wm_store_request_seconds{kind=%q}`, kind)).UpdateDuration(start)
	})
}

// kindOf returns the kind of a request, by its path.
func kindOf(path string) string {
	switch {
	case strings.HasSuffix(path, "/_bulk"):
		return "bulk"
	case strings.HasSuffix(path, "search"), strings.HasSuffix(path, "/_count"), strings.HasSuffix(path, "/scroll"):
		return "search"
	case strings.Contains(path, "/_doc"), strings.Contains(path, "/_create"), strings.Contains(path, "/_update"):
		return "document"
	}
	return "other"
}

// statusWriter records the status of a response.
type statusWriter struct {
	http.ResponseWriter
	status int
}

func (w *statusWriter) WriteHeader(status int) {
	w.status = status
	w.ResponseWriter.WriteHeader(status)
}

func (w *statusWriter) Unwrap() http.ResponseWriter { return w.ResponseWriter }
