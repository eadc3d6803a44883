package event

import (
	"math"
	"strconv"
	"unsafe"

	"github.com/wmtools/wm/lib/jsonscan"
)

// value is the JSON of a value, without blanks around it; "" means no value.
type value string

func (v value) isString() bool { return v != "" && v[0] == '"' }

func (v value) isObject() bool { return v != "" && v[0] == '{' }

func (v value) isNumber() bool { return v != "" && (v[0] == '-' || '0' <= v[0] && v[0] <= '9') }

// text returns the text of a string, "" for null, and the JSON of anything else.
func (v value) text() string {
	switch {
	case v.isString():
		text, _ := jsonscan.Unquote(unsafe.Slice(unsafe.StringData(string(v)), len(v)))
		return text
	case v == "null":
		return ""
	}
	return string(v)
}

// int returns a number without its fraction; beyond int64, the nearest int64. A
// value that is not a number is 0.
func (v value) int() int64 {
	if !v.isNumber() {
		return 0
	}
	if n, err := strconv.ParseInt(string(v), 10, 64); err == nil {
		return n
	}
	switch f := v.float(); {
	case f >= 1<<63:
		return math.MaxInt64
	case f < -1<<63:
		return math.MinInt64
	default:
		return int64(f)
	}
}

// float returns a number. A value that is not a number is 0.
func (v value) float() float64 {
	f, _ := strconv.ParseFloat(string(v), 64)
	return f
}
