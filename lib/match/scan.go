package match

import (
	"bytes"
	"slices"
	"strconv"
)

// node is a key on the way to fields: the paths of a predicate make a tree, so
// that one pass over a line finds them all.
type node struct {
	key      string // without escapes
	index    int    // the key as an array's index, or -1
	slot     int    // of the value's place
	wanted   bool   // a path ends here
	leaves   int    // how many paths end here and below
	lengths  uint64 // bit n: a child's key has n bytes; bit 63: 63 or more
	children []*node
}

// tree makes nodes.
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

// descend returns the child for a key, a new one if need be.
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

// count counts one more path that ends at the end of this one.
func (n *node) count(path []string) {
	n.leaves++
	for _, key := range path {
		n = n.children[slices.IndexFunc(n.children, func(c *node) bool { return c.key == key })]
		n.leaves++
	}
}

func lengthBit(n int) uint64 { return 1 << min(n, 63) }

// child returns the child for a key as it stands in a line, or nil.
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
	plain, _ := unescape(key) // a bad escape: nil, which is no key that can be asked for
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

// span is the place of a value in a line. The zero span is that of no value.
type span struct{ start, end int }

// of returns the JSON text that stands there, empty for no value.
func (s span) of(line []byte) []byte { return line[s.start:s.end] }

// scan finds the values of a tree's paths in one line.
type scan struct {
	line  []byte
	spans []span // by slot, of all nodes that the line has
	left  int    // paths that are not settled yet
}

// run reads the line, which must have the outer form of an object. It stops
// when all paths are settled.
func (s *scan) run(root *node) error {
	s.left = root.leaves
	if s.left == 0 {
		return nil
	}
	i := s.object(0, root, 1)
	if i >= 0 && i < len(s.line) {
		i = broken // something follows the object
	}
	return errorOf(i)
}

// object reads the object that begins at i. Depth counts what is open, this
// object included.
func (s *scan) object(i int, n *node, depth int) int {
	if depth > maxDepth {
		return tooDeep
	}
	line := s.line
	i = skipBlank(line, i+1)
	if i < len(line) && line[i] == '}' {
		return i + 1
	}
	for {
		if i >= len(line) || line[i] != '"' {
			return broken
		}
		end := skipString(line, i)
		if end < 0 {
			return end
		}
		child := n.child(line[i+1 : end-1])
		if i = skipBlank(line, end); i >= len(line) || line[i] != ':' {
			return broken
		}
		i = skipBlank(line, i+1)
		if i = s.member(i, child, depth); i < 0 {
			return i
		}
		i = skipBlank(line, i)
		switch {
		case i >= len(line):
			return broken
		case line[i] == '}':
			return i + 1
		case line[i] != ',':
			return broken
		}
		i = skipBlank(line, i+1)
	}
}

// array reads the array that begins at i.
func (s *scan) array(i int, n *node, depth int) int {
	if depth > maxDepth {
		return tooDeep
	}
	line := s.line
	i = skipBlank(line, i+1)
	if i < len(line) && line[i] == ']' {
		return i + 1
	}
	for index := 0; ; index++ {
		if i = s.member(i, n.element(index), depth); i < 0 {
			return i
		}
		i = skipBlank(line, i)
		switch {
		case i >= len(line):
			return broken
		case line[i] == ']':
			return i + 1
		case line[i] != ',':
			return broken
		}
		i = skipBlank(line, i+1)
	}
}

// member reads the value that begins at i and notes its place if it is asked
// for. Of a key that stands twice in an object the first counts.
func (s *scan) member(i int, n *node, depth int) int {
	if n == nil || s.spans[n.slot].end > 0 {
		return skipValue(s.line, i, depth)
	}
	end := broken
	left := s.left
	switch {
	case i >= len(s.line):
		return broken
	case s.line[i] == '{' && len(n.children) > 0:
		end = s.object(i, n, depth+1)
	case s.line[i] == '[' && len(n.children) > 0:
		end = s.array(i, n, depth+1)
	default:
		end = skipValue(s.line, i, depth)
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
