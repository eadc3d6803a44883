package store

import (
	"fmt"
	"math"
	"math/big"
	"net/netip"
	"strconv"
	"strings"
	"unicode/utf8"
)

// Type is the type of a field, by Elasticsearch's name.
type Type string

// The types of fields that a mapping may name, besides object.
const (
	Keyword Type = "keyword"
	Text    Type = "text"
	Date    Type = "date"
	Long    Type = "long"
	Integer Type = "integer"
	Short   Type = "short"
	Double  Type = "double"
	Float   Type = "float"
	Boolean Type = "boolean"
	IP      Type = "ip"
)

var fieldTypes = []Type{Keyword, Text, Date, Long, Integer, Short, Double, Float, Boolean, IP}

// Field is one field of a mapping.
type Field struct {
	Name string // the full path, such as "meta.id"
	Type Type

	ignoreAbove int // of a keyword: longer values are only in the source
	format      Format
	nullValue   *Scalar // the value of null; nil: none
	indexed     bool
	docValues   bool
	subs        []*Field // multi-fields: other readings of the same value
}

// Scalar is a JSON string, number or truth value, independent of a field.
type Scalar struct {
	Kind ScalarKind
	Text string // the decoded string; a number as written
}

// ScalarKind is the JSON type of a scalar.
type ScalarKind int

// The kinds of scalars.
const (
	NullScalar ScalarKind = iota
	StringScalar
	NumberScalar
	BoolScalar
)

// value is a Scalar converted to the type of a field: text, keyword and ip (16
// bytes) in s; the others in i: a date in milliseconds, a truth value as 0 or 1, a
// double as bits that sort in the same order.
type value struct {
	i int64
	s string
}

// maxTerm is the longest keyword that Lucene, and so Elasticsearch, indexes, in bytes.
const maxTerm = 32766

// hasDict reports whether a column of the field has a dictionary.
func (f *Field) hasDict() bool { return f.Type == Keyword || f.Type == IP }

// noObject returns the error text for an object, at an offset in the document, where
// the field needs a value.
func (f *Field) noObject(at int) string {
	if f.isInteger() || f.isDouble() {
		return "Cannot parse object as number"
	}
	return fmt.Sprintf("Expected text at 1:%d but found START_OBJECT", at+1)
}

func (f *Field) isDouble() bool { return f.Type == Double || f.Type == Float }

func (f *Field) isInteger() bool { return f.Type == Long || f.Type == Integer || f.Type == Short }

// limits returns the range of an integer type.
func (t Type) limits() (low, high int64) {
	switch t {
	case Integer:
		return math.MinInt32, math.MaxInt32
	case Short:
		return math.MinInt16, math.MaxInt16
	}
	return math.MinInt64, math.MaxInt64
}

// convert converts a scalar of a document. ok is false if the field does not keep
// it: null, or a keyword longer than ignore_above.
func (f *Field) convert(s Scalar) (v value, ok bool, err error) {
	if s.Kind == NullScalar {
		if f.nullValue == nil {
			return value{}, false, nil
		}
		s = *f.nullValue
	}
	switch f.Type {
	case Text:
		return value{s: s.Text}, true, nil
	case Keyword:
		return f.keyword(s.Text)
	case Boolean:
		v.i, err = boolean(s.Text, s.Kind == StringScalar)
	case Date:
		v.i, err = f.format.parse(s.Text)
	case IP:
		v.s, err = parseIP(s.Text)
	case Double, Float:
		var x float64
		x, err = f.double(s)
		v.i = sortable(x)
	default:
		v.i, err = f.integer(s)
	}
	return v, err == nil, err
}

// double converts a floating-point number.
func (f *Field) double(s Scalar) (float64, error) {
	if s.Kind == BoolScalar {
		return 0, fmt.Errorf("a truth value is not a number")
	}
	x, err := strconv.ParseFloat(s.Text, 64)
	if f.Type == Float {
		x = float64(float32(x))
	}
	if err != nil && !math.IsInf(x, 0) {
		return 0, fmt.Errorf("For input string: %q", s.Text)
	}
	if math.IsInf(x, 0) || math.IsNaN(x) {
		return 0, fmt.Errorf("[%s] supports only finite values, but got [%s]", f.Type, s.Text)
	}
	return x, nil
}

