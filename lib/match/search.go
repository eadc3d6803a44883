package match

import (
	"bytes"

	"github.com/wmtools/wm/lib/match/lines"
)

// Span is a line in a block, without its newline.
type Span = lines.Span

// Search is what a line must match: a pattern, a predicate, or both.
type Search struct {
	Pattern *Pattern
	Fields  *Predicate
	Witness *Witness // of Fields, to record which fields occur; may be nil
}

// Searcher finds matching lines. It is for one goroutine.
type Searcher struct {
	pattern *lines.Searcher // nil if any line will do
	fields  *Predicate
	witness *Witness
}

// Searcher returns a new one.
func (s Search) Searcher() *Searcher {
	r := &Searcher{fields: s.Fields, witness: s.Witness}
	if s.Pattern != nil {
		r.pattern = s.Pattern.Searcher()
	}
	return r
}

// Find appends to dst the lines of a block of whole lines that match. If there
// is a predicate, it reports each line for which Predicate.Match returns an
// error to bad, except for blank lines.
func (s *Searcher) Find(dst []Span, block []byte, bad func(Span, error)) []Span {
	switch {
	case s.fields == nil && s.pattern == nil:
		return s.Others(dst, nil, nil, block)
	case s.fields == nil:
		return s.pattern.Find(dst, block)
	}
	if s.witness != nil {
		s.witness.Look(block)
	}
	for line, err := range s.fields.Lines(block) {
		text := block[line.Start:line.End]
		switch {
		case err == nil && (s.pattern == nil || s.pattern.Match(text)):
			dst = append(dst, line)
		case err != nil && !blank(text):
			bad(line, err)
		}
	}
	return dst
}

func blank(line []byte) bool { return len(bytes.TrimSpace(line)) == 0 }

func lineEnd(block []byte, from int) int {
	if i := bytes.IndexByte(block[from:], '\n'); i >= 0 {
		return from + i
	}
	return len(block)
}

// Others appends to dst the lines of a block that Find did not find, for an
// inverted search. It leaves out lines that Find reported to bad and, if there
// is a predicate, blank lines.
func (s *Searcher) Others(dst, found, bad []Span, block []byte) []Span {
	for at := 0; at < len(block); {
		line := Span{Start: at, End: lineEnd(block, at)}
		at = line.End + 1
		switch {
		case len(found) > 0 && found[0] == line:
			found = found[1:]
		case len(bad) > 0 && bad[0] == line:
			bad = bad[1:]
		case s.fields != nil && blank(block[line.Start:line.End]):
		default:
			dst = append(dst, line)
		}
	}
	return dst
}
