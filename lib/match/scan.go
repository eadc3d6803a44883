package match

import (
	"bytes"
	"slices"
	"strconv"

	"github.com/wmtools/wm/lib/jsonscan"
)

// node is a key on the way to fields. The paths of a predicate form a tree, so
// that one pass over a line finds them all.
type node struct {
	key      string // without escapes
	index    int    // the key as an index of an array, or -1
	slot     int    // where scan.spans has the value
	wanted   bool   // a path ends here
	leaves   int    // number of paths that end here or below
	lengths  uint64 // bit n: a child's key has n bytes; bit 63: 63 or more
	children []*node
}

// tree is the tree of a predicate's paths.
type tree struct {
	root  node
	slots int
}

// add adds a path and returns its slot.
func (t *tree) add(path []string) int {
	n := &t.root
	for _, key := range path {
		n = n.descend(key, &t.slots)
	}
	if !n.wanted {
		n.wanted = true
		t.root.count(path)
	}
	return n.slot
}

// descend returns the child for a key, creating it if necessary.
func (n *node) descend(key string, slots *int) *node {
	for _, c := range n.children {
		if c.key == key {
			return c
		}
	}
	child := &node{key: key, index: -1, slot: *slots}
	if i, err := strconv.ParseUint(key, 10, 31); err == nil {
		child.index = int(i)
	}
	*slots++
	n.lengths |= lengthBit(len(key))
	n.children = append(n.children, child)
	return child
}

// count adds one to the leaves of each node on a path.
func (n *node) count(path []string) {
	n.leaves++
	for _, key := range path {
		n = n.children[slices.IndexFunc(n.children, func(c *node) bool { return c.key == key })]
		n.leaves++
	}
}

func lengthBit(n int) uint64 { return 1 << min(n, 63) }

// child returns the child for a key as it is written in a line, or nil.
func (n *node) child(key []byte) *node {
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

func (n *node) escapedChild(key []byte) *node {
	plain, _ := jsonscan.Unescape(key) // nil for a bad escape, and no path has an empty key
	for _, c := range n.children {
		if c.key == string(plain) {
			return c
		}
	}
	return nil
}

// element returns the child for an index of an array, or nil.
func (n *node) element(index int) *node {
	for _, c := range n.children {
		if c.index == index {
			return c
		}
	}
	return nil
}

// span is the place of a value in a line. The zero span means no value.
type span struct{ start, end int }

// of returns the JSON of the value, empty if there is none.
func (s span) of(line []byte) []byte { return line[s.start:s.end] }

// scan finds the values of a tree's paths in one line.
type scan struct {
	line  []byte
	spans []span // by slot
	left  int    // number of paths not found yet
}

// settled is what the methods of scan return in place of an index when all paths
// are found.
const settled = jsonscan.TooDeep - 1

// run reads the line, which must pass jsonscan.Object, until all paths are found.
func (s *scan) run(root *node) error {
	s.left = root.leaves
	if s.left == 0 {
		return nil
	}
	i := s.object(0, root, 1)
	if i >= 0 && i < len(s.line) {
		i = jsonscan.Invalid // something follows the object
	}
	return jsonscan.Err(i)
}

// object reads the object that begins at i and returns the index after it, or
// settled, or an error of jsonscan. Depth is the number of objects and arrays
// that are open, this one included.
func (s *scan) object(i int, n *node, depth int) int {
	if depth > jsonscan.MaxDepth {
		return jsonscan.TooDeep
	}
	line := s.line
	i = jsonscan.SkipBlank(line, i+1)
	if i < len(line) && line[i] == '}' {
		return i + 1
	}
	for {
		if i >= len(line) || line[i] != '"' {
			return jsonscan.Invalid
		}
		end := jsonscan.SkipString(line, i)
		if end < 0 {
			return end
		}
		child := n.child(line[i+1 : end-1])
		if i = jsonscan.SkipBlank(line, end); i >= len(line) || line[i] != ':' {
			return jsonscan.Invalid
		}
		i = jsonscan.SkipBlank(line, i+1)
		if i = s.member(i, child, depth); i < 0 {
			return i
		}
		i = jsonscan.SkipBlank(line, i)
		switch {
		case i >= len(line):
			return jsonscan.Invalid
		case line[i] == '}':
			return i + 1
		case line[i] != ',':
			return jsonscan.Invalid
		}
		i = jsonscan.SkipBlank(line, i+1)
	}
}

// array is object for an array.
func (s *scan) array(i int, n *node, depth int) int {
	if depth > jsonscan.MaxDepth {
		return jsonscan.TooDeep
	}
	line := s.line
	i = jsonscan.SkipBlank(line, i+1)
	if i < len(line) && line[i] == ']' {
		return i + 1
	}
	for index := 0; ; index++ {
		if i = s.member(i, n.element(index), depth); i < 0 {
			return i
		}
		i = jsonscan.SkipBlank(line, i)
		switch {
		case i >= len(line):
			return jsonscan.Invalid
		case line[i] == ']':
			return i + 1
		case line[i] != ',':
			return jsonscan.Invalid
		}
		i = jsonscan.SkipBlank(line, i+1)
	}
}

// member reads the value that begins at i and records its place if a path leads
// to it or through it. If a key repeats, the first one is used.
func (s *scan) member(i int, n *node, depth int) int {
	if n == nil || s.spans[n.slot].end > 0 {
		return jsonscan.SkipValue(s.line, i, depth)
	}
	end := jsonscan.Invalid
	left := s.left
	switch {
	case i >= len(s.line):
		return jsonscan.Invalid
	case s.line[i] == '{' && len(n.children) > 0:
		end = s.object(i, n, depth+1)
	case s.line[i] == '[' && len(n.children) > 0:
		end = s.array(i, n, depth+1)
	default:
		end = jsonscan.SkipValue(s.line, i, depth)
	}
	if end < 0 {
		return end
	}
	s.spans[n.slot] = span{i, end}
	if s.left = left - n.leaves; s.left == 0 {
		return settled
	}
	return end
}