// sortable returns integers that sort in the same order as the numbers.
func sortable(x float64) int64 {
	i := int64(math.Float64bits(x))
	return i ^ i>>63&math.MaxInt64
}

// unsortable is the inverse of sortable.
func unsortable(i int64) float64 { return math.Float64frombits(uint64(i ^ i>>63&math.MaxInt64)) }

// addressBytes is the length of an IP address in the form of version 6.
const addressBytes = 16

// parseIP reads an IP address as 16 bytes.
func parseIP(s string) (string, error) {
	a, err := netip.ParseAddr(s)
	if err != nil || a.Zone() != "" {
		return "", fmt.Errorf("'%s' is not an IP string literal.", s)
	}
	b := a.As16()
	return string(b[:]), nil
}

// formatIP is the inverse of parseIP.
func formatIP(b string) string {
	a, _ := netip.AddrFromSlice([]byte(b))
	return a.Unmap().String()
}

// parseCIDR reads a block of addresses such as 192.168.0.0/16 and returns the
// first and the last of them.
func parseCIDR(s string) (first, last string, err error) {
	p, err := netip.ParsePrefix(s)
	if err != nil {
		return "", "", fmt.Errorf("'%s' is not an IP string literal.", s)
	}
	low := p.Masked().Addr().As16()
	high := low
	bits := p.Bits()
	if p.Addr().Is4() {
		bits += 96
	}
	for i := bits; i < 8*addressBytes; i++ {
		high[i/8] |= 0x80 >> (i % 8)
	}
	return string(low[:]), string(high[:]), nil
}

func (f *Field) keyword(s string) (value, bool, error) {
	if f.ignoreAbove > 0 && len(s) > f.ignoreAbove && utf16Len(s) > f.ignoreAbove {
		return value{}, false, nil
	}
	if len(s) > maxTerm && f.indexed {
		return value{}, false, fmt.Errorf("a term of %d bytes; the longest that can be indexed has %d", len(s), maxTerm)
	}
	return value{s: s}, true, nil
}

// utf16Len returns the length that ignore_above counts, in UTF-16 units.
func utf16Len(s string) int {
	n := 0
	for _, r := range s {
		n++
		if r >= 0x10000 && r != utf8.RuneError {
			n++
		}
	}
	return n
}

func boolean(s string, quoted bool) (int64, error) {
	switch {
	case s == "true":
		return 1, nil
	case s == "false", s == "" && quoted:
		return 0, nil
	}
	return 0, fmt.Errorf("Failed to parse value [%s] as only [true] or [false] are allowed.", s)
}

// integer reads a number, truncating it as Elasticsearch's coercion does; whole numbers of 64 bits are exact.
func (f *Field) integer(s Scalar) (int64, error) {
	if s.Kind == BoolScalar {
		return 0, fmt.Errorf("a truth value is not a number")
	}
	low, high := f.Type.limits()
	n, err := strconv.ParseInt(s.Text, 10, 64)
	if err != nil {
		x, ok := exactNumber(s.Text)
		if !ok {
			return 0, fmt.Errorf("For input string: %q", s.Text)
		}
		whole := new(big.Int).Quo(x.Num(), x.Denom())
		if !whole.IsInt64() {
			return 0, fmt.Errorf("Value [%s] is out of range for a %s", s.Text, f.Type)
		}
		n = whole.Int64()
	}
	if n < low || n > high {
		return 0, fmt.Errorf("Value [%s] is out of range for a %s", s.Text, f.Type)
	}
	return n, nil
}

// exactNumber parses a decimal number without rounding. It rejects exponents that
// would make it enormous: no 64-bit number needs them.
func exactNumber(s string) (*big.Rat, bool) {
	if strings.Trim(s, "0123456789+-.eE") != "" || len(s) > 400 {
		return nil, false
	}
	if f, err := strconv.ParseFloat(s, 64); err != nil || math.Abs(f) > 1e30 || f != 0 && math.Abs(f) < 1e-30 {
		return nil, false
	}
	return new(big.Rat).SetString(s)
}
