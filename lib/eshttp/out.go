package eshttp

import (
	"math"
	"strconv"
	"strings"

	"github.com/wmtools/wm/lib/jsonscan"
	"github.com/wmtools/wm/lib/store"
)

// out is a JSON text under construction. Each method puts a comma before its value
// where one is needed.
type out []byte

func (o *out) comma() {
	if n := len(*o); n > 0 && strings.IndexByte("{[:", (*o)[n-1]) < 0 {
		*o = append(*o, ',')
	}
}

// open begins an object with '{' or an array with '['.
func (o *out) open(c byte) *out {
	o.comma()
	*o = append(*o, c)
	return o
}

// close ends an object with '}' or an array with ']'.
func (o *out) close(c byte) *out {
	*o = append(*o, c)
	return o
}

// key begins a member of an object; its value must follow.
func (o *out) key(name string) *out {
	o.text(name)
	*o = append(*o, ':')
	return o
}

func (o *out) text(s string) *out {
	o.comma()
	*o = jsonscan.AppendString(*o, strings.ToValidUTF8(s, "\uFFFD"))
	return o
}

func (o *out) int(n int64) *out {
	o.comma()
	*o = strconv.AppendInt(*o, n, 10)
	return o
}

func (o *out) bool(v bool) *out {
	o.comma()
	*o = strconv.AppendBool(*o, v)
	return o
}

func (o *out) double(f float64) *out {
	o.comma()
	*o = appendFloat(*o, f, 64)
	return o
}

// raw adds JSON: a value, or members or elements with the commas between them.
func (o *out) raw(json string) *out {
	o.comma()
	*o = append(*o, json...)
	return o
}

func (o *out) scalar(v store.Scalar) *out {
	if v.Kind == store.StringScalar {
		return o.text(v.Text)
	}
	return o.raw(v.Text)
}

// score adds a score, or null for nil.
func (o *out) score(f *float64) *out {
	o.comma()
	if f == nil {
		*o = append(*o, "null"...)
	} else {
		*o = appendFloat(*o, *f, 32)
	}
	return o
}

// double formats a number as Java does: 12.0, and 1.2E7 from ten million on.
func double(f float64) string { return string(appendFloat(nil, f, 64)) }

func appendFloat(b []byte, f float64, bits int) []byte {
	if abs := math.Abs(f); abs != 0 && (abs < 1e-3 || abs >= 1e7) {
		s := strconv.FormatFloat(f, 'E', -1, bits)
		mantissa, exponent, _ := strings.Cut(s, "E")
		if !strings.Contains(mantissa, ".") {
			mantissa += ".0"
		}
		n, _ := strconv.Atoi(exponent)
		return append(b, mantissa+"E"+strconv.Itoa(n)...)
	}
	s := strconv.FormatFloat(f, 'f', -1, bits)
	if !strings.Contains(s, ".") {
		s += ".0"
	}
	return append(b, s...)
}
