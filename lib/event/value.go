package event

import (
	"strconv"
	"strings"

	"github.com/tidwall/gjson"
)

// value is the JSON of a value, without blanks around it; "" stands for none.
type value string

func (v value) isString() bool { return v != "" && v[0] == '"' }

func (v value) isObject() bool { return v != "" && v[0] == '{' }

func (v value) isNumber() bool { return v != "" && (v[0] == '-' || '0' <= v[0] && v[0] <= '9') }

// text returns the text of a string, and of anything else what gjson makes of
// it. Most strings have no escape and are taken as they stand.
func (v value) text() string {
	if v.isString() && strings.IndexByte(string(v), '\\') < 0 {
		return string(v[1 : len(v)-1])
	}
	return gjson.Parse(string(v)).String()
}

// int returns a whole number, and of anything else what gjson makes of it.
func (v value) int() int64 {
	if n, err := strconv.ParseInt(string(v), 10, 64); err == nil && v.isNumber() {
		return n
	}
	return gjson.Parse(string(v)).Int()
}
