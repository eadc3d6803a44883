package estest

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
)

// draw draws random mappings, documents and searches.
type draw struct {
	*rand.Rand
	fields []drawnField
	exact  bool // no scores and background counts, which depend on deleted documents
}

type drawnField struct {
	name, typ string // typ is a type, or "multi" for a keyword with a text subfield
}

// j is a JSON object.
type j = map[string]any

var drawnTypes = []string{"keyword", "text", "integer", "long", "double", "date", "boolean", "ip", "multi", "short", "float"}

// mapping draws a mapping of a few fields. Each document also has a unique field "uid".
func (d *draw) mapping() j {
	properties := j{"uid": j{"type": "integer"}}
	d.fields = nil
	for i := range 3 + d.IntN(5) {
		f := drawnField{fmt.Sprintf("f%d", i), drawnTypes[d.IntN(len(drawnTypes))]}
		def := j{"type": f.typ}
		switch f.typ {
		case "multi":
			def = j{"type": "keyword", "fields": j{"text": j{"type": "text"}}}
		case "keyword":
			if d.IntN(3) == 0 {
				def["ignore_above"] = 3 + d.IntN(5)
			}
		case "date":
			if d.IntN(3) == 0 {
				def["format"] = "epoch_second||strict_date_optional_time"
			}
		}
		if d.IntN(4) == 0 { // inside an object
			f.name = "o." + f.name
			inner, ok := properties["o"].(j)
			if !ok {
				inner = j{"properties": j{}}
				properties["o"] = inner
			}
			inner["properties"].(j)[f.name[2:]] = def
		} else {
			properties[f.name] = def
		}
		d.fields = append(d.fields, f)
	}
	return j{"settings": j{"number_of_replicas": 0}, "mappings": j{"dynamic": false, "properties": properties}}
}

var drawnWords = []string{"edit", "new", "the", "wall", "Berlin", "a", "B", "c", "Straße", "東京", "x_y", "it's", "10"}

func (d *draw) word() string { return drawnWords[d.IntN(len(drawnWords))] }

func (d *draw) phrase(n int) string {
	words := make([]string, 1+d.IntN(n))
	for i := range words {
		words[i] = d.word()
	}
	return strings.Join(words, []string{" ", ", ", "-"}[d.IntN(3)])
}

// value draws a value of a type.
func (d *draw) value(typ string) any {
	if d.IntN(5) == 0 {
		return d.oddValue(typ)
	}
	switch typ {
	case "keyword", "multi":
		return d.phrase(2)
	case "text":
		return d.phrase(6)
	case "integer", "short":
		return d.IntN(20) - 5
	case "long":
		return []any{d.IntN(10), int64(9007199254740993) - int64(d.IntN(3)), -d.IntN(1000)}[d.IntN(3)]
	case "double", "float":
		return []any{float64(d.IntN(40)) / 8, -0.25, 1e9, d.IntN(4)}[d.IntN(4)]
	case "date":
		return fmt.Sprintf("2026-%02d-%02dT%02d:%02d:%02dZ", 1+d.IntN(4), 1+d.IntN(28), d.IntN(24), d.IntN(60), d.IntN(60))
	case "boolean":
		return d.IntN(2) == 0
	}
	return []string{"10.0.0.1", "10.0.0.2", "192.168.1.1", "::1", "2001:db8::1"}[d.IntN(5)]
}

// oddValue draws a value in another form than the usual one.
func (d *draw) oddValue(typ string) any {
	switch typ {
	case "keyword", "multi", "text":
		return []any{"", d.IntN(12), 1.5, true, strings.ToUpper(d.phrase(2)), "  " + d.word()}[d.IntN(6)]
	case "integer", "short", "long":
		return []any{fmt.Sprint(d.IntN(9)), float64(d.IntN(90)) / 10, "2.0", -0.5}[d.IntN(4)]
	case "double", "float":
		return []any{"1.5", "-3", 1e-3, 123456.789}[d.IntN(4)]
	case "date":
		return []any{"2026-02", "2026-03-29", "2026-01-31T12", "2026-03-29T02:30:00+02:00", "2026-02-28T23:59:59.999Z"}[d.IntN(5)]
	case "boolean":
		return []string{"true", "false"}[d.IntN(2)]
	}
	return []string{"::ffff:10.0.0.1", "2001:DB8:0::1"}[d.IntN(2)]
}

// document draws a document. Each field has a value, a list, null, or no value.
func (d *draw) document(uid int) j {
	doc := j{"uid": uid}
	for _, f := range d.fields {
		var v any
		switch d.IntN(8) {
		case 0:
			continue
		case 1:
			v = nil
		case 2:
			list := []any{}
			for range d.IntN(4) {
				list = append(list, d.value(f.typ))
			}
			if v = list; f.typ == "boolean" { // of which scores count repeated ones
				v = []any{false, true}
			}
		default:
			v = d.value(f.typ)
		}
		name, into := f.name, doc
		if inner, ok := strings.CutPrefix(f.name, "o."); ok {
			if doc["o"] == nil {
				doc["o"] = j{}
			}
			name, into = inner, doc["o"].(j)
		}
		into[name] = v
	}
	return doc
}

