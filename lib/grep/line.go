package grep

import (
	"bytes"
	"context"
	"iter"

	"github.com/wmtools/wm/lib/match"
	"github.com/wmtools/wm/lib/ndjson"
)

// job is a block on its way through the line: what is in it, and what was found.
type job struct {
	data   []byte
	line   int64 // number of the first line
	offset int64 // bytes before it
	err    error // of the reader, in place of data

	found  []match.Span
	others []match.Span  // room for those of an inverted search
	bad    []match.Span  // lines that cannot be judged
	causes []error       // for each of them
	marks  []match.Span  // watermarks
	done   chan struct{} // receives when the search is over
	held   *job          // is not free meanwhile, nor is what that one holds
}

// jobSize is the size of most blocks; only one with a long line is larger. Its
// memory is not used again, and it holds other jobs back: what is on the line
// is bounded in bytes.
const jobSize = 1 << 20

// maxLines is how many lines a job has at most, for each may need memory of its
// own, and an input may be nothing but the ends of lines.
const maxLines = 16 << 10

// line is where jobs pass: fed in order, worked on in any, taken off in order.
type line struct {
	free  chan *job
	todo  chan *job
	order chan *job
}

func newLine(workers int) *line {
	n := 2 * workers
	l := &line{make(chan *job, n), make(chan *job, n), make(chan *job, n)}
	for range n {
		l.free <- &job{done: make(chan struct{}, 1)}
	}
	return l
}

// feed puts the blocks of r on the line, until r ends or ctx is done.
func (l *line) feed(ctx context.Context, r *ndjson.Reader) {
	defer close(l.order)
	defer close(l.todo)
	for block, err := range r.Blocks(ctx) {
		for part := range parts(block) {
			j := l.take(ctx, (len(part.Data)-1)/jobSize)
			if j == nil {
				return
			}
			// The reader needs its block again.
			j.data, j.line, j.offset, j.err = append(j.data[:0], part.Data...), part.Line, part.Offset, err
			// There is room for every job that there is.
			l.order <- j
			l.todo <- j
		}
	}
}

// parts cuts a block so that none of them has too many lines.
func parts(b ndjson.Block) iter.Seq[ndjson.Block] {
	return func(yield func(ndjson.Block) bool) {
		for b.Lines > maxLines {
			part := b
			part.Data = b.Data[:endOfLine(b.Data, maxLines)]
			if !yield(part) {
				return
			}
			b.Data = b.Data[len(part.Data):]
			b.Offset += int64(len(part.Data))
			b.Line, b.Lines = b.Line+maxLines, b.Lines-maxLines
		}
		yield(b)
	}
}

// endOfLine returns where the nth line of a block ends.
func endOfLine(block []byte, n int) (at int) {
	for range n {
		at += bytes.IndexByte(block[at:], '\n') + 1
	}
	return at
}

// take returns a job that is free, and holds so many others back, or all. It
// returns nil when ctx is done.
func (l *line) take(ctx context.Context, others int) *job {
	var j *job
	for range min(others+1, cap(l.free)) {
		select {
		case next := <-l.free:
			next.held = j
			j = next
		case <-ctx.Done():
			return nil
		}
	}
	return j
}

func (l *line) work(s *match.Searcher, invert bool) {
	for j := range l.todo {
		j.found, j.bad, j.causes, j.marks = j.found[:0], j.bad[:0], j.causes[:0], j.marks[:0]
		if j.err == nil {
			j.found = s.Find(j.found, j.data, j.addBad)
			if invert {
				j.others = s.Others(j.others[:0], j.found, j.bad, j.data)
				j.found, j.others = j.others, j.found
			}
			if j.marks = findMarks(j.marks, j.data); len(j.marks) > 0 {
				j.found = without(j.found, j.marks)
			}
		}
		j.done <- struct{}{}
	}
}

func (j *job) addBad(line match.Span, cause error) {
	j.bad, j.causes = append(j.bad, line), append(j.causes, cause)
}

// recycle makes a job free again, and those that it held back.
func (l *line) recycle(j *job) {
	if len(j.data) > jobSize {
		j.data = nil
	}
	for j != nil {
		held := j.held
		j.held = nil
		l.free <- j
		j = held
	}
}
