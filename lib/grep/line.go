package grep

import (
	"context"

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
	bad    []match.Span  // lines that cannot be judged
	causes []error       // for each of them
	marks  []match.Span  // watermarks
	done   chan struct{} // receives when the search is over
}

// maxKept is the size of a block whose memory is used again. Only one with a
// very long line is larger.
const maxKept = 4 << 20

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
		var j *job
		select {
		case j = <-l.free:
		case <-ctx.Done():
			return
		}
		// The reader needs its block again.
		j.data, j.line, j.offset, j.err = append(j.data[:0], block.Data...), block.Line, block.Offset, err
		// There is room for every job that there is.
		l.order <- j
		l.todo <- j
	}
}

func (l *line) work(s *match.Searcher, invert bool) {
	for j := range l.todo {
		j.found, j.bad, j.causes, j.marks = j.found[:0], j.bad[:0], j.causes[:0], j.marks[:0]
		if j.err == nil {
			j.found = s.Find(j.found, j.data, j.addBad)
			if invert {
				j.found = s.Others(j.found, j.bad, j.data)
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

// recycle makes a job free again.
func (l *line) recycle(j *job) {
	if cap(j.data) > maxKept {
		j.data = nil
	}
	l.free <- j
}
