package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"sync/atomic"
	"time"

	"github.com/VictoriaMetrics/metrics"

	"github.com/wmtools/wm/lib/app"
	"github.com/wmtools/wm/lib/es/bulk"
)

// state returns the progress: the position in a file, or else the lag.
func state(in *os.File, sink *bulk.Writer) func() app.State {
	size := int64(0)
	if info, err := in.Stat(); err == nil && info.Mode().IsRegular() {
		size = info.Size()
	}
	return func() app.State {
		status := sink.Status()
		s := app.State{Count: status.Read, Unit: "events"}
		if at, err := in.Seek(0, io.SeekCurrent); err == nil && size > 0 {
			s.Done, s.Total = float64(at), float64(size)
		} else if !status.Newest.IsZero() {
			s.Note = fmt.Sprintf("%v behind", time.Since(status.Newest).Round(time.Second))
		}
		return s
	}
}

// progressText is what SIGUSR1 prints: the ledger so far, and the lag.
func progressText(status bulk.Status, took time.Duration) string {
	text := fmt.Sprintf("%s; %d in progress", tally(status.Ledger, took), status.Read-status.Created-status.Present-status.Rejected-status.Skipped)
	if !status.Newest.IsZero() {
		text += fmt.Sprintf("\nnewest event %s, %v behind", status.Newest.UTC().Format(time.RFC3339), time.Since(status.Newest).Round(time.Second))
	}
	return text
}

// health tracks whether the server accepts documents.
type health struct {
	figures *metrics.Set
	latency *metrics.PrometheusHistogram
	since   atomic.Int64 // Unix nanoseconds of the first in a row of requests that left documents open; 0: none
}

// unhealthyAfter is how long documents may wait before /healthz fails.
const unhealthyAfter = 2 * time.Minute

// observe measures requests if --metrics is set.
func (s *settings) observe() *health {
	figures := metrics.NewSet()
	h := &health{figures: figures, latency: figures.NewPrometheusHistogram("wm_es_request_seconds")}
	if s.metrics == "" {
		return h
	}
	s.OnRequest = func(r bulk.Request) {
		h.latency.Update(r.Took.Seconds())
		if r.Open == 0 {
			h.since.Store(0)
		} else {
			h.since.CompareAndSwap(0, time.Now().UnixNano())
		}
	}
	return h
}

func (h *health) check() error {
	since := h.since.Load()
	if since == 0 {
		return nil
	}
	if out := time.Since(time.Unix(0, since)); out > unhealthyAfter {
		return errors.New("documents have been waiting for " + out.Round(time.Second).String())
	}
	return nil
}

// monitor serves the metrics if --metrics is set.
func (s *settings) monitor(ctx context.Context, messages io.Writer, sink *bulk.Writer, h *health) error {
	if s.metrics == "" {
		return nil
	}
	return app.Monitor(ctx, s.metrics, messages, "wm-es", h.check, func(w io.Writer) { h.write(w, sink.Status()) })
}

func (h *health) write(w io.Writer, status bulk.Status) {
	metrics.WriteCounterUint64(w, "wm_es_read_total", uint64(status.Read))
	for _, outcome := range []struct {
		name  string
		count int64
	}{{"created", status.Created}, {"present", status.Present}, {"rejected", status.Rejected}, {"skipped", status.Skipped}} {
		metrics.WriteCounterUint64(w, fmt.Sprintf("wm_es_documents_total{outcome=%q}", outcome.name), uint64(outcome.count))
	}
	metrics.WriteCounterUint64(w, "wm_es_requests_total", uint64(status.Requests))
	metrics.WriteCounterUint64(w, "wm_es_retries_total", uint64(status.Retries))
	metrics.WriteCounterUint64(w, "wm_es_bytes_total", uint64(status.Bytes))
	h.figures.WritePrometheus(w)
	if !status.Newest.IsZero() {
		metrics.WriteGaugeFloat64(w, "wm_es_lag_seconds", time.Since(status.Newest).Seconds())
	}
}
