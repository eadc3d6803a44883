package stream

import (
	"context"
	"errors"
	"fmt"
	"io"
	"iter"

	"github.com/wmtools/wm/lib/event"
	"github.com/wmtools/wm/lib/ndjson"
)

// pieceSize is how much of a long line is read at once: what is too large is
// the business of the frames, which know the event's place.
const pieceSize = 1<<20 - 1

// Capture is an event stream that somebody has saved, such as the output of
// curl. It is an event.Source.
type Capture struct {
	*Stream
	in   io.Reader
	name string
}

// NewCapture reads a saved event stream, which may be gzip or zstd. Of cfg it
// heeds Since, Until, MaxEvent, Canary, Drained, OnNotice and OnLoss.
func NewCapture(in io.Reader, name string, cfg Config) *Capture {
	cfg = cfg.withDefaults()
	s := &Stream{cfg: cfg, pos: newPositions(0), window: window{cfg.Since, cfg.Until}, back: newBackoff(), name: name}
	return &Capture{s, in, name}
}

// Events yields the events in the capture as those of a Stream. Their ends are
// the capture's: a frame that was cut is dropped, and said.
func (c *Capture) Events(ctx context.Context) iter.Seq2[event.Event, error] {
	return func(yield func(event.Event, error) bool) {
		defer c.publish()
		blocks := ndjson.NewReader(c.in, ndjson.Options{Name: c.name, MaxLine: pieceSize, Pieces: true, Drained: c.cfg.Drained})
		next, stop := iter.Pull2(blocks.Blocks(ctx))
		defer stop()
		r := &reading{Stream: c.Stream, yield: yield}
		frames := newFrames(&blockReader{next: next}, c.cfg.MaxEvent, r.tooLarge)
		for r.err == nil {
			fr, err := frames.next()
			switch {
			case errors.Is(err, io.EOF):
				c.tellRest(ctx, frames.rest())
				return
			case err != nil:
				yield(event.Event{}, err)
				return
			case r.err == nil:
				c.take(r, fr)
			}
		}
	}
}

// take hands on what a frame holds. One in which the server said why it ended
// the connection is told: what follows was saved from the next.
func (c *Capture) take(r *reading, fr frame) {
	r.take(fr)
	if reported, ok := errors.AsType[*reportedError](r.err); ok {
		r.err = nil
		r.stop(!r.yield(event.Event{}, &event.LineError{Place: c.name, Err: reported}))
	}
}

// tellRest tells what was cut, unless that was us who stopped reading.
func (c *Capture) tellRest(ctx context.Context, rest int) {
	if rest > 0 && ctx.Err() == nil {
		c.cfg.OnLoss(fmt.Errorf("%s ends within an event: %d bytes dropped", c.name, rest))
	}
}

// blockReader is the bytes of some blocks.
type blockReader struct {
	next func() (ndjson.Block, error, bool)
	rest []byte
}

func (b *blockReader) Read(p []byte) (int, error) {
	for len(b.rest) == 0 {
		block, err, ok := b.next()
		if !ok {
			return 0, io.EOF
		}
		if err != nil {
			return 0, err
		}
		b.rest = block.Data
	}
	n := copy(p, b.rest)
	b.rest = b.rest[n:]
	return n, nil
}
