package main

import (
	"context"
	"fmt"
	"io"
	"iter"

	"github.com/tidwall/gjson"

	"github.com/wmtools/wm/lib/cursor"
	"github.com/wmtools/wm/lib/event"
	"github.com/wmtools/wm/lib/ndjson"
)

// input yields the events of a pipe. If wm-tail is killed while the pipe is full, the
// last line is incomplete. In an input with watermarks it is dropped, not rejected:
// wm-tail sends the whole event when it resumes.
type input struct {
	*ndjson.Reader
	marked bool // a watermark has come
}

func newInput(in io.Reader, maxLine int, report func(error)) *input {
	i := new(input)
	i.Reader = ndjson.NewReader(in, ndjson.Options{MaxLine: maxLine, EventsOnly: true, Unfinished: func(line []byte) bool {
		torn := i.marked && !gjson.ValidBytes(line)
		if torn {
			report(fmt.Errorf("stdin ends within an event, which follows again: %d bytes dropped", len(line)))
		}
		return torn
	}})
	return i
}

// Events implements event.Source.
func (i *input) Events(ctx context.Context) iter.Seq2[event.Event, error] {
	return func(yield func(event.Event, error) bool) {
		for e, err := range i.Reader.Events(ctx) {
			i.marked = i.marked || cursor.IsWatermark(e.Line())
			if !yield(e, err) {
				return
			}
		}
	}
}
