package match

import (
	"cmp"
	"math"
	"strconv"
)

// number is a number of JSON or of a query. Those that are written as integers
// and fit 64 bits compare exactly; all others as floating point.
type number struct {
	exact bool // integer holds it
	integer
	float float64
}

// integer is a whole number from -(2^64-1) to 2^64-1.
type integer struct {
	negative bool // never of zero
	size     uint64
}

func intNumber(n int64) number {
	i := integer{n < 0, uint64(n)}
	if n < 0 {
		i.size = -i.size
	}
	return number{true, i, float64(n)}
}

// parseNumber reads decimal digits with an optional sign, fraction and
// exponent. What users write, such as +1, 007 or .5, is a number here too.
func parseNumber(text string) (number, bool) {
	digits := text
	if text != "" && (text[0] == '-' || text[0] == '+') {
		digits = text[1:]
	}
	if size, ok := parseDigits(digits); ok {
		n := number{exact: true, integer: integer{text[0] == '-' && size > 0, size}, float: float64(size)}
		if n.negative {
			n.float = -n.float
		}
		return n, true
	}
	for i := range len(text) {
		switch c := text[i]; {
		case '0' <= c && c <= '9', c == '.', c == 'e', c == 'E', c == '+', c == '-':
		default: // ParseFloat also reads hexadecimal digits, Inf and NaN
			return number{}, false
		}
	}
	f, err := strconv.ParseFloat(text, 64)
	if err != nil && !math.IsInf(f, 0) {
		return number{}, false
	}
	return number{float: f}, true
}

// parseDigits reads a whole number that fits 64 bits.
func parseDigits(digits string) (n uint64, ok bool) {
	for i := range len(digits) {
		d := uint64(digits[i] - '0')
		if d > 9 || n > (math.MaxUint64-d)/10 {
			return 0, false
		}
		n = n*10 + d
	}
	return n, digits != ""
}

func (a number) compare(b number) int {
	if !a.exact || !b.exact {
		return cmp.Compare(a.float, b.float)
	}
	switch {
	case a.negative != b.negative:
		return cmp.Compare(a.sign(), b.sign())
	case a.negative:
		return cmp.Compare(b.size, a.size)
	}
	return cmp.Compare(a.size, b.size)
}

func (i integer) sign() int {
	if i.negative {
		return -1
	}
	return 1
}

// CompareInt compares an integer with a Number as predicates do: negative if n
// is less. So those who ask an index compare alike.
func (v Value) CompareInt(n int64) int {
	x, _ := parseNumber(v.Text) // a Number is one
	return intNumber(n).compare(x)
}

// numberSet finds a number among many by its value.
type numberSet struct {
	exact   map[integer]struct{}
	inexact map[float64]struct{} // those that are not exact
	floats  map[float64]struct{} // all
}

func (s *numberSet) add(n number) {
	if s.floats == nil {
		*s = numberSet{map[integer]struct{}{}, map[float64]struct{}{}, map[float64]struct{}{}}
	}
	s.floats[n.float] = struct{}{}
	if n.exact {
		s.exact[n.integer] = struct{}{}
	} else {
		s.inexact[n.float] = struct{}{}
	}
}

func (s *numberSet) has(n number) bool {
	if !n.exact {
		_, ok := s.floats[n.float]
		return ok
	}
	if _, ok := s.exact[n.integer]; ok {
		return true
	}
	_, ok := s.inexact[n.float]
	return ok
}
