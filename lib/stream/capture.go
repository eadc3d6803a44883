package stream

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"iter"

	"github.com/wmtools/wm/lib/event"
	"github.com/wmtools/wm/lib/ndjson"
)

// pieceSize is how much of a long line is read at once. The limit on size
// applies to whole frames.
const pieceSize = 1<<20 - 1

// Capture is a saved event stream, such as the output of curl. It is an
// event.Source.
type Capture struct {
	*Stream
	in   io.Reader
	name string
}

// NewCapture reads a saved event stream, which may be compressed with gzip or
// zstd. It uses these options: Since, Until, MaxEvent, Canary, Drained, OnNotice
// and OnLoss.
func NewCapture(in io.Reader, name string, o Options) *Capture {
	o = o.withDefaults()
	s := &Stream{opts: o, pos: newPositions(0), window: window{o.Since, o.Until}, name: name}
	return &Capture{s, in, name}
}

// Events yields the events of the capture as those of a Stream. A truncated
// frame at its end is dropped and reported as a loss. Input without any event is
// a *NotStreamError.
func (c *Capture) Events(ctx context.Context) iter.Seq2[event.Event, error] {
	return func(yield func(event.Event, error) bool) {
		defer c.publish()
		blocks := ndjson.NewReader(c.in, ndjson.Options{Name: c.name, MaxLine: pieceSize, Pieces: true, Drained: c.opts.Drained})
		next, stop := iter.Pull2(blocks.Blocks(ctx))
		defer stop()
		in := &blockReader{next: next, onBlock: c.publish}
		r := &reading{Stream: c.Stream, yield: yield}
		found := false
		frames := newFrames(in, c.opts.MaxEvent)
		for {
			fr, err := frames.next()
			if err != nil {
				if err := c.end(ctx, err, in.start, frames.rest(), found); err != nil {
					yield(event.Event{}, err)
				}
				return
			}
			found = found || len(fr.data) > 0 || fr.tooLarge > 0
			if !c.take(r, fr) {
				return
			}
		}
	}
}

// take delivers the event of a frame. After an error frame, the server ended the
// connection, and what follows was saved from the next one. take reports false if
// the consumer wants no more.
func (c *Capture) take(r *reading, fr frame) bool {
	err := r.take(fr)
	if reported, ok := errors.AsType[*reportedError](err); ok {
		return r.yield(event.Event{}, &event.LineError{Place: c.name, Err: reported})
	}
	return err == nil
}

// end returns the error that ends the input, or nil. It reports a truncated frame
// as a loss, unless ctx ended the reading.
func (c *Capture) end(ctx context.Context, err error, start []byte, rest int, found bool) error {
	switch {
	case !errors.Is(err, io.EOF):
		return err
	case ctx.Err() != nil:
		return nil
	case !found && !isEventStream(start):
		return notStream(c.name, start)
	case rest > 0:
		c.opts.OnLoss(fmt.Errorf("%s ends within an event: %d bytes dropped", c.name, rest))
	}
	return nil
}

// isEventStream reports whether text may be the beginning of an event stream.
func isEventStream(text []byte) bool {
	return len(bytes.TrimSpace(text)) == 0 || ndjson.DetectShape(text) == ndjson.SSE
}

// startSize is how much of the beginning of a capture is kept to diagnose input
// that is not an event stream.
const startSize = 4 << 10

// blockReader reads the bytes of some blocks.
type blockReader struct {
	next    func() (ndjson.Block, error, bool)
	onBlock func()
	start   []byte // the first bytes
	rest    []byte
}

func (b *blockReader) Read(p []byte) (int, error) {
	for len(b.rest) == 0 {
		b.onBlock()
		block, err, ok := b.next()
		if !ok {
			return 0, io.EOF
		}
		if err != nil {
			return 0, err
		}
		if b.start == nil {
			b.start = bytes.Clone(block.Data[:min(len(block.Data), startSize)])
		}
		b.rest = block.Data
	}
	n := copy(p, b.rest)
	b.rest = b.rest[n:]
	return n, nil
}
