package jsonscan

import (
	"cmp"
	"math"
	"strconv"
)

// Decimal is the value of a JSON number, for comparison. Two numbers that are
// both written as integers and fit 64 bits compare exactly; all others compare
// as float64. The zero value is not a number; use [ParseDecimal] or [Int].
type Decimal struct {
	exact bool // integer holds the value
	integer
	float float64
}

// integer is an integer from -(2^64-1) to 2^64-1.
type integer struct {
	negative bool // never for zero
	size     uint64
}

// Int returns n as a Decimal.
func Int(n int64) Decimal {
	i := integer{n < 0, uint64(n)}
	if n < 0 {
		i.size = -i.size
	}
	return Decimal{true, i, float64(n)}
}

// ParseDecimal reads decimal digits with an optional sign, fraction and
// exponent. It also accepts what users write and JSON does not: +1, 007, .5.
func ParseDecimal(text string) (Decimal, bool) {
	digits := text
	if text != "" && (text[0] == '-' || text[0] == '+') {
		digits = text[1:]
	}
	if size, ok := parseDigits(digits); ok {
		n := Decimal{exact: true, integer: integer{text[0] == '-' && size > 0, size}, float: float64(size)}
		if n.negative {
			n.float = -n.float
		}
		return n, true
	}
	for i := range len(text) {
		switch c := text[i]; {
		case '0' <= c && c <= '9', c == '.', c == 'e', c == 'E', c == '+', c == '-':
		default: // ParseFloat also reads hexadecimal digits, Inf and NaN
			return Decimal{}, false
		}
	}
	f, err := strconv.ParseFloat(text, 64)
	if err != nil && !math.IsInf(f, 0) {
		return Decimal{}, false
	}
	return Decimal{float: f}, true
}

// parseDigits reads an unsigned integer that fits 64 bits.
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

// Compare returns a negative number if d < other, zero if they are equal and a
// positive number if d > other.
func (d Decimal) Compare(other Decimal) int {
	if !d.exact || !other.exact {
		return cmp.Compare(d.float, other.float)
	}
	switch {
	case d.negative != other.negative:
		return cmp.Compare(d.sign(), other.sign())
	case d.negative:
		return cmp.Compare(other.size, d.size)
	}
	return cmp.Compare(d.size, other.size)
}

func (i integer) sign() int {
	if i.negative {
		return -1
	}
	return 1
}

// DecimalSet is a set of numbers, compared as Decimal.Compare does. The zero
// value is an empty set.
type DecimalSet struct {
	exact   map[integer]struct{}
	inexact map[float64]struct{} // the members that are not exact
	floats  map[float64]struct{} // all members
}

// Add adds a number to the set.
func (s *DecimalSet) Add(n Decimal) {
	if s.floats == nil {
		*s = DecimalSet{map[integer]struct{}{}, map[float64]struct{}{}, map[float64]struct{}{}}
	}
	s.floats[n.float] = struct{}{}
	if n.exact {
		s.exact[n.integer] = struct{}{}
	} else {
		s.inexact[n.float] = struct{}{}
	}
}

// Has reports whether the set has a number equal to n.
func (s *DecimalSet) Has(n Decimal) bool {
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

// String returns the number without an exponent, exactly if it is exact.
func (d Decimal) String() string {
	if !d.exact {
		return strconv.FormatFloat(d.float, 'f', -1, 64)
	}
	text := strconv.FormatUint(d.size, 10)
	if d.negative {
		return "-" + text
	}
	return text
}

// Float returns f as a Decimal.
func Float(f float64) Decimal { return Decimal{float: f} }
