package event

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"iter"

	"github.com/wmtools/wm/lib/cursor"
)

// Source yields events in order.
type Source interface {
	// Events yields an event or an error at each step. After a *LineError, which
	// concerns one piece of input, the sequence continues. Any other error ends
	// it. It also ends, without an error, at the end of the input and when ctx
	// is done.
	Events(ctx context.Context) iter.Seq2[Event, error]
}

// Sink takes events in order.
type Sink interface {
	// Put takes one event. It may block while the destination is slow or down,
	// and so makes the stages before it wait.
	Put(ctx context.Context, e Event) error
	// Close flushes the events that were put and waits for the outcome.
	Close(ctx context.Context) error
}

// LineError reports that one piece of the input was invalid and was skipped.
type LineError struct {
	Place  string // where, such as "events.ndjson:41"
	Number int64  // of the line, from 1; 0 if unknown
	Err    error  // why
}

func (e *LineError) Error() string { return fmt.Sprintf("%s: %v", e.Place, e.Err) }

func (e *LineError) Unwrap() error { return e.Err }

// Copy copies src to dst until src ends or read is done, and then closes dst. It
// passes each *LineError to report and continues. When work is done, the sink
// abandons the events whose outcome is still open. There are two contexts because
// a stage that is asked to stop reads no more events but flushes those it has.
// Copy returns the first error: a sink that has failed fails again in Close.
func Copy(read, work context.Context, dst Sink, src Source, report func(error)) error {
	err := copyEvents(read, work, dst, src, report)
	return cmp.Or(err, dst.Close(work))
}

func copyEvents(read, work context.Context, dst Sink, src Source, report func(error)) error {
	for e, err := range src.Events(read) {
		if bad, ok := errors.AsType[*LineError](err); ok {
			report(bad)
			continue
		}
		if err != nil {
			return err
		}
		if err := dst.Put(work, e); err != nil {
			return err
		}
	}
	return nil
}

// Limit yields at most n events of src. Watermarks do not count.
func Limit(src Source, n int64) Source { return limited{src, n} }

type limited struct {
	src Source
	n   int64
}

func (l limited) Events(ctx context.Context) iter.Seq2[Event, error] {
	return func(yield func(Event, error) bool) {
		left := l.n
		if left <= 0 {
			return
		}
		for e, err := range l.src.Events(ctx) {
			if err == nil && !cursor.IsWatermark(e.Line()) {
				left--
			}
			if !yield(e, err) || left == 0 {
				return
			}
		}
	}
}
