package main

import (
	"context"
	"fmt"
	"io"
	"time"

	"github.com/VictoriaMetrics/metrics"

	"github.com/wmtools/wm/lib/app"
	"github.com/wmtools/wm/lib/stream"
)

// unhealthyAfter is how long a stream may be without a connection before
// /healthz fails. Routine reconnects take far less.
const unhealthyAfter = 2 * time.Minute

// progress returns the state of the progress line: the part of a bounded replay
// that is done, or the lag of a live stream.
func (s *settings) progress(src source) func() app.State {
	return func() app.State {
		status := src.Status()
		state := app.State{Count: status.Events, Unit: "events"}
		if status.Newest.IsZero() {
			return state
		}
		state.Note = status.Newest.UTC().Format(time.DateTime)
		if !s.Since.IsZero() && !s.Until.IsZero() {
			state.Total = s.Until.Sub(s.Since).Seconds()
			state.Done = status.Newest.Sub(s.Since).Seconds()
			return state
		}
		state.Note += fmt.Sprintf(", lag %v", time.Since(status.Newest).Round(time.Second))
		return state
	}
}

// monitor serves metrics if --metrics is set.
func (s *settings) monitor(ctx context.Context, messages io.Writer, src source) error {
	if s.metrics == "" {
		return nil
	}
	healthy := func() error { return health(src.Status()) }
	return app.Monitor(ctx, s.metrics, messages, "wm-tail", healthy, func(w io.Writer) { writeMetrics(w, src.Status()) })
}

// state is what SIGUSR1 prints: what was done so far, the lag, and the position
// in each partition.
func state(status stream.Status, took time.Duration) string {
	text := tally(status.Stats, took)
	if !status.Newest.IsZero() {
		text += fmt.Sprintf("\nnewest event %s, %v behind", status.Newest.UTC().Format(time.RFC3339), time.Since(status.Newest).Round(time.Second))
	}
	if !status.Connected && status.Cause != nil {
		text += fmt.Sprintf("\nno connection: %v", status.Cause)
	}
	for _, at := range status.Positions {
		text += fmt.Sprintf("\nposition %s/%d %s", at.Topic, at.Partition, time.UnixMilli(at.Timestamp).UTC().Format(time.RFC3339Nano))
	}
	return text
}

func health(status stream.Status) error {
	out := time.Since(status.Changed)
	if status.Connected || status.Changed.IsZero() || out < unhealthyAfter {
		return nil
	}
	return fmt.Errorf("no connection for %v: %w", out.Round(time.Second), status.Cause)
}

func writeMetrics(w io.Writer, status stream.Status) {
	for _, counter := range []struct {
		name  string
		value int64
	}{
		{"events", status.Events}, {"bytes", status.Bytes}, {"canaries", status.Canaries}, {"repeats", status.Repeats},
		{"outside", status.Outside}, {"skipped", status.Skipped}, {"gaps", status.Gaps},
	} {
		metrics.WriteCounterUint64(w, "wm_tail_"+counter.name+"_total", uint64(counter.value))
	}
	for cause, count := range status.Reconnects {
		metrics.WriteCounterUint64(w, fmt.Sprintf("wm_tail_reconnects_total{cause=%q}", stream.Cause(cause)), uint64(count))
	}
	connected := 0.0
	if status.Connected {
		connected = 1
	}
	metrics.WriteGaugeFloat64(w, "wm_tail_connected", connected)
	metrics.WriteGaugeFloat64(w, "wm_tail_missing_seconds", status.Missing.Seconds())
	if !status.Newest.IsZero() {
		metrics.WriteGaugeFloat64(w, "wm_tail_lag_seconds", time.Since(status.Newest).Seconds())
	}
	for _, at := range status.Positions {
		name := fmt.Sprintf("wm_tail_position_seconds{topic=%q,partition=\"%d\"}", at.Topic, at.Partition)
		metrics.WriteGaugeFloat64(w, name, float64(at.Timestamp)/1000)
	}
}
