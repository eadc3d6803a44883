package main

import (
	"context"
	"time"

	"github.com/wmtools/wm/lib/event"
	"github.com/wmtools/wm/lib/ndjson"
)

// markLines is the largest number of events between two watermarks.
const markLines = 50_000

// marker is the output of sink mode: watermarks between the events give their
// consumer the position to resume from.
type marker struct {
	*ndjson.Writer
	every time.Duration
	src   source

	marked time.Time // when the last watermark was written
	lines  int       // events since then
	joined time.Time // start of the connection that was marked last
}

func (m *marker) follow(src source) { m.src = src }

func (m *marker) release() {}

// Put writes an event. The position of the stream moves only after Put returns,
// so a watermark belongs before the event.
func (m *marker) Put(ctx context.Context, e event.Event) error {
	if m.lines >= markLines {
		if err := m.mark(); err != nil {
			return err
		}
	}
	m.lines++
	return m.Writer.Put(ctx, e)
}

// drained writes a watermark when one is due, and on each new connection.
func (m *marker) drained() error {
	status := m.src.Status()
	joined := status.Connected && !status.Changed.Equal(m.joined)
	if joined || time.Since(m.marked) >= m.every {
		m.joined = status.Changed
		if err := m.mark(); err != nil {
			return err
		}
	}
	return m.Flush()
}

// Close writes the final watermark.
func (m *marker) Close(context.Context) error {
	if err := m.mark(); err != nil {
		return err
	}
	return m.Flush()
}

func (m *marker) mark() error {
	c, ok := m.src.Cursor()
	if !ok {
		return nil
	}
	m.marked, m.lines = time.Now(), 0
	return m.WriteLine(c.Watermark())
}
