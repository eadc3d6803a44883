package lines

import (
	"regexp/syntax"
	"unicode"
	"unicode/utf8"
)

// nfa is the program of a pattern over bytes. Runes become sequences of byte
// ranges, as in UTF-8.
type nfa struct {
	insts []inst
	start int32
	// words: it contains \b or \B. runes: it depends on where runes begin, so it
	// works for UTF-8 only. anchored: it matches at the start only.
	words, runes, anchored bool
}

type inst struct {
	op       op
	lo, hi   byte // opByte: the range
	empty    syntax.EmptyOp
	out, arg int32 // next instructions; -1: none
}

type op uint8

const (
	opFail  op = iota
	opByte     // one byte in a range
	opAlt      // both out and arg
	opEmpty    // out, if its conditions hold
	opMatch
)

// maxProgram is the maximum number of instructions. A dictionary of words has
// about as many, and so do a few hundred classes like \pL.
const maxProgram = 500_000

// compileNFA returns the program, or nil if it would be too large.
func compileNFA(re *syntax.Regexp) *nfa {
	prog, err := syntax.Compile(re)
	if err != nil {
		return nil
	}
	n := &nfa{insts: make([]inst, len(prog.Inst)), start: int32(prog.Start)}
	n.anchored = prog.StartCond()&syntax.EmptyBeginText != 0
	for i := range prog.Inst {
		in := n.translate(&prog.Inst[i]) // which adds to insts
		n.insts[i] = in
		if len(n.insts) > maxProgram {
			return nil
		}
	}
	return n
}

func (n *nfa) add(i inst) int32 {
	n.insts = append(n.insts, i)
	return int32(len(n.insts) - 1)
}

func (n *nfa) translate(in *syntax.Inst) inst {
	out := int32(in.Out)
	switch in.Op {
	case syntax.InstAlt, syntax.InstAltMatch:
		return inst{op: opAlt, out: out, arg: int32(in.Arg)}
	case syntax.InstCapture, syntax.InstNop:
		return inst{op: opAlt, out: out, arg: -1}
	case syntax.InstEmptyWidth:
		empty := syntax.EmptyOp(in.Arg)
		n.words = n.words || empty&(syntax.EmptyWordBoundary|syntax.EmptyNoWordBoundary) != 0
		n.runes = n.runes || empty&syntax.EmptyNoWordBoundary != 0 // \B holds between the bytes of a rune
		return inst{op: opEmpty, empty: empty, out: out}
	case syntax.InstMatch:
		return inst{op: opMatch}
	case syntax.InstRune, syntax.InstRune1, syntax.InstRuneAny, syntax.InstRuneAnyNotNL:
		return n.class(ranges(in), out)
	}
	return inst{op: opFail}
}

// ranges returns the runes that an instruction matches, as pairs of bounds.
func ranges(in *syntax.Inst) []rune {
	switch {
	case in.Op == syntax.InstRuneAny || in.Op == syntax.InstRuneAnyNotNL:
		return []rune{0, unicode.MaxRune}
	case len(in.Rune) > 1:
		return in.Rune
	}
	r := in.Rune[0]
	pairs := []rune{r, r}
	if syntax.Flags(in.Arg)&syntax.FoldCase != 0 {
		for f := unicode.SimpleFold(r); f != r; f = unicode.SimpleFold(f) {
			pairs = append(pairs, f, f)
		}
	}
	return pairs
}

// class adds the instructions for ranges of runes, except for the first to
// execute, which it returns.
func (n *nfa) class(pairs []rune, out int32) inst {
	first := inst{op: opFail}
	for i := 0; i < len(pairs); i += 2 {
		lo, hi := pairs[i], pairs[i+1]
		// An invalid byte counts as this rune.
		n.runes = n.runes || lo <= utf8.RuneError && utf8.RuneError <= hi
		for _, seq := range sequences(nil, lo, min(hi, unicode.MaxRune)) {
			at := inst{op: opByte, lo: seq[len(seq)-1][0], hi: seq[len(seq)-1][1], out: out}
			for k := len(seq) - 2; k >= 0; k-- {
				at = inst{op: opByte, lo: seq[k][0], hi: seq[k][1], out: n.add(at)}
			}
			if first.op != opFail {
				at = inst{op: opAlt, out: n.add(at), arg: n.add(first)}
			}
			first = at
		}
	}
	return first
}

// sequence is the byte ranges of runes of the same length in UTF-8, one range per
// byte.
type sequence [][2]byte

// sequences appends the sequences for a range of runes. It splits the range where
// the number of bytes changes, and where the ranges of bytes are not independent.
func sequences(dst []sequence, lo, hi rune) []sequence {
	const surrogateMin, surrogateMax = 0xd800, 0xdfff
	if lo <= surrogateMax && hi >= surrogateMin { // not in UTF-8
		return sequences(sequences(dst, lo, min(hi, surrogateMin-1)), max(lo, surrogateMax+1), hi)
	}
	if lo > hi {
		return dst
	}
	for _, last := range [...]rune{0x7f, 0x7ff, 0xffff} {
		if lo <= last && last < hi {
			return sequences(sequences(dst, lo, last), last+1, hi)
		}
	}
	if hi < utf8.RuneSelf {
		return append(dst, sequence{{byte(lo), byte(hi)}})
	}
	for bits := 6; bits <= 18; bits += 6 {
		mask := rune(1)<<bits - 1
		if lo&^mask == hi&^mask {
			break
		}
		if lo&mask != 0 {
			return sequences(sequences(dst, lo, lo|mask), (lo|mask)+1, hi)
		}
		if hi&mask != mask {
			return sequences(sequences(dst, lo, (hi&^mask)-1), hi&^mask, hi)
		}
	}
	first, last := utf8.AppendRune(nil, lo), utf8.AppendRune(nil, hi)
	seq := make(sequence, len(first))
	for i := range seq {
		seq[i] = [2]byte{first[i], last[i]}
	}
	return append(dst, seq)
}
