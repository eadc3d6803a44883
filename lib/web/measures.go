package web

import (
	"maps"
	"slices"
	"time"

	"github.com/wmtools/wm/lib/es/query"
)

// measure is a figure over some changes.
type measure struct {
	id    string
	label string // "Bytes added"
	kind  kind
	// stream is the one whose documents are counted; "": that of the view.
	stream string
	aggs   map[string]query.Agg // what has to be asked for
	// value returns the figure of a bucket of the given length.
	value func(b query.Bucket, lasts time.Duration) float64
	// stacks means that the figures of parts add up to the figure of the whole.
	stacks bool
	order  map[string]string // of the terms of a field by this measure; nil: by count
}

// kind is the format of a figure.
type kind string

const (
	countKind kind = "count"
	rateKind  kind = "rate" // per minute
	bytesKind kind = "bytes"
	shareKind kind = "share" // 0 to 1
)

var (
	delta   = query.Agg{Sum: &query.FieldAgg{Field: "wm.delta"}}
	editors = query.Agg{Cardinality: &query.FieldAgg{Field: "wm.user"}}
	pages   = query.Agg{Cardinality: &query.FieldAgg{Field: "wm.page"}}
	added   = byDelta(query.Range{GT: 0})
	removed = byDelta(query.Range{LT: 0})
	bots    = matching(query.Clause{Term: map[string]any{"wm.user_kind": "bot"}})
	created = matching(query.Clause{Term: map[string]any{"type": "new"}})
	edits   = matching(query.Clause{Exists: &query.Exists{Field: "wm.revert"}})
	reverts = matching(query.Clause{Term: map[string]any{"wm.revert": true}})

	isReverted = matching(query.Clause{Term: map[string]any{"tags": "mw-reverted"}})
	isScored   = matching(query.Clause{Exists: &query.Exists{Field: "wm.risk"}})
	isAtRisk   = matching(query.Clause{Range: map[string]query.Range{"wm.risk": {GTE: atRisk}}})
)

// atRisk is the probability of being reverted from which on an edit counts as at
// risk.
const atRisk = 0.9

func matching(q query.Clause) query.Agg { return query.Agg{Filter: &q} }

func byDelta(r query.Range) query.Agg {
	return query.Agg{
		Filter: &query.Clause{Range: map[string]query.Range{"wm.delta": r}},
		Aggs:   map[string]query.Agg{"bytes": delta},
	}
}

type aggs = map[string]query.Agg

// measures are all figures, in the order of the page.
var measures = []measure{
	{id: "changes", label: "Changes", kind: countKind, stacks: true,
		value: func(b query.Bucket, _ time.Duration) float64 { return float64(b.Count) }},
	{id: "rate", label: "Per minute", kind: rateKind, stacks: true,
		value: func(b query.Bucket, d time.Duration) float64 { return ratio(float64(b.Count), d.Minutes()) }},
	{id: "editors", label: "Editors", kind: countKind, aggs: aggs{"editors": editors}, order: descending("editors"),
		value: func(b query.Bucket, _ time.Duration) float64 { return b.Aggs["editors"].Value }},
	{id: "pages", label: "Pages", kind: countKind, aggs: aggs{"pages": pages}, order: descending("pages"),
		value: func(b query.Bucket, _ time.Duration) float64 { return b.Aggs["pages"].Value }},
	{id: "added", label: "Bytes added", kind: bytesKind, stacks: true, aggs: aggs{"added": added}, order: descending("added>bytes"),
		value: func(b query.Bucket, _ time.Duration) float64 { return b.Aggs["added"].Aggs["bytes"].Value }},
	{id: "removed", label: "Bytes removed", kind: bytesKind, stacks: true, aggs: aggs{"removed": removed},
		order: map[string]string{"removed>bytes": "asc"},
		value: func(b query.Bucket, _ time.Duration) float64 { return 0 - b.Aggs["removed"].Aggs["bytes"].Value }},
	{id: "reverts", label: "Likely reverts", kind: shareKind, aggs: aggs{"reverts": reverts, "edits": edits}, order: descending("reverts"),
		value: func(b query.Bucket, _ time.Duration) float64 {
			return ratio(float64(b.Aggs["reverts"].Count), float64(b.Aggs["edits"].Count))
		}},
	{id: "bots", label: "Bot share", kind: shareKind, aggs: aggs{"bots": bots}, order: descending("bots"),
		value: func(b query.Bucket, _ time.Duration) float64 {
			return ratio(float64(b.Aggs["bots"].Count), float64(b.Count))
		}},
	{id: "net", label: "Net bytes", kind: bytesKind, stacks: true, aggs: aggs{"net": delta}, order: descending("net"),
		value: func(b query.Bucket, _ time.Duration) float64 { return b.Aggs["net"].Value }},
	{id: "new", label: "New pages", kind: countKind, stacks: true, aggs: aggs{"new": created}, order: descending("new"),
		value: func(b query.Bucket, _ time.Duration) float64 { return float64(b.Aggs["new"].Count) }},
	{id: "revert_count", label: "Likely reverts, counted", kind: countKind, stacks: true, aggs: aggs{"reverts": reverts}, order: descending("reverts"),
		value: func(b query.Bucket, _ time.Duration) float64 { return float64(b.Aggs["reverts"].Count) }},
	{id: "reverted", label: "Reverted", kind: countKind, stacks: true, stream: tagsStream, aggs: aggs{"reverted": isReverted}, order: descending("reverted"),
		value: func(b query.Bucket, _ time.Duration) float64 { return float64(b.Aggs["reverted"].Count) }},
	{id: "at_risk", label: "Share at risk", kind: shareKind, stream: riskStream, aggs: aggs{"at_risk": isAtRisk, "scored": isScored}, order: descending("at_risk"),
		value: func(b query.Bucket, _ time.Duration) float64 {
			return ratio(float64(b.Aggs["at_risk"].Count), float64(b.Aggs["scored"].Count))
		}},
}

// figures are the measures at the head of the page. The others are for charts.
var figures = measures[:8]

func descending(name string) map[string]string { return map[string]string{name: "desc"} }

func ratio(part, whole float64) float64 {
	if whole == 0 {
		return 0
	}
	return part / whole
}

func measureByID(id string) (measure, bool) {
	i := slices.IndexFunc(measures, func(m measure) bool { return m.id == id })
	if i < 0 {
		return measure{}, false
	}
	return measures[i], true
}

// allAggs returns the aggregations that some measures need.
func allAggs(list ...measure) aggs {
	all := make(aggs)
	for _, m := range list {
		maps.Copy(all, m.aggs)
	}
	return all
}