// field draws a field of one of the types, or of any type if none is given. If text is
// among the types, the name is half of the time that of the text of a multi-field.
func (d *draw) field(types ...string) (f drawnField, ok bool) {
	var fits []drawnField
	for _, f := range d.fields {
		switch {
		case len(types) == 0 || slices.Contains(types, f.typ):
			fits = append(fits, f)
		case f.typ == "multi" && slices.Contains(types, "keyword"):
			fits = append(fits, drawnField{f.name, "keyword"})
		}
		if f.typ == "multi" && slices.Contains(types, "text") {
			fits = append(fits, drawnField{f.name + ".text", "text"})
		}
	}
	if len(fits) == 0 {
		return f, false
	}
	return fits[d.IntN(len(fits))], true
}

var (
	numberTypes = []string{"integer", "short", "long", "double", "float"}
	rangeTypes  = append([]string{"date", "ip", "keyword"}, numberTypes...)
)

// query draws a query of at most the given depth.
func (d *draw) query(depth int) j {
	if depth > 0 && d.IntN(3) > 0 {
		return d.compound(depth - 1)
	}
	for {
		if q := d.leaf(); q != nil {
			return q
		}
	}
}

func (d *draw) compound(depth int) j {
	if d.IntN(6) == 0 {
		return j{"constant_score": j{"filter": d.query(depth)}}
	}
	b := j{}
	for _, clause := range []string{"must", "filter", "should", "must_not"} {
		var list []any
		for range d.IntN(3) {
			list = append(list, d.query(depth))
		}
		if list != nil {
			b[clause] = list
		}
	}
	if should, ok := b["should"].([]any); ok && d.IntN(3) == 0 {
		b["minimum_should_match"] = []any{d.IntN(len(should) + 1), "-1", "50%"}[d.IntN(3)]
	}
	if d.IntN(5) == 0 {
		b["boost"] = 2
	}
	return j{"bool": b}
}

// leaf draws a query about one field, nil if no field has the right type.
func (d *draw) leaf() j {
	switch d.IntN(13) {
	case 0:
		return j{"match_all": j{}}
	case 1, 2:
		if f, ok := d.field(); ok && f.typ != "text" {
			return j{"term": j{f.name: d.value(f.typ)}}
		}
	case 3:
		if f, ok := d.field(); ok && f.typ != "text" {
			return j{"terms": j{f.name: []any{d.value(f.typ), d.value(f.typ)}, "boost": 1 + d.IntN(2)}}
		}
	case 4, 5:
		if f, ok := d.field(rangeTypes...); ok {
			return j{"range": j{f.name: d.limits(f.typ)}}
		}
	case 6:
		if f, ok := d.field(); ok {
			return j{"exists": j{"field": f.name}}
		}
	case 7:
		if f, ok := d.field("keyword", "text"); ok {
			return j{[]string{"prefix", "wildcard"}[d.IntN(2)]: j{f.name: j{"value": d.pattern(), "case_insensitive": d.IntN(2) == 0}}}
		}
	case 8, 9:
		if f, ok := d.field("text"); ok {
			return j{"match": j{f.name: j{"query": d.phrase(3), "operator": d.operator()}}}
		}
	case 10:
		if f, ok := d.field("text", "keyword"); ok {
			return j{"match_phrase": j{f.name: d.phrase(2)}}
		}
	case 12:
		f, ok := d.field("text")
		if g, _ := d.field("text"); ok {
			typ := []string{"best_fields", "phrase"}[d.IntN(2)]
			return j{"multi_match": j{"query": d.phrase(2), "type": typ, "operator": d.operator(), "fields": []any{f.name, g.name + "^2"}}}
		}
	case 11:
		return j{"ids": j{"values": []any{fmt.Sprint(d.IntN(50)), fmt.Sprint(d.IntN(50))}}}
	}
	return nil
}

func (d *draw) operator() string { return []string{"and", "or"}[d.IntN(2)] }

func (d *draw) pattern() string {
	w := []rune(d.word())
	i := d.IntN(len(w))
	switch d.IntN(4) {
	case 0:
		return string(w[:i]) + "?" + string(w[i+1:])
	case 1:
		return "*" + string(w[i:])
	}
	return string(w[:1+i]) + []string{"*", ""}[d.IntN(2)]
}

func (d *draw) limits(typ string) j {
	l := j{}
	if d.IntN(4) > 0 {
		l[[]string{"gt", "gte"}[d.IntN(2)]] = d.value(typ)
	}
	if d.IntN(4) > 0 {
		l[[]string{"lt", "lte"}[d.IntN(2)]] = d.value(typ)
	}
	return l
}

// aggs draws a few aggregations, nested to at most the given depth.
func (d *draw) aggs(depth int) j {
	out := j{}
	for i := range 1 + d.IntN(2) {
		if name, a := d.agg(); a != nil {
			def := j{name: a}
			if bucketing := slices.Contains([]string{"terms", "date_histogram", "range", "filter", "filters", "missing"}, name); bucketing && depth > 0 && d.IntN(2) == 0 {
				subs := d.aggs(depth - 1)
				def["aggs"] = subs
				if sub, ok := subs["a0"].(j); ok && name == "terms" && (sub["sum"] != nil || sub["value_count"] != nil) {
					a["order"] = j{"a0": []string{"asc", "desc"}[d.IntN(2)]}
				}
			}
			out[fmt.Sprintf("a%d", i)] = def
		}
	}
	return out
}

