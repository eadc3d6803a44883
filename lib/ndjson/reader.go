// Package ndjson turns bytes into events and back. A [Reader] yields events, or
// whole blocks of lines at the speed of the pipe; a [Pipeline] processes the
// blocks in parallel; a [Writer] buffers lines until the input is drained.
//
// Input may be compressed with gzip or zstd, which is detected by its first
// bytes, and may begin with a UTF-8 byte order mark, which is dropped. Other
// encodings and compressions are reported as a [*FormatError]. Apart from that,
// lines pass through unchanged.
package ndjson

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"iter"

	"github.com/wmtools/wm/lib/event"
)

// MaxLine is the default limit on the length of a line in bytes.
const MaxLine = 16 << 20

// blockSize is the size of a buffer. Blocks stay in the cache of a core from the
// read to the search.
const blockSize = 256 << 10

// Options configures a [Reader]. The zero value reads a stream named stdin.
type Options struct {
	// Name of the input in errors; default "stdin".
	Name string
	// MaxLine is the length in bytes of the longest line that is yielded;
	// default MaxLine. A longer one becomes a *event.LineError.
	MaxLine int
	// Pieces yields longer lines in pieces instead.
	Pieces bool
	// EventsOnly ends an input whose first lines have a foreign shape, such as a
	// JSON array, with a *ShapeError.
	EventsOnly bool
	// Unfinished, if set, is called by Events with a last line that lacks its
	// newline, which a killed writer may have left incomplete. If it returns
	// true, the line is dropped.
	Unfinished func(line []byte) bool
	// Drained is called whenever the reader is about to wait for input. Flush
	// the output here: files are then copied in large writes, and a line on a
	// live pipe is passed on at once.
	Drained func() error
}

// Reader reads lines. It is an event.Source.
type Reader struct {
	in io.Reader
	Options
}

// NewReader returns a Reader of in. It reads nothing yet.
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

// Block is a number of whole lines or, with Options.Pieces, a part of a long one.
type Block struct {
	Data   []byte // ends with '\n', except at the end of an input without a final newline
	Line   int64  // number of the first line, from 1
	Lines  int64  // number of newlines
	Offset int64  // bytes of the decompressed input before the block
}

// Place returns the position of a line in the form "events.ndjson:41".
func (r *Reader) Place(line int64) string { return fmt.Sprintf("%s:%d", r.Name, line) }

// named adds the name of the input to an error, unless it has a path already.
func (r *Reader) named(err error) error {
	if _, ok := errors.AsType[*fs.PathError](err); ok {
		return err
	}
	return fmt.Errorf("%s: %w", r.Name, err)
}

// Blocks yields the input in blocks of whole lines. A block is valid until the
// next iteration. Errors follow the rules of event.Source: a *event.LineError
// reports a line that is too long and comes with an empty block at the position
// after that line.
//
// The input is read ahead in a goroutine. When ctx ends, that goroutine can
// outlive the sequence while a read blocks; what it reads then is lost.
func (r *Reader) Blocks(ctx context.Context) iter.Seq2[Block, error] {
	return func(yield func(Block, error) bool) {
		stopped := false
		p := Pipeline[struct{}]{
			NewWorker: func() func([]byte, *struct{}) { return func([]byte, *struct{}) {} },
			Emit: func(b Block, _ *struct{}, err error) error {
				if stopped = !yield(b, err); stopped {
					return ErrEnough
				}
				return nil
			},
		}
		if err := p.Run(ctx, r); err != nil && !stopped {
			yield(Block{}, err)
		}
	}
}

// Events yields each line that is not blank as an event. It does not check that
// the line is JSON.
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
				if len(bytes.TrimSpace(line)) == 0 || r.dropped(block, n, line) {
					continue
				}
				if !yield(event.Numbered(line, n), nil) {
					return
				}
			}
		}
	}
}

// dropped reports whether a line lacks its newline and Unfinished drops it.
func (r *Reader) dropped(b Block, number int64, line []byte) bool {
	return r.Unfinished != nil && number == b.Line+b.Lines && r.Unfinished(line)
}

// Lines yields the lines of a block without their newlines.
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
