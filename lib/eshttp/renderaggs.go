package eshttp

import (
	"cmp"
	"strings"

	"github.com/wmtools/wm/lib/store"
)

// results renders the results of aggregations.
type results struct {
	*out
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

// all adds results as members of an object.
func (o results) all(list []agg, found []store.NamedResult) {
	for i, r := range found {
		name := r.Name
		if o.typed {
			name = typedName(list[i], r.Result) + "#" + name
		}
		o.key(name).open('{')
		if meta := list[i].meta; meta != nil {
			o.key("meta").raw(string(meta))
		}
		o.one(list[i], r.Result)
		o.close('}')
	}
}

// one adds the members of a result.
func (o results) one(a agg, r store.Result) {
	switch r := r.(type) {
	case store.Count:
		o.key("value").int(int64(r))
	case store.Number:
		o.number("value", r)
	case store.StatsResult:
		o.stats(r)
	case store.PercentilesResult:
		o.percentiles(a, r)
	case store.HitsResult:
		o.topHits(a, r)
	case store.Bucket:
		o.bucket(a, r)
	case store.SignificantResult:
		o.significant(a, r)
	case store.Buckets:
		if r.Terms {
			o.key("doc_count_error_upper_bound").int(0).key("sum_other_doc_count").int(r.Other)
		}
		o.buckets(a, r.List)
	}
}

// list begins a member that is an object if the aggregation is keyed, or else an
// array, and returns the byte that ends it.
func (o results) list(a agg, name string) (end byte) {
	if a.keyed {
		o.key(name).open('{')
		return '}'
	}
	o.key(name).open('[')
	return ']'
}

func (o results) buckets(a agg, list []store.Bucket) {
	end := o.list(a, "buckets")
	for i, k := range list {
		if a.keyed {
			o.key(cmp.Or(k.KeyText, k.Key.Text))
		}
		o.open('{')
		switch {
		case a.typ == "range":
			o.span(a, a.spans[i])
		case a.typ != "filters":
			o.bucketKey(k)
		}
		o.bucket(a, k)
		o.close('}')
	}
	o.close(end)
}

func (o results) bucketKey(k store.Bucket) {
	o.key("key").scalar(k.Key)
	if k.KeyText != "" {
		o.key("key_as_string").text(k.KeyText)
	}
}

// span adds the key and the limits of a range bucket.
func (o results) span(a agg, s store.Span) {
	if !a.keyed {
		o.key("key").text(s.Key)
	}
	if s.From != nil {
		o.key("from").double(*s.From)
	}
	if s.To != nil {
		o.key("to").double(*s.To)
	}
}

// bucket adds the members of a bucket.
func (o results) bucket(a agg, k store.Bucket) {
	o.key("doc_count").int(k.Docs)
	o.all(a.subs, k.Subs)
}

func (o results) significant(a agg, r store.SignificantResult) {
	o.key("doc_count").int(r.Docs).key("bg_count").int(r.Background)
	o.key("buckets").open('[')
	for _, k := range r.List {
		o.open('{')
		o.bucketKey(k.Bucket)
		o.key("score").double(k.Score).key("bg_count").int(k.Background)
		o.bucket(a, k.Bucket)
		o.close('}')
	}
	o.close(']')
}

// number adds a member with a number, and one with its text if it is a date or a truth
// value.
func (o results) number(name string, n store.Number) {
	o.key(name)
	if n.None {
		o.raw("null")
		return
	}
	o.double(n.Value)
	switch {
	case n.Text == "":
	case name != "value" && (n.Text == "true" || n.Text == "false"): // as in Elasticsearch
		o.key(name + "_as_string").raw(n.Text)
	default:
		o.key(name + "_as_string").text(n.Text)
	}
}

func (o results) stats(r store.StatsResult) {
	if r.Count == 0 {
		r.Avg = store.Number{None: true}
	}
	o.key("count").int(r.Count)
	o.number("min", r.Min)
	o.number("max", r.Max)
	o.number("avg", r.Avg)
	o.number("sum", r.Sum)
}

func (o results) percentiles(a agg, r store.PercentilesResult) {
	end := o.list(a, "values")
	for i, v := range r.Values {
		if a.keyed {
			o.number(double(r.Percents[i]), v)
			continue
		}
		o.open('{').key("key").double(r.Percents[i])
		o.number("value", v)
		o.close('}')
	}
	o.close(end)
}

func (o results) topHits(a agg, r store.HitsResult) {
	o.key("hits").open('{')
	o.total(r.Total, false)
	o.hits(search{docs: a.docs}, &store.Answer{Hits: r.Hits, MaxScore: r.MaxScore}, 1)
	o.close('}')
}
