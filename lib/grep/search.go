package grep

import (
	"github.com/wmtools/wm/lib/match"
	"github.com/wmtools/wm/lib/ndjson"
)

// found is what the search of a block yields.
type found struct {
	lines  []match.Span // selected
	others []match.Span // memory for an inverted search
	bad    []match.Span // lines that cannot be judged
	causes []ndjson.BadLine
	marks  []match.Span // watermarks
}

// searcher searches blocks in one goroutine.
type searcher struct {
	*match.Searcher
	o Options
}

func (s searcher) search(block []byte, f *found) {
	f.bad, f.causes, f.marks = f.bad[:0], f.causes[:0], f.marks[:0]
	f.lines = s.Find(f.lines[:0], block, f.addBad)
	if s.o.Invert {
		f.others = s.Others(f.others[:0], f.lines, f.bad, block)
		f.lines, f.others = f.others, f.lines
	}
	f.lines = withoutMarks(f.lines, block)
	if !s.o.Quiet && !s.o.Only {
		f.marks = findMarks(f.marks, block)
	}
}

func (f *found) addBad(line match.Span, cause error) {
	f.bad = append(f.bad, line)
	f.causes = append(f.causes, ndjson.BadLine{Start: line.Start, Err: cause})
}
