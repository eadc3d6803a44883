package jsonscan

import (
	"bytes"
	"slices"
	"strconv"
)

// Paths finds the values at several paths in one pass over a line. The zero
// value has no paths. After the last Add, it may be used by several goroutines.
type Paths struct {
	root  pathNode
	slots int
}

// Span is the place of a value in a line. The zero Span means no value.
type Span struct{ Start, End int }

// Of returns the JSON at the place in line, or an empty slice for no value.
func (s Span) Of(line []byte) []byte { return line[s.Start:s.End] }

// pathNode is a key on the way to values: paths that begin alike share nodes.
type pathNode struct {
	key      string // without escapes
	index    int    // the key as an array index, or -1
	slot     int
	wanted   bool   // a path ends here
	leaves   int    // paths that end here or below
	lengths  uint64 // bit n: a child's key has n bytes; bit 63: 63 or more
	children []*pathNode
}

// Add adds a path of keys, from the outermost inward, and returns the index of
// its value in the result of Find. In an array, a key is an index from 0.
func (p *Paths) Add(path ...string) (slot int) {
	n := &p.root
	for _, key := range path {
		n = n.descend(key, &p.slots)
	}
	if !n.wanted {
		n.wanted = true
		p.root.count(path)
	}
	return n.slot
}

// Slots returns the length that the result of Find must have.
func (p *Paths) Slots() int { return p.slots }

// descend returns the child for a key, which it adds if need be.
func (n *pathNode) descend(key string, slots *int) *pathNode {
	for _, c := range n.children {
		if c.key == key {
			return c
		}
	}
	child := &pathNode{key: key, index: -1, slot: *slots}
	if i, err := strconv.ParseUint(key, 10, 31); err == nil {
		child.index = int(i)
	}
	*slots++
	n.lengths |= lengthBit(len(key))
	n.children = append(n.children, child)
	return child
}

// count adds a leaf to each node on the path.
func (n *pathNode) count(path []string) {
	n.leaves++
	for _, key := range path {
		n = n.children[slices.IndexFunc(n.children, func(c *pathNode) bool { return c.key == key })]
		n.leaves++
	}
}

func lengthBit(n int) uint64 { return 1 << min(n, 63) }

// child returns the child for a key as it is written in a line, or nil.
func (n *pathNode) child(key []byte) *pathNode {
	if bytes.IndexByte(key, '\\') >= 0 {
		return n.escapedChild(key)
	}
	if n.lengths&lengthBit(len(key)) == 0 {
		return nil
	}
	for _, c := range n.children {
		if c.key == string(key) {
			return c
		}
	}
	return nil
}

func (n *pathNode) escapedChild(key []byte) *pathNode {
	plain, _ := Unescape(key) // an invalid escape makes nil, which no path can name
	for _, c := range n.children {
		if c.key == string(plain) {
			return c
		}
	}
	return nil
}

// element returns the child for an index of an array, or nil.
func (n *pathNode) element(index int) *pathNode {
	for _, c := range n.children {
		if c.index == index {
			return c
		}
	}
	return nil
}

// Find sets found, which must have Slots elements, to the places of the values
// in a line that has the outer form of an object (see [Object]). It stops when
// every path is settled, so the line is checked only as far as that. If a key
// repeats in an object, the first one is used. The error is ErrTooDeep or
// matches ErrNotObject.
func (p *Paths) Find(line []byte, found []Span) error {
	clear(found)
	s := pathScan{line: line, found: found, left: p.root.leaves}
	if s.left == 0 {
		return nil
	}
	if i := s.object(0, &p.root, 1); i != settled && i != len(line) {
		return Diagnose(line)
	}
	return nil
}

// settled is returned in place of an index when all paths have been found.
const settled = -100

// pathScan is one pass over a line.
type pathScan struct {
	line  []byte
	found []Span // by slot, of all nodes that the line has
	left  int    // paths that are not settled yet; negative to read the whole line
	trail *trail // of a Finder, or nil
}

// object reads the object that begins at i. Depth is the number of objects and
// arrays that are open, this one included.
func (s *pathScan) object(i int, n *pathNode, depth int) int {
	if depth > MaxDepth {
		return TooDeep
	}
	line := s.line
	i = SkipBlank(line, i+1)
	if i < len(line) && line[i] == '}' {
		return i + 1
	}
	for {
		if i >= len(line) || line[i] != '"' {
			return Invalid
		}
		end := SkipString(line, i)
		if end < 0 {
			return end
		}
		child := n.child(line[i+1 : end-1])
		if i = SkipBlank(line, end); i >= len(line) || line[i] != ':' {
			return Invalid
		}
		i = SkipBlank(line, i+1)
		if i = s.member(i, child, depth); i < 0 {
			return i
		}
		i = SkipBlank(line, i)
		switch {
		case i >= len(line):
			return Invalid
		case line[i] == '}':
			return i + 1
		case line[i] != ',':
			return Invalid
		}
		i = SkipBlank(line, i+1)
	}
}

// array reads the array that begins at i.
func (s *pathScan) array(i int, n *pathNode, depth int) int {
	if depth > MaxDepth {
		return TooDeep
	}
	line := s.line
	i = SkipBlank(line, i+1)
	if i < len(line) && line[i] == ']' {
		return i + 1
	}
	for index := 0; ; index++ {
		if i = s.member(i, n.element(index), depth); i < 0 {
			return i
		}
		i = SkipBlank(line, i)
		switch {
		case i >= len(line):
			return Invalid
		case line[i] == ']':
			return i + 1
		case line[i] != ',':
			return Invalid
		}
		i = SkipBlank(line, i+1)
	}
}

// member reads the value that begins at i and notes its place if it is wanted.
func (s *pathScan) member(i int, n *pathNode, depth int) int {
	if n == nil || s.found[n.slot].End > 0 {
		return s.value(i, -1, depth)
	}
	end := Invalid
	left := s.left
	switch {
	case i >= len(s.line):
		return Invalid
	case len(n.children) == 0:
		end = s.value(i, n.slot, depth)
	case s.line[i] == '{':
		s.trail.edge(n.slot, i, false)
		end = s.object(i, n, depth+1)
		s.trail.edge(n.slot, end, true)
	case s.line[i] == '[':
		s.trail.stray()
		end = s.array(i, n, depth+1)
	default:
		s.trail.stray()
		end = SkipValue(s.line, i, depth)
	}
	if end < 0 {
		return end
	}
	s.found[n.slot] = Span{i, end}
	if s.left = left - n.leaves; s.left == 0 {
		return settled
	}
	return end
}

// value skips a value without wanted members.
func (s *pathScan) value(i, slot, depth int) int {
	end := SkipValue(s.line, i, depth)
	if s.trail == nil || end < 0 {
		return end
	}
	if s.line[i] != '{' || end-i > smallObject || !s.small(i, end, slot, depth) {
		s.trail.value(i, end, slot, depth)
	}
	return end
}

// smallObject is the size up to which the members of an object are steps of a
// Finder: two numbers, say. To step over them is faster than to look for the end
// of the object.
const smallObject = 64

// nowhere has no wanted members.
var nowhere pathNode

// small notes the members of the small object from i to end. It reports false, and
// notes nothing, if it cannot read the object, or only another part of the line.
func (s *pathScan) small(i, end, slot, depth int) bool {
	before := *s.trail
	if slot >= 0 {
		s.trail.edge(slot, i, false)
	}
	if s.object(i, &nowhere, depth+1) != end {
		*s.trail = before
		return false
	}
	if slot >= 0 {
		s.trail.edge(slot, end, true)
	}
	return true
}
