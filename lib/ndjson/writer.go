package ndjson

import (
	"bufio"
	"context"
	"io"

	"github.com/wmtools/wm/lib/event"
)

// Writer writes events as lines. It is an event.Sink.
type Writer struct {
	w *bufio.Writer
}

// NewWriter writes to w, which stays open when the Writer is closed.
func NewWriter(w io.Writer) *Writer { return &Writer{bufio.NewWriterSize(w, 256<<10)} }

// Put writes the event's bytes and a line's end.
func (w *Writer) Put(_ context.Context, e event.Event) error {
	return w.WriteLine(e.Line())
}

// Write writes a part of a line. What goes wrong the end of the line tells too.
func (w *Writer) Write(part []byte) (int, error) { return w.w.Write(part) }

// WriteLine writes a line and its end.
func (w *Writer) WriteLine(line []byte) error {
	if _, err := w.w.Write(line); err != nil {
		return err
	}
	return w.w.WriteByte('\n')
}

// WriteLines writes whole lines; a last one that lacks its end gets it.
func (w *Writer) WriteLines(lines []byte) error {
	if _, err := w.w.Write(lines); err != nil || len(lines) == 0 || lines[len(lines)-1] == '\n' {
		return err
	}
	return w.w.WriteByte('\n')
}

// Flush hands on what is buffered.
func (w *Writer) Flush() error { return w.w.Flush() }

// Close flushes.
func (w *Writer) Close(context.Context) error { return w.Flush() }
