package query

import (
	"encoding/json"
	"maps"
	"math"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/wmtools/wm/lib/es"
)

// mappedField is a field or an object in the template.
type mappedField struct {
	Type        string                  `json:"type"`
	Format      string                  `json:"format"`
	IgnoreAbove int                     `json:"ignore_above"` // keyword: length of the longest indexed value; 0: no limit
	Index       *bool                   `json:"index"`
	Enabled     *bool                   `json:"enabled"`
	Properties  map[string]*mappedField `json:"properties"`
}

// templateFields is the mapping of the index template.
var templateFields = sync.OnceValue(func() *mappedField {
	var t struct {
		Template struct {
			Mappings mappedField `json:"mappings"`
		} `json:"template"`
	}
	_, body := es.TemplateBody(es.IndexPattern{}, es.TemplateOptions{})
	if err := json.Unmarshal(body, &t); err != nil {
		panic(err) // the template is part of the program
	}
	return &t.Template.Mappings
})

// lookUp returns the mapping of a field, or nil.
func lookUp(path []string) *mappedField {
	m := templateFields()
	for _, key := range path {
		if m = m.Properties[key]; m == nil {
			return nil
		}
	}
	return m
}

// Fields returns the names of the fields that can be searched, sorted.
func Fields() []string {
	names := templateFields().names("", nil)
	slices.Sort(names)
	return names
}

func (m *mappedField) names(prefix string, list []string) []string {
	for name, f := range m.Properties {
		if f.indexed() {
			list = append(list, prefix+name)
		}
		list = f.names(prefix+name+".", list)
	}
	return list
}

func (m *mappedField) isObject() bool { return len(m.Properties) > 0 }

// example returns the name of a field of an object.
func (m *mappedField) example() string { return slices.Min(slices.Collect(maps.Keys(m.Properties))) }

// indexed reports whether the field can be searched.
func (m *mappedField) indexed() bool {
	return !isFalse(m.Index) && !isFalse(m.Enabled) && !m.isObject()
}

func isFalse(b *bool) bool { return b != nil && !*b }

// integers are the integers from min to max; none if max is less.
type integers struct{ min, max int64 }

var noIntegers = integers{0, -1}

// maxSecond is about the last time that Elasticsearch can store.
const maxSecond = 9_200_000_000_000_000

// values returns the range of a field that holds integers. ok is false for others.
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

// literal returns an integer as a clause must contain it. In a date field,
// Elasticsearch takes numbers as milliseconds, whatever the field's format.
func (m *mappedField) literal(n int64) any {
	if m.Type == "date" {
		return strconv.FormatInt(n, 10)
	}
	return n
}

// split divides integers at the least one for which f holds; f holds for all above
// it.
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

// HasField reports whether the index template has a field or an object of this
// name, such as "bot" or "meta.stream".
func HasField(name string) bool { return lookUp(strings.Split(name, ".")) != nil }
