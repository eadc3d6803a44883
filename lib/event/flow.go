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
	// Events yields an event or an error at each step. A *LineError concerns
	// one piece of input: the sequence goes on after it. Any other error ends
	// the sequence. It also ends, without error, at the end of the input and
	// when ctx is done.
	Events(ctx context.Context) iter.Seq2[Event, error]
}

// Sink takes events in order.
type Sink interface {
	// Put takes one event. It may block while whatever is behind it is slow
	// or away, which is how a full pipe holds a stream back.
	Put(ctx context.Context, e Event) error
	// Close hands on all that was put and waits until it is settled.
	Close(ctx context.Context) error
}

// LineError says that one piece of the input was unusable and was skipped.
type LineError struct {
	Place  string // where, such as "events.ndjson:41"
	Number int64  // of the line, from 1; 0 if unknown
	Err    error  // what is wrong with it
}

func (e *LineError) Error() string { return fmt.Sprintf("%s: %v", e.Place, e.Err) }

func (e *LineError) Unwrap() error { return e.Err }

// Copy pours src into dst until src ends or read is done, and closes dst in any
// case. Each *LineError goes to report and the copying goes on. When work is
// done, the sink gives up what is not settled by then. The two differ because a
// stage that is told to stop takes nothing more in but hands on what it has. Of
// several errors it returns the first: a sink that has failed fails again.
func Copy(read, work context.Context, dst Sink, src Source, report func(error)) error {
	err := pour(read, work, dst, src, report)
	return cmp.Or(err, dst.Close(work))
}

func pour(read, work context.Context, dst Sink, src Source, report func(error)) error {
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
