package match

import (
	"iter"
	"slices"
	"strings"
	"time"

	"github.com/wmtools/wm/lib/event"
	"github.com/wmtools/wm/lib/jsonscan"
)

// Options of a Predicate.
type Options struct {
	FoldCase bool // ~ ignores case; = never does
	Any      bool // one term must hold instead of all
	// Since and Until bound the event's time, since <= t < until, regardless
	// of Any. Zero means no bound. An event without a time does not match.
	Since, Until time.Time
}

// Predicate decides which lines match a query. It is safe for concurrent use.
type Predicate struct {
	any     bool
	need    *need // nil if no literal is known that every match has
	bounds  *bounds
	paths   jsonscan.Paths
	fields  []fieldTest
	words   []wordTest
	derived []derivedTest
}

// fieldTest tests one field.
type fieldTest struct {
	condition
	negate bool
	slot   int
	name   string
}

// Compile compiles a query. A query without terms matches every event.
func Compile(q *Query, o Options) (*Predicate, error) {
	p := &Predicate{any: o.Any && len(q.Terms) > 0}
	for _, t := range q.Terms {
		if err := p.add(t, o.FoldCase); err != nil {
			return nil, err
		}
	}
	p.need = p.needs(q.Terms, o.FoldCase)
	if !o.Since.IsZero() || !o.Until.IsZero() {
		p.bounds = &bounds{o.Since, o.Until}
	}
	return p, nil
}

func (p *Predicate) add(t *Term, fold bool) error {
	if t.Op == Words {
		w := wordTest{negate: t.Negate, tokens: t.Tokens, need: wordNeed(t.Tokens)}
		for _, field := range t.WordFields() {
			w.slots = append(w.slots, p.paths.Add(field))
		}
		p.words = append(p.words, w)
		return nil
	}
	c, err := newCondition(t, fold)
	if err != nil {
		return err
	}
	slot := p.paths.Add(t.Path...)
	value, ok := derivedFields[t.Field()]
	if !ok || !slices.Equal(t.Path, strings.Split(t.Field(), ".")) {
		p.fields = append(p.fields, fieldTest{c, t.Negate, slot, t.Field()})
		return nil
	}
	p.derived = append(p.derived, derivedTest{c, t.Negate, slot, event.NewLookup(&p.paths, t.Field()), value})
	return nil
}

// needs combines the needs of all terms: if all terms must hold, the one that
// excludes most; if one is enough, the union.
func (p *Predicate) needs(terms []*Term, fold bool) *need {
	var best *need
	var all need
	for _, t := range terms {
		n := needOf(t, fold)
		switch {
		case n == nil && p.any:
			return nil
		case n == nil:
			continue
		case best == nil || n.weight() > best.weight():
			best = n
		}
		all.literals = append(all.literals, n.literals...)
	}
	if p.any {
		return all.orNil()
	}
	return best
}

// Match reports whether a line, given without its newline, matches. If the line
// is not exactly one JSON object, the error is a *jsonscan.ShapeError, whatever
// the query; jsonscan.ErrTooDeep reports nesting on the way to a field. JSON
// that is damaged in other ways is reported only if the damage is on the way to
// a field.
func (p *Predicate) Match(line []byte) (bool, error) {
	line, ok := jsonscan.Object(line)
	if !ok {
		return false, jsonscan.Diagnose(line)
	}
	if p.need != nil && p.need.excludes(line) {
		return false, nil
	}
	matched, err := p.judge(line)
	if err != nil {
		return false, jsonscan.Diagnose(line)
	}
	return matched, nil
}

// Lines yields the lines of a block that match, and, with the error, those for
// which Match returns an error, blank lines included.
func (p *Predicate) Lines(block []byte) iter.Seq2[Span, error] {
	return func(yield func(Span, error) bool) {
		for start := 0; start < len(block); {
			line := Span{Start: start, End: lineEnd(block, start)}
			ok, err := p.Match(block[line.Start:line.End])
			if (ok || err != nil) && !yield(line, err) {
				return
			}
			start = line.End + 1
		}
	}
}

// judge reads the fields and tests them.
func (p *Predicate) judge(line []byte) (bool, error) {
	if p.bounds != nil && !p.bounds.hold(line) {
		return false, nil
	}
	var few [16]jsonscan.Span // enough for most queries, and not allocated
	found := few[:]
	if n := p.paths.Slots(); n > len(few) {
		found = make([]jsonscan.Span, n)
	}
	if err := p.paths.Find(line, found); err != nil {
		return false, err
	}
	return p.decide(line, found)
}

// decide runs the cheap tests first and stops at the first that decides: one
// that holds if any is enough, else one that does not hold.
func (p *Predicate) decide(line []byte, found []jsonscan.Span) (bool, error) {
	for i := range p.fields {
		f := &p.fields[i]
		held, err := f.holdsFor(found[f.slot].Of(line))
		if held = held != f.negate; err != nil || held == p.any {
			return held && err == nil, err
		}
	}
	for i := range p.words {
		if held, err := p.words[i].holds(line, found); err != nil || held == p.any {
			return held && err == nil, err
		}
	}
	for i := range p.derived {
		if held, err := p.derived[i].holds(line, found); err != nil || held == p.any {
			return held && err == nil, err
		}
	}
	return !p.any, nil
}
