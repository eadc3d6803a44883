package match

import (
	"bytes"
	"slices"
	"strings"
	"time"
)

// Options of a Predicate.
type Options struct {
	FoldCase bool // ~ matches upper and lower case alike; = never does
	Any      bool // one term is enough
	// Since and Until bound the event's time, since <= t < until, whatever Any
	// says; zero: no bound. An event without a time is outside.
	Since, Until time.Time
}

// Predicate says which lines match a query. It may be used by several
// goroutines at once.
type Predicate struct {
	any     bool
	need    *need // nil: nothing is known
	bounds  *bounds
	tree    tree
	fields  []fieldTest
	words   []wordTest
	derived []derivedTest
}

// fieldTest asks something of one field.
type fieldTest struct {
	condition
	negate bool
	slot   int
	name   string
}

// Compile makes a predicate of a query. A query without terms matches every
// object.
func Compile(q *Query, o Options) (*Predicate, error) {
	p := &Predicate{any: o.Any && len(q.Terms) > 0}
	for _, t := range q.Terms {
		if err := p.add(t, o.FoldCase); err != nil {
			return nil, err
		}
	}
	p.need = p.needs(q.Terms, o.FoldCase)
	if !o.Since.IsZero() || !o.Until.IsZero() {
		p.bounds = newBounds(o.Since, o.Until)
	}
	return p, nil
}

func (p *Predicate) add(t *Term, fold bool) error {
	if t.Op == Words {
		w := wordTest{negate: t.Negate, tokens: t.Tokens, need: wordNeed(t.Tokens)}
		for i, field := range wordFields {
			w.slots[i] = p.tree.add([]string{field})
		}
		p.words = append(p.words, w)
		return nil
	}
	c, err := newCondition(t, fold)
	if err != nil {
		return err
	}
	slot := p.tree.add(t.Path)
	d, ok := derivedFields[t.Field()]
	if !ok || !slices.Equal(t.Path, strings.Split(t.Field(), ".")) {
		p.fields = append(p.fields, fieldTest{c, t.Negate, slot, t.Field()})
		return nil
	}
	test := derivedTest{condition: c, negate: t.Negate, own: slot, value: d.value}
	for _, path := range d.inputs {
		test.inputs = append(test.inputs, newInput(p.tree.add(strings.Split(path, ".")), path))
	}
	p.derived = append(p.derived, test)
	return nil
}

// needs returns the need of all terms together: where all must hold the one
// that excludes most, where one is enough any of all.
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

// Match reports whether a line without its end matches. The error is
// ErrNotObject or ErrDepth; such a line does not match. Of a line only as much
// is judged as it takes to read the fields asked for.
func (p *Predicate) Match(line []byte) (bool, error) {
	line, ok := object(line)
	if !ok {
		return false, ErrNotObject
	}
	if p.need != nil && p.need.excludes(line) {
		return false, nil
	}
	if p.bounds != nil {
		if in, err := p.bounds.hold(line); !in {
			return false, err
		}
	}
	var few [16]span // most queries ask for less, and this costs no allocation
	found := few[:]
	if p.tree.slots > len(few) {
		found = make([]span, p.tree.slots)
	}
	s := scan{line: line, spans: found}
	if err := s.run(&p.tree.root); err != nil {
		return false, err
	}
	return p.decide(line, found)
}

// decide goes from the tests that cost little to those that cost more, until
// one settles it: one that holds where any is enough, else one that does not.
func (p *Predicate) decide(line []byte, found []span) (bool, error) {
	for i := range p.fields {
		f := &p.fields[i]
		held, err := f.holdsFor(found[f.slot].of(line))
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

// Next returns the next line of a block that matches: block[start:end], its
// '\n' included if it has one. The block consists of whole lines, and from is
// the begin of one of them; the line after goes on from end. Without a match
// ok is false, and start and end are the block's length. A line that Match has
// an error for is returned with it, and ok is false too.
func (p *Predicate) Next(block []byte, from int) (start, end int, ok bool, err error) {
	for start = from; start < len(block); start = end {
		line := block[start:]
		end = len(block)
		if n := bytes.IndexByte(line, '\n'); n >= 0 {
			line, end = line[:n], start+n+1
		}
		if ok, err = p.Match(line); ok || err != nil {
			return start, end, ok, err
		}
	}
	return len(block), len(block), false, nil
}
