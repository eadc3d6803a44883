package store

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"strconv"
	"strings"
	"time"
)

// drawn is a random document. The property tests compare the store with a naive
// evaluation of random queries over the decoded JSON of such documents.
type drawn struct {
	id     string
	fields map[string]any
	source string
}

// some returns the value of a field in one document: mostly one, sometimes none,
// null or several.
func some(r *rand.Rand, one func() any) (any, bool) {
	switch r.IntN(8) {
	case 0:
		return nil, false
	case 1:
		return nil, true
	case 2:
		return []any{one(), nil, one()}, true
	}
	return one(), true
}

func drawDoc(r *rand.Rand, id string) drawn {
	d := drawn{id: id, fields: map[string]any{}}
	set := func(name string, one func() any) {
		if v, ok := some(r, one); ok {
			d.fields[name] = v
		}
	}
	set("wiki", func() any { return string(rune('a' + r.IntN(4))) })
	set("ns", func() any { return json.Number(strconv.FormatInt(9007199254740990+r.Int64N(8), 10)) })
	set("i", func() any { return json.Number(strconv.Itoa(r.IntN(100) - 50)) })
	set("bot", func() any { return r.IntN(2) == 0 })
	set("@timestamp", func() any {
		return time.UnixMilli(1790000000000 + r.Int64N(600_000)).UTC().Format("2006-01-02T15:04:05.000Z")
	})
	set("x", func() any { return json.Number(strconv.FormatFloat(float64(r.IntN(80)-40)/8, 'f', 3, 64)) })
	set("addr", func() any { return fmt.Sprintf("10.0.%d.%d", r.IntN(3), r.IntN(4)) })
	set("title", func() any { return []string{"red", "Blue sky", "red-Blue", "green", ""}[r.IntN(5)] })
	source, _ := json.Marshal(d.fields)
	d.source = string(source)
	return d
}

// values returns a field's values as strings or integers.
func (d drawn) values(field string) (list []any) {
	name, _, _ := strings.Cut(field, ".")
	v := d.fields[name]
	vs, isArray := v.([]any)
	if !isArray {
		vs = []any{v}
	}
	for _, v := range vs {
		switch v := v.(type) {
		case bool:
			n := int64(0)
			if v {
				n = 1
			}
			list = append(list, n)
		case json.Number:
			if x, err := v.Float64(); err == nil && name == "x" {
				list = append(list, x)
				continue
			}
			n, _ := v.Int64()
			list = append(list, n)
		case string:
			if t, err := time.Parse(time.RFC3339, v); err == nil {
				list = append(list, t.UnixMilli())
			} else {
				list = append(list, v)
			}
		}
	}
	return list
}

func drawScalar(r *rand.Rand, field string) Scalar {
	switch field {
	case "ns":
		return Scalar{NumberScalar, strconv.FormatInt(9007199254740990+r.Int64N(8), 10)}
	case "bot":
		return Scalar{BoolScalar, strconv.FormatBool(r.IntN(2) == 0)}
	case "x":
		return Scalar{NumberScalar, strconv.FormatFloat(float64(r.IntN(80)-40)/8, 'f', 3, 64)}
	case "addr":
		return Scalar{StringScalar, fmt.Sprintf("10.0.%d.%d", r.IntN(3), r.IntN(4))}
	case "title":
		return Scalar{StringScalar, []string{"red", "Blue sky", "", "blue"}[r.IntN(4)]}
	case "@timestamp":
		return Scalar{NumberScalar, strconv.FormatInt(1790000000000+r.Int64N(600_000), 10)}
	case "title.text":
		return Scalar{StringScalar, []string{"red", "blue", "sky", "none"}[r.IntN(4)]}
	}
	return Scalar{StringScalar, string(rune('a' + r.IntN(5)))}
}

var drawnFields = []string{"wiki", "ns", "bot", "@timestamp", "title", "title.text", "x", "addr", "unknown"}

// drawStringQuery draws a query on the strings of a dictionary.
func drawStringQuery(r *rand.Rand) Query {
	field := []string{"wiki", "title", "title.text", "unknown"}[r.IntN(4)]
	fold := r.IntN(2) == 0
	if r.IntN(2) == 0 {
		return Prefix{field, []string{"", "b", "B", "re", "Blue ", "gr*"}[r.IntN(6)], fold}
	}
	return Wildcard{field, []string{"*", "?", "b*", "*e*", "?lue*", "*LUE*", "r?d", `*\*`, "*e?", "red*blue"}[r.IntN(10)], fold}
}

func drawQuery(r *rand.Rand, depth int) Query {
	field := drawnFields[r.IntN(len(drawnFields))]
	n := r.IntN(12)
	if depth == 0 {
		n = r.IntN(9)
	}
	switch n {
	case 7:
		return drawStringQuery(r)
	case 8:
		return IDs{[]string{fmt.Sprintf("%05d", r.IntN(600)), fmt.Sprintf("%05d", r.IntN(600)), "none"}}
	case 9:
		if r.IntN(2) == 0 {
			return Boost{drawQuery(r, depth-1), 2}
		}
		return DisMax{[]Query{drawQuery(r, depth-1), Constant{drawQuery(r, depth-1), 2}}}
	case 5:
		return Phrase{"title.text", Scalar{StringScalar, []string{"Blue", "red blue", "BLUE, sky", "sky blue", "-"}[r.IntN(5)]}}
	case 6:
		return None{}
	case 0:
		return All{}
	case 1:
		return Exists{field}
	case 2:
		q := Term{Field: field}
		for range 1 + r.IntN(3) {
			q.Values = append(q.Values, drawScalar(r, field))
		}
		return q
	case 3:
		return Match{Field: "title.text", Text: Scalar{StringScalar, "Blue, " + drawScalar(r, "title.text").Text}, Every: r.IntN(2) == 0}
	case 4:
		field = []string{"wiki", "title", "ns", "@timestamp", "x", "addr", "unknown"}[r.IntN(7)]
		from, to := drawScalar(r, field), drawScalar(r, field)
		q := Range{Field: field, From: &from, To: &to, WithFrom: r.IntN(2) == 0, WithTo: r.IntN(2) == 0}
		if r.IntN(3) == 0 {
			q.From = nil
		}
		return q
	}
	var q Bool
	for _, list := range []*[]Query{&q.Must, &q.Should, &q.MustNot} {
		for range r.IntN(3) {
			*list = append(*list, drawQuery(r, depth-1))
		}
	}
	q.AtLeast = r.IntN(len(q.Should) + 1)
	return q
}
