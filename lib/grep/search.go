package grep

import (
	"github.com/wmtools/wm/lib/match"
	"github.com/wmtools/wm/lib/ndjson"
)

// found is what the search of a block yields.
type found struct {
	lines    []match.Span     // selected
	bad      []ndjson.BadLine // lines that cannot be judged
	marks    []match.Span     // watermarks
	matching []match.Span     // of an inverted search
	neither  []match.Span     // of an inverted search: the bad lines
}

// searcher searches blocks in one goroutine.
type searcher struct {
	*match.Searcher
	o Options
}

func (s searcher) search(block []byte, f *found) {
	f.bad, f.marks = f.bad[:0], f.marks[:0]
	if s.o.Invert {
		s.invert(block, f)
	} else {
		f.lines = s.Find(f.lines[:0], block, f.addBad)
	}
	f.lines = withoutMarks(f.lines, block)
	if !s.o.Quiet && !s.o.Only {
		f.marks = findMarks(f.marks, block)
	}
}

func (s searcher) invert(block []byte, f *found) {
	f.neither = f.neither[:0]
	f.matching = s.Find(f.matching[:0], block, func(line match.Span, cause error) {
		f.addBad(line, cause)
		f.neither = append(f.neither, line)
	})
	f.lines = s.Others(f.lines[:0], f.matching, f.neither, block)
}

func (f *found) addBad(line match.Span, cause error) {
	f.bad = append(f.bad, ndjson.BadLine{Start: line.Start, Err: cause})
}
