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

// Capture is an event stream that somebody has saved, such as the output of
// curl. It is an event.Source.
type Capture struct {
	*Stream
	in   io.Reader
	name string
}

// NewCapture reads a saved event stream, which may be gzip or zstd. Of cfg it
// heeds Since, Until, MaxEvent, Canary, Drained and OnNotice.
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
		lines := ndjson.NewReader(c.in, ndjson.Options{Name: c.name, MaxLine: c.cfg.MaxEvent, Drained: c.cfg.Drained})
		next, stop := iter.Pull2(lines.Blocks(ctx))
		defer stop()
		r := &reading{Stream: c.Stream, yield: yield}
		in := &blockReader{next: next, bad: func(err error) { r.stop(!yield(event.Event{}, err)) }}
		frames := newFrames(in, c.cfg.MaxEvent, r.tooLarge)
		for r.err == nil {
			fr, err := frames.next()
			switch {
			case errors.Is(err, io.EOF):
				c.tellRest(frames.rest())
				return
			case err != nil:
				yield(event.Event{}, err)
				return
			}
			r.take(fr)
		}
		if !errors.Is(r.err, errStopped) {
			yield(event.Event{}, fmt.Errorf("%s: %w", c.name, r.err))
		}
	}
}

func (c *Capture) tellRest(rest int) {
	if rest > 0 {
		c.cfg.OnNotice(fmt.Errorf("%s ends within an event: %d bytes dropped", c.name, rest))
	}
}

// blockReader is the bytes of some blocks.
type blockReader struct {
	next func() (ndjson.Block, error, bool)
	bad  func(error) // told of lines that are too long
	rest []byte
}

func (b *blockReader) Read(p []byte) (int, error) {
	for len(b.rest) == 0 {
		block, err, ok := b.next()
		if !ok {
			return 0, io.EOF
		}
		if bad, ok := errors.AsType[*event.LineError](err); ok {
			b.bad(bad)
			continue
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
