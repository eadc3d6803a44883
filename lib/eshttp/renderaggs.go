package eshttp

import (
	"strconv"
	"strings"

	"github.com/wmtools/wm/lib/store"
)

// results renders the results of aggregations.
type results struct {
	typed bool // names begin with the type
}

// typedName returns the type of a result for typed_keys, which may differ from that of
// the aggregation.
func typedName(a agg, r store.Result) string {
	switch r := r.(type) {
	case store.PercentilesResult:
		return "tdigest_percentiles"
	case store.SignificantResult:
		return "sigsterms"
	case store.Buckets:
		if a.typ == "terms" && len(r.List) > 0 && r.List[0].Key.Kind == store.NumberScalar {
			if strings.ContainsAny(r.List[0].Key.Text, ".E") {
				return "dterms"
			}
			return "lterms"
		}
		if a.typ == "terms" {
			return "sterms"
		}
	}
	return a.typ
}

// appendAll appends results as members of an object.
func (o results) appendAll(b []byte, list []agg, found []store.NamedResult) []byte {
	for i, r := range found {
		if i > 0 {
			b = append(b, ',')
		}
		name := r.Name
		if o.typed {
			name = typedName(list[i], r.Result) + "#" + name
		}
		b = append(appendString(b, name), ":{"...)
		if meta := list[i].meta; meta != nil {
			b = append(append(append(b, `"meta":`...), meta...), ',')
		}
		b = append(o.append(b, list[i], r.Result), '}')
	}
	return b
}

// append appends the members of one result.
func (o results) append(b []byte, a agg, r store.Result) []byte {
	switch r := r.(type) {
	case store.Count:
		return strconv.AppendInt(append(b, `"value":`...), int64(r), 10)
	case store.Number:
		return appendNumber(b, "value", r)
	case store.StatsResult:
		return appendStats(b, r)
	case store.PercentilesResult:
		return appendPercentiles(b, a, r)
	case store.HitsResult:
		return appendTopHits(b, a, r)
	case store.Bucket:
		return o.bucket(b, a, r)
	case store.SignificantResult:
		return o.significant(b, a, r)
	case store.Buckets:
		if r.Terms {
			b = append(b, `"doc_count_error_upper_bound":0,"sum_other_doc_count":`...)
			b = append(strconv.AppendInt(b, r.Other, 10), ',')
		}
		return o.buckets(b, a, r.List)
	}
	return b
}

// buckets appends the buckets as an array, or as an object if they are keyed.
func (o results) buckets(b []byte, a agg, list []store.Bucket) []byte {
	open, end := byte('['), byte(']')
	if a.keyed {
		open, end = '{', '}'
	}
	b = append(append(b, `"buckets":`...), open)
	for i, k := range list {
		if i > 0 {
			b = append(b, ',')
		}
		if a.keyed {
			name := k.KeyText
			if name == "" {
				name = k.Key.Text
			}
			b = append(appendString(b, name), ':')
		}
		b = append(b, '{')
		switch {
		case a.typ == "range":
			b = appendSpan(b, a, i)
		case a.typ != "filters":
			b = appendKey(b, k)
		}
		b = append(o.bucket(b, a, k), '}')
	}
	return append(b, end)
}

func appendKey(b []byte, k store.Bucket) []byte {
	b = append(appendScalar(append(b, `"key":`...), k.Key), ',')
	if k.KeyText != "" {
		b = append(appendString(append(b, `"key_as_string":`...), k.KeyText), ',')
	}
	return b
}

// appendSpan appends the key and the limits of a range bucket.
func appendSpan(b []byte, a agg, i int) []byte {
	s := a.spans[i]
	if !a.keyed {
		b = append(appendString(append(b, `"key":`...), s.Key), ',')
	}
	if s.From != nil {
		b = append(appendDouble(append(b, `"from":`...), *s.From), ',')
	}
	if s.To != nil {
		b = append(appendDouble(append(b, `"to":`...), *s.To), ',')
	}
	return b
}

// bucket appends the members of a bucket.
func (o results) bucket(b []byte, a agg, k store.Bucket) []byte {
	b = strconv.AppendInt(append(b, `"doc_count":`...), k.Docs, 10)
	if len(k.Subs) > 0 {
		b = o.appendAll(append(b, ','), a.subs, k.Subs)
	}
	return b
}

func (o results) significant(b []byte, a agg, r store.SignificantResult) []byte {
	b = strconv.AppendInt(append(b, `"doc_count":`...), r.Docs, 10)
	b = strconv.AppendInt(append(b, `,"bg_count":`...), r.Background, 10)
	b = append(b, `,"buckets":[`...)
	for i, k := range r.List {
		if i > 0 {
			b = append(b, ',')
		}
		b = appendKey(append(b, '{'), k.Bucket)
		b = strconv.AppendInt(append(b, `"doc_count":`...), k.Docs, 10)
		b = appendDouble(append(b, `,"score":`...), k.Score)
		b = strconv.AppendInt(append(b, `,"bg_count":`...), k.Background, 10)
		if len(k.Subs) > 0 {
			b = o.appendAll(append(b, ','), a.subs, k.Subs)
		}
		b = append(b, '}')
	}
	return append(b, ']')
}

// appendNumber appends a member with a number, and one with its text if it is a date or
// a truth value.
func appendNumber(b []byte, name string, n store.Number) []byte {
	b = append(b, `"`+name+`":`...)
	if n.None {
		return append(b, "null"...)
	}
	b = appendDouble(b, n.Value)
	switch {
	case n.Text == "":
	case name != "value" && (n.Text == "true" || n.Text == "false"): // as in Elasticsearch
		b = append(b, `,"`+name+`_as_string":`+n.Text...)
	default:
		b = appendString(append(b, `,"`+name+`_as_string":`...), n.Text)
	}
	return b
}

func appendStats(b []byte, r store.StatsResult) []byte {
	avg := store.Number{None: true}
	if r.Count > 0 {
		avg = r.Avg
	}
	b = strconv.AppendInt(append(b, `"count":`...), r.Count, 10)
	b = appendNumber(append(b, ','), "min", r.Min)
	b = appendNumber(append(b, ','), "max", r.Max)
	b = appendNumber(append(b, ','), "avg", avg)
	return appendNumber(append(b, ','), "sum", r.Sum)
}

func appendPercentiles(b []byte, a agg, r store.PercentilesResult) []byte {
	open, end := byte('['), byte(']')
	if a.keyed {
		open, end = '{', '}'
	}
	b = append(append(b, `"values":`...), open)
	for i, v := range r.Values {
		if i > 0 {
			b = append(b, ',')
		}
		percent := string(appendDouble(nil, r.Percents[i]))
		if !a.keyed {
			b = appendNumber(append(b, `{"key":`+percent+`,`...), "value", v)
			b = append(b, '}')
			continue
		}
		b = appendNumber(b, percent, v)
	}
	return append(b, end)
}

func appendTopHits(b []byte, a agg, r store.HitsResult) []byte {
	b = appendTotal(append(b, `"hits":{`...), r.Total, false)
	shown := store.Answer{Hits: r.Hits, MaxScore: r.MaxScore}
	b = appendHits(append(b, ','), search{docs: a.docs}, &shown, 1)
	return append(b, '}')
}