// agg draws an aggregation, or returns nil if no field has a suitable type.
func (d *draw) agg() (name string, def j) {
	number, isNumber := d.field(numberTypes...)
	date, isDate := d.field("date")
	f, isField := d.field("keyword", "integer", "long", "short", "boolean", "date", "ip")
	switch k := d.IntN(13); {
	case k < 3 && isField:
		def = j{"field": f.name, "size": 1 + d.IntN(20)}
		if d.IntN(3) == 0 {
			def["order"] = j{"_key": []string{"asc", "desc"}[d.IntN(2)]}
		}
		if d.IntN(4) == 0 && f.typ == "keyword" {
			def[[]string{"include", "exclude"}[d.IntN(2)]] = []any{d.phrase(1), d.phrase(2), d.phrase(1)}
		}
		if d.IntN(4) == 0 && f.typ != "boolean" && f.typ != "date" && f.typ != "ip" {
			def["missing"] = d.IntN(9)
		}
		return "terms", def
	case k < 5 && isDate:
		def = j{"field": date.name, "min_doc_count": d.IntN(2), "calendar_interval": []string{"day", "week", "month", "quarter"}[d.IntN(4)]}
		if d.IntN(2) == 0 {
			delete(def, "calendar_interval")
			def["fixed_interval"] = []string{"12h", "7d", "90m"}[d.IntN(3)]
			def["min_doc_count"] = 1
		}
		if d.IntN(3) == 0 {
			def["time_zone"] = []string{"Europe/Berlin", "+05:30", "America/New_York"}[d.IntN(3)]
		}
		if d.IntN(4) == 0 {
			def["offset"] = []string{"+6h", "-30m", "1d"}[d.IntN(3)]
		}
		if d.IntN(4) == 0 {
			def["format"] = "yyyy-MM-dd HH:mm"
		}
		if d.IntN(4) == 0 {
			def["keyed"] = true
		}
		if def["min_doc_count"] == 0 && d.IntN(2) == 0 {
			def["extended_bounds"] = j{"min": 1767225600000 - 86400000*int64(d.IntN(60)), "max": 1777593600000}
		}
		return "date_histogram", def
	case k == 5 && isNumber:
		return "range", j{"field": number.name, "keyed": d.IntN(3) == 0, "ranges": []any{j{"to": d.IntN(5)}, j{"from": d.IntN(5) - 2, "to": 3 + d.IntN(9)}, j{"from": d.IntN(9)}}}
	case k == 6:
		return "filter", d.query(1)
	case k == 7:
		return "filters", j{"filters": j{"x": d.query(1), "y": d.query(0)}, "other_bucket_key": "rest"}
	case k == 8 && isField:
		return "missing", j{"field": f.name}
	case k == 9 && isField:
		return "cardinality", j{"field": f.name}
	case k == 10 && isNumber:
		return []string{"stats", "avg", "sum", "min", "max", "value_count"}[d.IntN(6)], j{"field": number.name}
	case k == 11 && isNumber:
		return "percentiles", j{"field": number.name, "percents": []any{25, 50, 99}}
	case k == 12:
		return "top_hits", j{"size": 2, "from": d.IntN(2), "sort": []any{j{"uid": "desc"}}, "_source": []any{"uid", "o.*"}}
	}
	return "", nil
}

// search draws a search.
func (d *draw) search() j {
	q := j{"query": d.query(2), "size": 1 + d.IntN(30), "_source": false, "track_total_hits": true}
	uid := j{"uid": []string{"asc", "desc"}[d.IntN(2)]}
	switch f, ok := d.field("keyword", "integer", "long", "short", "double", "date", "boolean"); {
	case d.IntN(3) == 0 && ok:
		key := j{"order": []string{"asc", "desc"}[d.IntN(2)], "missing": []string{"_first", "_last"}[d.IntN(2)]}
		q["sort"] = []any{j{f.name: key}, uid}
	case d.exact || d.IntN(2) == 0:
		q["sort"] = []any{uid}
	default:
		q["sort"] = []any{"_score", uid}
	}
	if d.IntN(4) == 0 {
		q["from"] = d.IntN(4)
	}
	if d.IntN(4) == 0 {
		q["_source"] = []any{true, "f*", []any{"o", "f1"}, j{"includes": []any{"o.*", "uid"}, "excludes": []any{"*2"}}}[d.IntN(4)]
	}
	if d.IntN(2) == 0 {
		if aggs := d.aggs(2); len(aggs) > 0 {
			q["aggs"] = aggs
		}
	}
	return q
}

// text returns the JSON of a drawn value.
func text(v any) string {
	b, err := json.Marshal(v)
	if err != nil {
		panic(err) // drawn values are strings, numbers and the like
	}
	return string(b)
}
