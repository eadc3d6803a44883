package ndjson

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"

	"github.com/wmtools/wm/lib/event"
)

// fetcher reads ahead: while one block is worked on, the next is filled. Its
// buffers go round through free and full.
type fetcher struct {
	r    *Reader
	free chan []byte
	full chan piece
	quit chan struct{}

	in     io.Reader // decompressed
	line   int64     // number of the line at the start of the next block
	offset int64     // bytes before it
}

// piece is what the fetcher hands over: a block, or what is wrong with a line,
// or the end.
type piece struct {
	block Block
	err   error
	end   bool
	buf   []byte // goes back to free; nil if the piece has none
}

func newFetcher(r *Reader) *fetcher {
	f := &fetcher{r: r, free: make(chan []byte, 2), full: make(chan piece, 1), quit: make(chan struct{}), line: 1}
	f.recycle(nil)
	f.recycle(nil)
	return f
}

// recycle makes a buffer free again. One that a long line has grown is replaced:
// its memory is not kept. No buffer holds a line over the limit.
func (f *fetcher) recycle(buf []byte) {
	if size := min(blockSize, f.r.MaxLine+1); len(buf) != size {
		buf = make([]byte, size)
	}
	f.free <- buf
}

// run fills buffers until the input ends or the reader quits.
func (f *fetcher) run() {
	in, err := decompress(f.r.in)
	if err != nil {
		f.fail(err)
		return
	}
	f.in = in
	var tail []byte // the start of a line whose end was not read yet
	for {
		buf, ok := f.take()
		if !ok {
			return
		}
		buf, n, err := f.fill(buf, tail)
		end := bytes.LastIndexByte(buf[:n], '\n') + 1
		if err != nil || end == 0 {
			end = n // the last line may lack its end, and pieces do
		}
		if cap(tail) > blockSize {
			tail = nil
		}
		tail = append(tail[:0], buf[end:n]...)
		if !f.handOver(buf, end, err) || len(buf) > blockSize && !f.wait() {
			return
		}
	}
}

// handOver sends what was read, and the end of the input after it. It reports
// whether there is more to do.
func (f *fetcher) handOver(buf []byte, n int, err error) bool {
	if errors.Is(err, errTooLong) {
		return f.skipLine(buf)
	}
	if n > 0 {
		lines := int64(bytes.Count(buf[:n], newline))
		p := piece{block: Block{buf[:n], f.line, lines, f.offset}, buf: buf}
		f.line += lines
		f.offset += int64(n)
		if !f.send(p) {
			return false
		}
	}
	if err == nil {
		return true
	}
	if !errors.Is(err, io.EOF) {
		f.fail(err)
	} else {
		f.send(piece{end: true})
	}
	return false
}

var errTooLong = errors.New("line is too long")

// fill puts tail and at least one line's end into buf, growing it up to the
// longest line that is allowed, and returns it with the count of its bytes.
func (f *fetcher) fill(buf, tail []byte) ([]byte, int, error) {
	if len(tail) > len(buf) {
		buf = make([]byte, min(2*len(tail), f.r.MaxLine+1))
	}
	n := copy(buf, tail)
	for empty := 0; ; {
		if n == len(buf) {
			if n > f.r.MaxLine && f.r.Pieces {
				return buf, n, nil
			}
			if n > f.r.MaxLine {
				return buf, n, errTooLong
			}
			grown := make([]byte, min(2*len(buf), f.r.MaxLine+1))
			copy(grown, buf)
			buf = grown
		}
		m, err := f.in.Read(buf[n:])
		found := bytes.IndexByte(buf[n:n+m], '\n') >= 0
		n += m
		if err != nil || found {
			return buf, n, err
		}
		if m == 0 {
			if empty++; empty == 100 {
				return buf, n, io.ErrNoProgress
			}
		}
	}
}

// skipLine reads past a line that is too long and reports it. It reports
// whether there is more to read.
func (f *fetcher) skipLine(buf []byte) bool {
	place := f.r.Place(f.line)
	size := int64(len(buf))
	f.line++
	for {
		n, err := f.in.Read(buf)
		i := bytes.IndexByte(buf[:n], '\n')
		if i < 0 && err == nil {
			size += int64(n)
			continue
		}
		if i < 0 {
			i = n
		}
		size += int64(i)
		f.offset += size + int64(min(n-i, 1))
		bad := &event.LineError{Place: place, Err: fmt.Errorf("line of %d bytes is longer than the limit of %d: skipped", size, f.r.MaxLine)}
		f.in = io.MultiReader(bytes.NewReader(bytes.Clone(buf[min(i+1, n):n])), f.in)
		return f.send(piece{block: Block{Line: f.line, Offset: f.offset}, err: bad, buf: buf})
	}
}

func (f *fetcher) take() ([]byte, bool) {
	select {
	case buf := <-f.free:
		return buf, true
	case <-f.quit:
		return nil, false
	}
}

// wait returns when all buffers are free: no two hold a long line. It reports
// whether there is more to do.
func (f *fetcher) wait() bool {
	one, ok := f.take()
	if !ok {
		return false
	}
	other, ok := f.take()
	f.free <- one
	f.free <- other
	return ok
}

func (f *fetcher) send(p piece) bool {
	select {
	case f.full <- p:
		return true
	case <-f.quit:
		return false
	}
}

// fail hands over what the input cannot be read for, with its name.
func (f *fetcher) fail(err error) {
	if _, named := errors.AsType[*fs.PathError](err); !named {
		err = fmt.Errorf("%s: %w", f.r.Name, err)
	}
	if f.send(piece{err: err}) {
		f.send(piece{end: true})
	}
}
