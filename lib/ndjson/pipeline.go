package ndjson

import (
	"bytes"
	"context"
	"errors"
	"io"
	"sync"

	"github.com/wmtools/wm/lib/event"
)

// ErrEnough is what Emit returns to end a [Pipeline] early.
var ErrEnough = errors.New("enough")

// Pipeline processes the blocks of a [Reader] in parallel and emits the results
// in input order. T is the result for one block. A T is reused for later blocks,
// so that its slices keep their memory.
type Pipeline[T any] struct {
	// Workers is the number of blocks processed at the same time; default 1.
	Workers int
	// NewWorker is called once per worker. The function that it returns
	// processes one block after the other.
	NewWorker func() func(block []byte, result *T)
	// Emit receives each block with its result. Block and result are valid only
	// during the call. Instead of a block it may receive an error: a
	// *event.LineError for a line that is too long, with an empty block at the
	// position after that line, or the error that ended the input. If Emit
	// returns an error, the pipeline stops.
	Emit func(block Block, result *T, err error) error
}

// Run reads r to its end, or until ctx is done or Emit returns an error. What
// was read before ctx was done is still emitted. It calls the Drained function
// of r between calls of Emit, whenever all input read so far has been emitted.
//
// The error is that of Emit, unless it is ErrEnough, or of Drained. A goroutine
// can outlive Run while its read blocks; what it reads then is lost.
func (p Pipeline[T]) Run(ctx context.Context, r *Reader) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	workers := max(1, p.Workers)
	b := newRing[T](r, workers+1)
	defer b.stop()
	for range workers {
		go b.work(ctx, p.NewWorker())
	}
	for next := int64(1); ; {
		s, err := b.next(ctx)
		if s == nil || err != nil {
			return err
		}
		next = s.number(r, next)
		if err := p.Emit(s.block, &s.result, s.err); err != nil {
			if errors.Is(err, ErrEnough) {
				return nil
			}
			return err
		}
		b.recycle(s)
	}
}

// slot holds one block, or an error, on its way from the input through a worker to
// Emit.
type slot[T any] struct {
	buf    []byte
	block  Block
	result T
	err    error
	done   chan struct{} // receives when the block has been processed
}

// number sets the line numbers of a slot that begins at line next, and returns
// the number of the line after it.
func (s *slot[T]) number(r *Reader, next int64) int64 {
	if long, ok := errors.AsType[*tooLong](s.err); ok {
		s.err = &event.LineError{Place: r.Place(next), Number: next, Err: long}
		next++
	}
	s.block.Line = next
	return next + s.block.Lines
}

// ring is the slots in circulation. Workers take turns to read: each processes
// the block that it has read itself, while it is in the cache of its core.
type ring[T any] struct {
	r     *Reader
	size  int // bytes of a buffer, unless a long line needs more
	free  chan *slot[T]
	order chan *slot[T] // in the order of the input, before they are processed
	turn  chan *cutter  // holds the input while no worker reads

	running sync.RWMutex // read-locked while a worker processes
	stopped bool
}

func newRing[T any](r *Reader, slots int) *ring[T] {
	b := &ring[T]{
		r: r, size: min(blockSize, r.MaxLine+1),
		free: make(chan *slot[T], slots), order: make(chan *slot[T], slots), turn: make(chan *cutter, 1),
	}
	for range slots {
		b.free <- &slot[T]{done: make(chan struct{}, 1)}
	}
	b.turn <- &cutter{in: r.in, maxLine: r.MaxLine, pieces: r.Pieces, events: r.EventsOnly}
	return b
}

// work reads and processes blocks until the input ends or ctx is done.
func (b *ring[T]) work(ctx context.Context, process func([]byte, *T)) {
	for {
		var c *cutter
		select {
		case c = <-b.turn: // nil at the end of the input
		case <-ctx.Done():
		}
		if c == nil {
			return
		}
		s, more := b.read(ctx, c)
		if s == nil {
			return
		}
		long := len(s.buf) > b.size
		if more && !long {
			b.turn <- c
		}
		b.process(s, process)
		if more && long {
			if !b.drain(ctx) {
				return
			}
			b.turn <- c
		}
	}
}

