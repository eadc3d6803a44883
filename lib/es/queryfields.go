package es

import (
	"encoding/json"
	"maps"
	"math"
	"slices"
	"strconv"
	"sync"
)

// mappedField is a field or an object as the template maps it.
type mappedField struct {
	Type        string                  `json:"type"`
	Format      string                  `json:"format"`
	IgnoreAbove int                     `json:"ignore_above"` // keyword: longer values are not indexed; 0: no limit
	Index       *bool                   `json:"index"`
	Enabled     *bool                   `json:"enabled"`
	Properties  map[string]*mappedField `json:"properties"`
}

// templateFields is what the template says about all fields.
var templateFields = sync.OnceValue(func() *mappedField {
	var t struct {
		Template struct {
			Mappings mappedField `json:"mappings"`
		} `json:"template"`
	}
	if err := json.Unmarshal(templateJSON, &t); err != nil {
		panic(err) // it is part of the program
	}
	return &t.Template.Mappings
})

// lookUp returns how a field is mapped, nil if it is not.
func lookUp(path []string) *mappedField {
	m := templateFields()
	for _, key := range path {
		if m = m.Properties[key]; m == nil {
			return nil
		}
	}
	return m
}

func (m *mappedField) isObject() bool { return len(m.Properties) > 0 }

// example returns a field of an object.
func (m *mappedField) example() string { return slices.Min(slices.Collect(maps.Keys(m.Properties))) }

// indexed reports whether the field can be searched.
func (m *mappedField) indexed() bool {
	return !isFalse(m.Index) && !isFalse(m.Enabled) && !m.isObject()
}

func isFalse(b *bool) bool { return b != nil && !*b }

// integers are those from min to max; none if max is less.
type integers struct{ min, max int64 }

var noIntegers = integers{0, -1}

// maxSecond is about the last time that Elasticsearch can keep.
const maxSecond = 9_200_000_000_000_000

// values returns what a field can hold that has integers in the events.
func (m *mappedField) values() (all integers, ok bool) {
	switch m.Type {
	case "long":
		return integers{math.MinInt64, math.MaxInt64}, true
	case "integer":
		return integers{math.MinInt32, math.MaxInt32}, true
	case "short":
		return integers{math.MinInt16, math.MaxInt16}, true
	case "date":
		return integers{-maxSecond, maxSecond}, m.Format == "epoch_second"
	}
	return noIntegers, false
}

// literal writes an integer as a query has to have it. To Elasticsearch a number
// is milliseconds, whatever the format of the date.
func (m *mappedField) literal(n int64) any {
	if m.Type == "date" {
		return strconv.FormatInt(n, 10)
	}
	return n
}

// split cuts integers at the least for which f holds; f holds for all above it.
func (d integers) split(f func(int64) bool) (below, above integers) {
	switch {
	case d.max < d.min || f(d.min):
		return noIntegers, d
	case !f(d.max):
		return d, noIntegers
	}
	low, high := d.min, d.max // f holds for high and not for low
	for uint64(high)-uint64(low) > 1 {
		middle := low + int64((uint64(high)-uint64(low))/2)
		if f(middle) {
			high = middle
		} else {
			low = middle
		}
	}
	return integers{d.min, low}, integers{high, d.max}
}
