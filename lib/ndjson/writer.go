package ndjson

import (
	"bufio"
	"context"
	"io"

	"github.com/wmtools/wm/lib/event"
)

// Writer writes lines to a buffer. It is an event.Sink.
type Writer struct {
	w *bufio.Writer
}

// NewWriter returns a Writer to w. Close does not close w.
func NewWriter(w io.Writer) *Writer { return &Writer{bufio.NewWriterSize(w, 256<<10)} }

// Put writes the bytes of the event and a newline.
func (w *Writer) Put(_ context.Context, e event.Event) error {
	return w.WriteLine(e.Line())
}

// Write writes a part of a line. An error is also returned by every later call.
func (w *Writer) Write(part []byte) (int, error) { return w.w.Write(part) }

// WriteLine writes a line and a newline.
func (w *Writer) WriteLine(line []byte) error {
	if _, err := w.w.Write(line); err != nil {
		return err
	}
	return w.w.WriteByte('\n')
}

// WriteLines writes whole lines, and a newline if the last one lacks it.
func (w *Writer) WriteLines(lines []byte) error {
	if _, err := w.w.Write(lines); err != nil || len(lines) == 0 || lines[len(lines)-1] == '\n' {
		return err
	}
	return w.w.WriteByte('\n')
}

// Flush writes what is buffered.
func (w *Writer) Flush() error { return w.w.Flush() }

// Close flushes.
func (w *Writer) Close(context.Context) error { return w.Flush() }