// read reads a block. It returns nil if ctx is done or nothing is left, and
// reports whether there may be more.
func (b *ring[T]) read(ctx context.Context, c *cutter) (s *slot[T], more bool) {
	if s = b.take(ctx); s == nil {
		return nil, false
	}
	if s.buf == nil {
		s.buf = make([]byte, b.size)
	}
	buf, lines, err := c.next(s.buf)
	_, long := errors.AsType[*tooLong](err)
	switch {
	case errors.Is(err, io.EOF):
		b.end()
		return nil, false
	case err != nil && !long:
		err = b.r.named(err)
	}
	s.buf, s.err, s.block = buf, err, Block{Data: lines, Offset: c.offset - int64(len(lines))}
	b.order <- s // has capacity for every slot
	if more = err == nil || long; !more {
		b.end()
	}
	return s, more
}

// end ends the workers and the order.
func (b *ring[T]) end() {
	close(b.order)
	close(b.turn)
}

func (b *ring[T]) process(s *slot[T], process func([]byte, *T)) {
	b.running.RLock()
	defer b.running.RUnlock()
	if s.err == nil && !b.stopped {
		s.block.Lines = int64(bytes.Count(s.block.Data, newline))
		process(s.block.Data, &s.result)
	}
	s.done <- struct{}{}
}

// stop waits for the workers that are processing a block. One that is reading
// can outlive the ring, but processes nothing any more.
func (b *ring[T]) stop() {
	b.running.Lock()
	b.stopped = true
	b.running.Unlock()
}

// take returns a free slot, or nil when ctx is done.
func (b *ring[T]) take(ctx context.Context) *slot[T] {
	if ctx.Err() != nil {
		return nil
	}
	select {
	case s := <-b.free:
		return s
	case <-ctx.Done():
		return nil
	}
}

// drain waits until all slots are free, so that no two hold a long line. It
// returns false when ctx is done.
func (b *ring[T]) drain(ctx context.Context) bool {
	all := make([]*slot[T], cap(b.free))
	for i := range all {
		if all[i] = b.take(ctx); all[i] == nil {
			return false
		}
	}
	for _, s := range all {
		b.free <- s
	}
	return true
}

// next returns the next slot in order once it has been processed, or nil at the
// end. It calls Drained before it waits for input.
func (b *ring[T]) next(ctx context.Context) (*slot[T], error) {
	select {
	case s := <-b.order:
		return b.processed(s), nil
	default:
	}
	if err := b.r.Drained(); err != nil {
		return nil, err
	}
	select {
	case s := <-b.order:
		return b.processed(s), nil
	case <-ctx.Done():
	}
	select { // prefer what was read
	case s := <-b.order:
		return b.processed(s), nil
	default:
		return nil, nil
	}
}

func (b *ring[T]) processed(s *slot[T]) *slot[T] {
	if s != nil {
		<-s.done
	}
	return s
}

// recycle frees a slot. It drops the memory of a long line.
func (b *ring[T]) recycle(s *slot[T]) {
	if len(s.buf) > b.size {
		s.buf, s.block.Data = nil, nil
	}
	b.free <- s
}

// BadLine is a line of a block that cannot be used.
type BadLine struct {
	Start int // in the block
	Err   error
}

// Report passes the bad lines of a block that begin before end to report, each
// as a *event.LineError with its place.
func (r *Reader) Report(block Block, bad []BadLine, end int, report func(error)) {
	number, at := block.Line, 0
	for _, b := range bad {
		if b.Start >= end {
			return
		}
		number += int64(bytes.Count(block.Data[at:b.Start], newline))
		at = b.Start
		report(&event.LineError{Place: r.Place(number), Err: b.Err})
	}
}
