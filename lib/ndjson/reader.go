// Package ndjson turns bytes into events and back: a reader that hands out
// blocks of whole lines at the speed of the pipe, and a writer that is flushed
// whenever its input is drained.
package ndjson

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"iter"

	"github.com/wmtools/wm/lib/event"
)

// MaxLine is the default limit of a line's length in bytes.
const MaxLine = 16 << 20

// blockSize is how much is asked of the input at once. It is also what the
// default pipe can be raised to on Linux.
const blockSize = 1 << 20

// Options of a Reader. The zero value reads a stream named stdin.
type Options struct {
	// Name of the input in error messages; default "stdin".
	Name string
	// MaxLine is the longest line in bytes that is handed on; default MaxLine.
	// A longer one becomes a *event.LineError.
	MaxLine int
	// Pieces has longer lines handed on in pieces instead, for readers that have
	// a limit of their own.
	Pieces bool
	// Drained is called whenever the reader is about to wait for input. Whoever
	// writes what was read flushes there: the speed of blocks on a file, the
	// latency of a line on a live pipe.
	Drained func() error
}

// Reader reads lines. It is an event.Source.
type Reader struct {
	in io.Reader
	Options
}

// NewReader reads from in, which may be gzip or zstd: its first bytes tell.
func NewReader(in io.Reader, o Options) *Reader {
	if o.Name == "" {
		o.Name = "stdin"
	}
	if o.MaxLine == 0 {
		o.MaxLine = MaxLine
	}
	if o.Drained == nil {
		o.Drained = func() error { return nil }
	}
	return &Reader{in, o}
}

// Block is some whole lines, or with Pieces a part of a long one.
type Block struct {
	Data   []byte // ends with '\n', but for the last line of an input without one
	Line   int64  // number of the first line, from 1
	Lines  int64  // that have their end
	Offset int64  // bytes of the input before it, decompressed
}

// Place names a line of the input, such as "events.ndjson:41".
func (r *Reader) Place(line int64) string { return fmt.Sprintf("%s:%d", r.Name, line) }

// Blocks yields the input in blocks of whole lines. A block is valid until the
// next step. Errors are as event.Source says: a *event.LineError for a line
// that is too long, with an empty block at the place where the sequence goes
// on.
//
// The input is read in a goroutine of its own. When ctx ends while a read
// waits, that goroutine stays behind until the read returns; nothing it reads
// then is handed on.
func (r *Reader) Blocks(ctx context.Context) iter.Seq2[Block, error] {
	return func(yield func(Block, error) bool) {
		f := newFetcher(r)
		defer close(f.quit)
		go f.run()
		for {
			p, err := r.next(ctx, f)
			if err != nil {
				yield(Block{}, err)
				return
			}
			if p.end {
				return
			}
			if !yield(p.block, p.err) {
				return
			}
			if p.buf != nil {
				f.recycle(p.buf)
			}
		}
	}
}

// next receives a piece. It calls Drained first if it has to wait.
func (r *Reader) next(ctx context.Context, f *fetcher) (piece, error) {
	if ctx.Err() != nil {
		return piece{end: true}, nil
	}
	select {
	case p := <-f.full:
		return p, nil
	default:
	}
	if err := r.Drained(); err != nil {
		return piece{}, err
	}
	select {
	case p := <-f.full:
		return p, nil
	case <-ctx.Done():
		return piece{end: true}, nil
	}
}

// Events yields each line that is not blank as an event. It does not look into
// the line.
func (r *Reader) Events(ctx context.Context) iter.Seq2[event.Event, error] {
	return func(yield func(event.Event, error) bool) {
		for block, err := range r.Blocks(ctx) {
			if err != nil {
				if !yield(event.Event{}, err) {
					return
				}
				continue
			}
			n := block.Line - 1
			for line := range Lines(block.Data) {
				n++
				if len(bytes.TrimSpace(line)) == 0 {
					continue
				}
				if !yield(event.Numbered(line, n), nil) {
					return
				}
			}
		}
	}
}

// Lines yields the lines of a block, each without its '\n'.
func Lines(block []byte) iter.Seq[[]byte] {
	return func(yield func([]byte) bool) {
		for len(block) > 0 {
			line, rest, _ := bytes.Cut(block, newline)
			if !yield(line) {
				return
			}
			block = rest
		}
	}
}

var newline = []byte{'\n'}
