package web

import (
	"errors"
	"fmt"
	"io"
	"sync/atomic"
)

// counters are the metrics of the dashboard.
type counters struct {
	searches, failures atomic.Int64 // requests to the server
	kept               atomic.Int64 // answers from memory
	dropped            atomic.Int64 // live streams of clients that were too slow
	live               atomic.Int64 // streams open
	failing            atomic.Bool  // the last request to the server failed
}

// WriteMetrics writes metrics in the Prometheus text format.
func (d *Dashboard) WriteMetrics(w io.Writer) {
	c := &d.counters
	for _, m := range []struct {
		name, kind, help string
		value            int64
	}{
		{"wm_serve_searches_total", "counter", "Requests to the server.", c.searches.Load()},
		{"wm_serve_search_failures_total", "counter", "Requests to the server that failed.", c.failures.Load()},
		{"wm_serve_answers_kept_total", "counter", "Answers from memory.", c.kept.Load()},
		{"wm_serve_live_streams", "gauge", "Live streams of clients.", c.live.Load()},
		{"wm_serve_live_dropped_total", "counter", "Live streams closed because the client was too slow.", c.dropped.Load()},
	} {
		fmt.Fprintf(w, "# HELP %s %s\n# TYPE %s %s\n%s %d\n", m.name, m.help, m.name, m.kind, m.name, m.value)
	}
}

var errFailing = errors.New("the last search failed")

// Health returns an error if the last request to the server failed.
func (d *Dashboard) Health() error {
	if d.counters.failing.Load() {
		return errFailing
	}
	return nil
}
