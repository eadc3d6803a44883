package lines

import (
	"encoding/binary"
	"regexp/syntax"
	"slices"
)

// dfa is an automaton that is built while it runs. A state's number is the index
// of its row in the table; numbers below special are not states.
type dfa struct {
	*nfa
	class   [256]uint8 // bytes that the pattern does not distinguish have the same class
	classes int
	sample  []byte // a byte of each class
	limit   int    // maximum of size
	size    int    // memory of the states and their rows, in bytes

	table  []uint32 // state + class of the next byte -> next state
	states []state
	known  map[string]uint32 // by key
	start  uint32

	marks  []uint32 // per instruction: the last visit that reached it
	visit  uint32
	next   []int32 // instructions of the state that is being built
	keyBuf []byte
}

// Entries of the table that are not states.
const (
	unknown  = iota // not computed yet
	matched         // the line matches
	notUTF8         // the line is not UTF-8 here
	hopeless        // the rest of the line cannot match
	special
)

// maxSize is the maximum memory of a DFA in bytes. Most patterns need a tenth of
// it; the others would exceed any limit.
const maxSize = 2 << 20

// stateSize is the memory of a state's entries in states and known, without its
// row and its instructions.
const stateSize = 120

// state is what the automaton knows after some bytes of a line.
type state struct {
	insts []int32 // sorted; their empty-width conditions are not evaluated yet
	word  bool    // the last byte belongs to a word
	first bool    // no byte has been read
	rune  runeState
}

func newDFA(n *nfa) *dfa {
	d := &dfa{nfa: n, limit: maxSize, marks: make([]uint32, len(n.insts))}
	d.classify()
	d.reset()
	return d
}

// reset removes all states.
func (d *dfa) reset() {
	d.size = 0
	d.table = append(d.table[:0], make([]uint32, special*d.classes)...)
	clear(d.states) // release what they refer to
	d.states = append(d.states[:0], make([]state, special)...)
	d.known = make(map[string]uint32)
	d.start = d.intern(state{insts: []int32{d.nfa.start}, first: true})
}

// full reports whether the limit is reached.
func (d *dfa) full() bool { return d.size >= d.limit }

// classify groups the bytes that the pattern does not distinguish into classes.
func (d *dfa) classify() {
	var begins [257]bool
	cut := func(lo, hi int) { begins[lo], begins[hi+1] = true, true }
	cut('\n', '\n')
	for _, in := range d.insts {
		if in.op == opByte {
			cut(int(in.lo), int(in.hi))
		}
	}
	for _, r := range wordBytes {
		if d.words {
			cut(int(r[0]), int(r[1]))
		}
	}
	for _, r := range runeBytes {
		if d.runes {
			cut(int(r[0]), int(r[1]))
		}
	}
	for c := range 256 {
		if c == 0 || begins[c] {
			d.sample = append(d.sample, byte(c))
		}
		d.class[c] = uint8(len(d.sample) - 1)
	}
	d.classes = len(d.sample)
}

// wordBytes are the word characters of \b.
var wordBytes = [][2]byte{{'0', '9'}, {'A', 'Z'}, {'_', '_'}, {'a', 'z'}}

func isWord(c byte) bool {
	return slices.ContainsFunc(wordBytes, func(r [2]byte) bool { return r[0] <= c && c <= r[1] })
}

// intern returns the number of a state, adding it if it is new.
func (d *dfa) intern(s state) uint32 {
	key := d.keyBuf[:0]
	for _, i := range s.insts {
		key = binary.LittleEndian.AppendUint32(key, uint32(i))
	}
	flags := byte(s.rune) << 2
	if s.word {
		flags |= 1
	}
	if s.first {
		flags |= 2
	}
	key = append(key, flags)
	d.keyBuf = key
	if number, ok := d.known[string(key)]; ok {
		return number
	}
	number := uint32(len(d.table))
	s.insts = slices.Clone(s.insts)
	d.states = append(d.states, s)
	d.table = append(d.table, make([]uint32, d.classes)...)
	d.known[string(key)] = number
	d.size += stateSize + 4*d.classes + 4*len(s.insts) + len(key)
	return number
}

// step computes the state after a byte, or after the line for '\n', and stores it
// in the table. The DFA must not be full.
func (d *dfa) step(from uint32, c byte) uint32 {
	to := d.follow(d.states[from/uint32(d.classes)], c)
	d.table[from+uint32(d.class[c])] = to
	return to
}

func (d *dfa) follow(s state, c byte) uint32 {
	end, next := c == '\n', runeStart
	if d.runes {
		var ok bool
		if next, ok = s.rune.next(c); !ok {
			return notUTF8
		}
	}
	d.visit++
	d.next = d.next[:0]
	holds := conditions(s, c)
	for _, i := range s.insts {
		if d.reach(i, c, holds) {
			return matched
		}
	}
	if end {
		return d.start
	}
	if next == runeStart {
		// A match begins where a rune does.
		if !d.anchored {
			d.next = append(d.next, d.nfa.start)
		}
		if len(d.next) == 0 {
			return hopeless
		}
	}
	slices.Sort(d.next)
	return d.intern(state{insts: slices.Compact(d.next), word: d.words && isWord(c), rune: next})
}

// conditions returns the empty-width conditions that hold between a state and the
// next byte.
func conditions(s state, c byte) (holds syntax.EmptyOp) {
	end := c == '\n'
	if s.first {
		holds |= syntax.EmptyBeginLine | syntax.EmptyBeginText
	}
	if end {
		holds |= syntax.EmptyEndLine | syntax.EmptyEndText
	}
	if s.word != isWord(c) {
		return holds | syntax.EmptyWordBoundary
	}
	return holds | syntax.EmptyNoWordBoundary
}

// reach follows an instruction without consuming a byte. It reports whether that
// leads to a match; if not, it adds to next the instructions after c.
func (d *dfa) reach(i int32, c byte, holds syntax.EmptyOp) bool {
	if i < 0 || d.marks[i] == d.visit {
		return false
	}
	d.marks[i] = d.visit
	switch in := &d.insts[i]; in.op {
	case opAlt:
		return d.reach(in.out, c, holds) || d.reach(in.arg, c, holds)
	case opEmpty:
		return in.empty&^holds == 0 && d.reach(in.out, c, holds)
	case opByte:
		if in.lo <= c && c <= in.hi {
			d.next = append(d.next, in.out)
		}
	case opMatch:
		return true
	}
	return false
}
