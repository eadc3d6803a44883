package jsonscan

import (
	"bytes"
)

// Finder finds the values of [Paths] in one line after the other, for one
// goroutine. The events of a stream have their keys in a few orders, so a Finder
// remembers what was between the values of earlier lines. Where the next line has
// the same bytes, it compares them instead of reading each key.
type Finder struct {
	paths *Paths
	first *step
	steps int
	trail trail
}

// step is a value of a line. What comes before a value decides where it belongs,
// so lines that begin alike share the steps of their beginning.
type step struct {
	text  string // between the value before and this one, such as `,"meta":{"id":`
	slot  int    // of the value; -1 if it is not wanted
	depth int    // objects around the value; 0 after the last value of a line
	edges []edge // of objects with wanted members, in text
	next  *step  // a step that has followed this one
	other *step  // another step that has followed the one before
}

// edge is where an object begins or ends.
type edge struct {
	slot, at int
	end      bool
}

// maxSteps limits the memory of a Finder. The events of a stream need a few
// hundred.
const maxSteps = 4096

// Finder returns a Finder of the paths. No path may be added afterwards.
func (p *Paths) Finder() *Finder { return &Finder{paths: p} }

// Find sets found, which must have Slots elements, to the places of the values
// in a line without the blanks around it, which it also returns. It reads the
// whole line. If a key repeats in an object, the first one is used. The error is
// ErrTooDeep or matches ErrNotObject.
func (f *Finder) Find(line []byte, found []Span) (object []byte, err error) {
	if !framed(line) {
		if line = bytes.Trim(line, " \t\r\n"); !framed(line) {
			return line, Diagnose(line)
		}
	}
	clear(found)
	if f.follow(line, found) {
		return line, nil
	}
	clear(found)
	f.trail.reset()
	s := pathScan{line: line, found: found, left: -1, trail: &f.trail}
	if s.object(0, &f.paths.root, 1) != len(line) {
		return line, Diagnose(line)
	}
	f.learn(line)
	return line, nil
}

// follow finds the values of a line that consists of known steps.
func (f *Finder) follow(line []byte, found []Span) bool {
	i := 0
	for s := f.first; s != nil; {
		end := i + len(s.text)
		if end > len(line) || string(line[i:end]) != s.text || s.depth == 0 && end < len(line) {
			s = s.other
			continue
		}
		for _, e := range s.edges {
			if e.end {
				found[e.slot].End = i + e.at
			} else {
				found[e.slot].Start = i + e.at
			}
		}
		if s.depth == 0 {
			return true
		}
		if i = skipUsual(line, end, s.depth); i < 0 {
			return false
		}
		if s.slot >= 0 {
			found[s.slot] = Span{end, i}
		}
		s = s.next
	}
	return false
}

// learn remembers the steps of a line that was read key by key.
func (f *Finder) learn(line []byte) {
	t := &f.trail
	t.value(len(line), len(line), -1, 0)
	if t.odd || f.steps+len(t.values) > maxSteps {
		return
	}
	at, begin, edges := &f.first, 0, 0
	for _, v := range t.values {
		text := line[begin:v.start]
		for *at != nil && ((*at).text != string(text) || ((*at).depth == 0) != (v.depth == 0)) {
			at = &(*at).other
		}
		if *at == nil {
			s := &step{text: string(text), slot: v.slot, depth: v.depth}
			for _, e := range t.edges[edges:v.edges] {
				s.edges = append(s.edges, edge{e.slot, e.at - begin, e.end})
			}
			*at = s
			f.steps++
		}
		at, begin, edges = &(*at).next, v.end, v.edges
	}
}

// trail notes the steps of a line. A nil trail notes nothing.
type trail struct {
	values []passed
	edges  []edge
	odd    bool // the line has something that steps cannot describe
}

// passed is a value that was read.
type passed struct {
	start, end, slot, depth int
	edges                   int // number of edges before it
}

func (t *trail) reset() { *t = trail{values: t.values[:0], edges: t.edges[:0]} }

func (t *trail) value(start, end, slot, depth int) {
	if t != nil {
		t.values = append(t.values, passed{start, end, slot, depth, len(t.edges)})
	}
}

func (t *trail) edge(slot, at int, end bool) {
	if t != nil {
		t.edges = append(t.edges, edge{slot, at, end})
	}
}

// stray notes that a value, which could have had wanted members, is not an
// object. The bytes before it do not tell it from one that is.
func (t *trail) stray() {
	if t != nil {
		t.odd = true
	}
}
