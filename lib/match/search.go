package match

import (
	"bytes"

	"github.com/wmtools/wm/lib/match/lines"
)

// Span is a line in a block, without its end.
type Span = lines.Span

// Searcher finds lines for one goroutine.
type Searcher struct {
	query   *Query
	pattern *lines.Searcher // nil: any line
}

// Searcher returns a new one.
func (q *Query) Searcher() *Searcher {
	s := &Searcher{query: q}
	if q.Pattern != nil {
		s.pattern = q.Pattern.Searcher()
	}
	return s
}

// Find appends to dst the lines of a block of whole lines that fulfil the query.
// With terms, a line that is neither blank nor an object is told to bad.
func (s *Searcher) Find(dst []Span, block []byte, bad func(Span)) []Span {
	if len(s.query.Terms) == 0 {
		return s.pattern.Find(dst, block)
	}
	for at := 0; at < len(block); {
		line := Span{Start: at, End: lineEnd(block, at)}
		at = line.End + 1
		text := block[line.Start:line.End]
		switch {
		case !IsObject(text):
			if len(bytes.TrimSpace(text)) > 0 {
				bad(line)
			}
		case s.match(text):
			dst = append(dst, line)
		}
	}
	return dst
}

func lineEnd(block []byte, from int) int {
	if i := bytes.IndexByte(block[from:], '\n'); i >= 0 {
		return from + i
	}
	return len(block)
}

// match asks the pattern first: it costs less than a field near the end of the
// line.
func (s *Searcher) match(line []byte) bool {
	if s.pattern != nil && !s.pattern.Match(line) {
		return false
	}
	for _, t := range s.query.Terms {
		if !t.Match(line) {
			return false
		}
	}
	return true
}

// Others returns the lines of a block that were not found: those of an inverted
// search. Lines that are no objects are not among them where the query has terms.
func (s *Searcher) Others(found, bad []Span, block []byte) (others []Span) {
	for at := 0; at < len(block); {
		line := Span{Start: at, End: lineEnd(block, at)}
		at = line.End + 1
		switch {
		case len(found) > 0 && found[0] == line:
			found = found[1:]
		case len(bad) > 0 && bad[0] == line:
			bad = bad[1:]
		case len(s.query.Terms) > 0 && len(bytes.TrimSpace(block[line.Start:line.End])) == 0:
		default:
			others = append(others, line)
		}
	}
	return others
}
