package eshttp

import (
	"time"

	"github.com/wmtools/wm/lib/store"
)

// found adds the members of the response to a search over a number of shards.
func (o *out) found(q search, a *store.Answer, shards int, took time.Duration) {
	o.key("took").int(took.Milliseconds())
	o.key("timed_out").bool(a.TimedOut)
	o.shards(shards)
	o.key("hits").open('{')
	switch {
	case q.asInt:
		o.key("total").int(a.Total)
	case q.Total != 0:
		o.total(a.Total, a.AtLeast)
	}
	o.hits(q, a, shards)
	o.close('}')
	if len(a.Aggs) > 0 && shards > 0 {
		o.key("aggregations").open('{')
		results{o, q.typed}.all(q.aggs, a.Aggs)
		o.close('}')
	}
}

func (o *out) total(n int64, atLeast bool) {
	relation := "eq"
	if atLeast {
		relation = "gte"
	}
	o.key("total").open('{').key("value").int(n).key("relation").text(relation).close('}')
}

// shards adds that all shards of a search were searched.
func (o *out) shards(n int) {
	o.key("_shards").open('{').key("total").int(int64(n)).key("successful").int(int64(n)).raw(`"skipped":0,"failed":0`).close('}')
}

func (o *out) hits(q search, a *store.Answer, shards int) {
	o.key("max_score")
	switch {
	case shards == 0:
		o.double(0)
	case len(q.Sort) > 0:
		o.score(nil) // unknown: the best hit may not be among the first
	default:
		o.score(a.MaxScore)
	}
	o.key("hits").open('[')
	for _, h := range a.Hits {
		o.hit(q, h)
	}
	o.close(']')
}

func (o *out) hit(q search, h store.Hit) {
	o.open('{').key("_index").text(h.Index).key("_id").text(h.ID)
	if q.Version {
		o.key("_version").int(h.Version)
	}
	if q.seq {
		o.key("_seq_no").int(h.Seq).key("_primary_term").int(1)
	}
	o.key("_score").score(h.Score)
	o.ignored(h.Ignored)
	o.source(q.docs, h.Source)
	if len(h.Sort) > 0 {
		o.key("sort").open('[')
		for _, v := range h.Sort {
			o.scalar(store.Scalar(v))
		}
		o.close(']')
	}
	o.close('}')
}

// ignored adds the names of the fields with ignored values, if there are any.
func (o *out) ignored(names []string) {
	if len(names) == 0 {
		return
	}
	o.key("_ignored").open('[')
	for _, name := range names {
		o.text(name)
	}
	o.close(']')
}

// source adds the part of a document that a filter selects.
func (o *out) source(f sourceFilter, doc []byte) {
	if f.none() {
		return
	}
	o.key("_source")
	f.apply(o, doc)
}
