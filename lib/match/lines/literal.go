package lines

import (
	"bytes"
	"regexp/syntax"
	"strings"
	"unicode/utf8"
)

// Literal is a text to search for. It is found by the rarest of its bytes, which
// a processor searches for many bytes at a time.
type Literal struct {
	text []byte // lower case if fold
	fold bool   // ASCII letters match in either case
	rare int    // index of the rarest byte
}

// NewLiteral returns a Literal for a text that is not empty. With fold, case is
// ignored in ASCII letters only.
func NewLiteral(text string, fold bool) Literal {
	if fold {
		text = strings.ToLower(text)
	}
	l := Literal{text: []byte(text), fold: fold}
	for i := range l.text {
		if l.weight(i) < l.weight(l.rare) {
			l.rare = i
		}
	}
	return l
}

// weight is the frequency of the byte at i, in either case if case is ignored.
func (l *Literal) weight(i int) int {
	c := l.text[i]
	if l.fold && isLower(c) {
		return max(frequency(c), frequency(c-'a'+'A')) + 8 // two searches
	}
	return frequency(c)
}

func isLower(c byte) bool { return 'a' <= c && c <= 'z' }

// String returns the text, in lower case if case is ignored.
func (l *Literal) String() string { return string(l.text) }

// Index returns the index of the literal in text, or -1.
func (l *Literal) Index(text []byte) int {
	c := l.text[l.rare]
	if l.fold && isLower(c) {
		return l.indexFold(text, c)
	}
	for at := l.rare; at < len(text); at++ {
		i := bytes.IndexByte(text[at:], c)
		if i < 0 {
			return -1
		}
		at += i
		if l.isAt(text, at-l.rare) {
			return at - l.rare
		}
	}
	return -1
}

// indexFold searches for c, the rarest byte, in both cases, with a cursor for
// each.
func (l *Literal) indexFold(text []byte, c byte) int {
	low, high := nextByte(text, l.rare, c), nextByte(text, l.rare, c-'a'+'A')
	for {
		at := min(low, high)
		if at == len(text) {
			return -1
		}
		if l.isAt(text, at-l.rare) {
			return at - l.rare
		}
		if at == low {
			low = nextByte(text, at+1, c)
		} else {
			high = nextByte(text, at+1, c-'a'+'A')
		}
	}
}

// nextByte returns the index of the first c at or after from, or len(text).
func nextByte(text []byte, from int, c byte) int {
	if from >= len(text) {
		return len(text)
	}
	if i := bytes.IndexByte(text[from:], c); i >= 0 {
		return from + i
	}
	return len(text)
}

func (l *Literal) isAt(text []byte, at int) bool {
	if at+len(l.text) > len(text) {
		return false
	}
	part := text[at : at+len(l.text)]
	if !l.fold {
		return part[0] == l.text[0] && bytes.Equal(part, l.text)
	}
	for i, c := range part {
		if 'A' <= c && c <= 'Z' {
			c += 'a' - 'A'
		}
		if c != l.text[i] {
			return false
		}
	}
	return true
}

// literalRow returns the literals of a pattern that consists of literals with
// ".*" between them.
func literalRow(re *syntax.Regexp) (row []Literal, ok bool) {
	parts := []*syntax.Regexp{re}
	if re.Op == syntax.OpConcat {
		parts = re.Sub
	}
	for i, part := range parts {
		if i%2 == 1 {
			if !isAnything(part) {
				return nil, false
			}
			continue
		}
		l, ok := wholeLiteral(part)
		if !ok {
			return nil, false
		}
		row = append(row, l)
	}
	return row, len(parts)%2 == 1
}

// wholeLiteral returns the literal that an expression is, if it can be compared
// byte by byte.
func wholeLiteral(re *syntax.Regexp) (l Literal, ok bool) {
	for re.Op == syntax.OpCapture {
		re = re.Sub[0]
	}
	if re.Op != syntax.OpLiteral || len(re.Rune) == 0 {
		return l, false
	}
	fold := re.Flags&syntax.FoldCase != 0
	for _, r := range re.Rune {
		switch {
		case r == utf8.RuneError || r == '\n' || r == '\r':
			return l, false // matches any byte that is not UTF-8; is never in a line
		case fold && (r >= utf8.RuneSelf || strings.ContainsRune("kKsS", r)):
			return l, false // has a third form: the Kelvin sign, the long s
		}
	}
	return NewLiteral(string(re.Rune), fold), true
}

// rareEnough is the highest frequency of a literal's rarest byte at which it pays
// to search for the literal first. Nearly every line has a more frequent one.
const rareEnough = 140

// neededLiteral returns the rarest literal that is in every line that matches,
// or nil if none is rare enough.
func neededLiteral(re *syntax.Regexp) *Literal {
	var best *Literal
	consider := func(part *syntax.Regexp) {
		l, ok := wholeLiteral(part)
		if ok && len(l.text) > 2 && (best == nil || l.weight(l.rare) < best.weight(best.rare)) {
			best = &l
		}
	}
	var walk func(*syntax.Regexp)
	walk = func(re *syntax.Regexp) {
		switch re.Op {
		case syntax.OpLiteral:
			consider(re)
		case syntax.OpCapture, syntax.OpPlus:
			walk(re.Sub[0])
		case syntax.OpRepeat:
			if re.Min > 0 {
				walk(re.Sub[0])
			}
		case syntax.OpConcat:
			for _, part := range re.Sub {
				walk(part)
			}
		}
	}
	walk(re)
	if best != nil && best.weight(best.rare) > rareEnough {
		return nil
	}
	return best
}

// frequency is how frequent a byte is in events, on a logarithmic scale: 16 more
// is twice as frequent.
func frequency(c byte) int {
	if c >= utf8.RuneSelf {
		return 120
	}
	return int(frequencies[c])
}

// frequencies were counted in synthetic events, which have the proportions of
// captured ones: 255 plus 16 times the binary logarithm of the share of all bytes.
var frequencies = [128]uint8{
	'\n': 91,
	' ':  160, 21, 199, 76, 91, 159, 107, 62, 108, 108, 85, 1, 168, 147, 160, 164,
	163, 165, 157, 156, 157, 152, 153, 151, 154, 154, 177, 71, 125, 132, 125, 89,
	0, 119, 134, 115, 134, 114, 106, 65, 79, 68, 1, 69, 78, 75, 64, 83,
	92, 94, 21, 75, 103, 47, 63, 81, 1, 65, 97, 105, 135, 105, 0, 148,
	0, 182, 143, 166, 172, 190, 151, 155, 154, 189, 82, 156, 163, 167, 171, 174,
	162, 112, 177, 171, 182, 152, 136, 164, 97, 124, 96, 121, 87, 119, 21, 0,
}
