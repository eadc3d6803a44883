package query

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/wmtools/wm/lib/match"
)

// Measure is what a Ranking ranks by.
type Measure string

// Measures. Bytes are those of wm.delta.
const (
	ByCount   Measure = "count"   // events
	ByUsers   Measure = "users"   // distinct users
	ByAdded   Measure = "added"   // bytes by which pages grew
	ByRemoved Measure = "removed" // bytes by which pages shrank, as a positive number
	ByNet     Measure = "net"     // ByAdded minus ByRemoved

	// ByRevertShare is the share of likely reverts (wm.revert) among edits and new
	// pages, from 0 to 1. Only these are counted, and values with fewer than
	// MinEdits of them are left out.
	ByRevertShare Measure = "revert-share"
)

// MinEdits is how many edits a value must have to be ranked ByRevertShare: of
// few edits, the share says little.
const MinEdits = 10

// Measures lists all measures.
var Measures = []Measure{ByCount, ByUsers, ByAdded, ByRemoved, ByNet, ByRevertShare}

// Ranking requests the top values of a field, or of several: the top values of
// the first, for each of them the top values of the second, and so on.
type Ranking struct {
	Fields []string
	N      int // number of values of each field
	By     Measure
	Per    time.Duration // also rank by intervals of this length; 0: do not
}

// Rank is a combination of values, one of each field, and its events.
type Rank struct {
	Values []any   // string, int64 or bool, as the field is
	Count  int64   // events
	Size   float64 // in terms of the Measure
	Times  []Interval
}

// Interval is a part of a Rank's events.
type Interval struct {
	Start time.Time
	Count int64
	Size  float64
}

// Ranks is the answer to a Ranking, the top value first, and of each value of a
// field the top value of the next field first.
type Ranks struct {
	List  []Rank
	Other int64 // events with other values of the first field
	Error int64 // how much too low a Count may be; 0: exact; -1: values may be missing
}

// minProposals is how many values each shard proposes at least. The count of a
// value that a shard does not propose is inexact.
const minProposals = 1000

// Top ranks the values of fields over the documents that a clause selects.
// Elasticsearch estimates numbers of users above a few thousand. The error is
// ErrNoIndex if no index matches.
func (r *Reader) Top(ctx context.Context, index string, q Clause, ranking Ranking) (Ranks, error) {
	fields, unranked := ranking.fields()
	if unranked != "" {
		return Ranks{}, fmt.Errorf("field %q: %s", unranked, uncounted)
	}
	if ranking.By == ByRevertShare {
		q = Clause{Bool: &Bool{Filter: []Clause{q, {Exists: &Exists{"wm.revert"}}}}}
	}
	page, err := r.Search(ctx, index, Search{Query: q, Aggs: map[string]Agg{"top": ranking.agg(ranking.Fields)}})
	switch {
	case err != nil:
		return Ranks{}, err
	case page.Shards.none():
		return Ranks{}, ErrNoIndex
	}
	top := page.Aggs["top"]
	ranks := Ranks{Other: top.Other, Error: top.Error}
	ranks.List = ranking.flatten(nil, nil, fields, top)
	return ranks, nil
}

// flatten appends the ranks of the buckets of a field. Values are those of the
// fields before it.
func (r Ranking) flatten(list []Rank, values []any, fields []*mappedField, a Bucket) []Rank {
	for _, b := range a.Buckets {
		combination := append(slices.Clip(values), fields[0].value(b.Key))
		if len(fields) > 1 {
			list = r.flatten(list, combination, fields[1:], b.Aggs["top"])
			continue
		}
		one := Rank{Values: combination, Count: b.Count, Size: r.size(b)}
		for _, t := range b.Aggs["times"].Buckets {
			one.Times = append(one.Times, Interval{time.UnixMilli(t.Millis()).UTC(), t.Count, r.size(t)})
		}
		list = append(list, one)
	}
	return list
}

// Select is like the function Select, but also returns an *Inexpressible for a
// field that the index cannot rank.
func (r Ranking) Select(q *match.Query, since, until time.Time) (Clause, error) {
	selected, err := Select(q, since, until)
	if _, unranked := r.fields(); err == nil && unranked != "" {
		err = &Inexpressible{What: fmt.Sprintf("field %q", unranked), Reason: uncounted, Rest: q.Terms, Since: since, Until: until}
	}
	return selected, err
}

const uncounted = "the index cannot rank its values"

// fields returns the mappings of the fields, or the first field that cannot be
// ranked.
func (r Ranking) fields() (fields []*mappedField, unranked string) {
	for _, name := range r.Fields {
		f := lookUp(strings.Split(name, "."))
		if f == nil || !f.ranked() {
			return nil, name
		}
		fields = append(fields, f)
	}
	return fields, ""
}

// ranked reports whether the index keeps the values of the field as a column, and
// they are not times.
func (m *mappedField) ranked() bool {
	_, number := m.values()
	return m.indexed() && (m.Type == "keyword" || m.Type == "boolean" || number && m.Type != "date")
}

// value decodes the key of a bucket.
func (m *mappedField) value(key json.RawMessage) any {
	var n int64
	switch {
	case m.Type == "boolean":
		return string(key) == "1"
	case json.Unmarshal(key, &n) == nil:
		return n
	}
	return Bucket{Key: key}.Term()
}

// agg returns the aggregation of fields, each inside that of the field before.
func (r Ranking) agg(fields []string) Agg {
	a := Agg{
		Terms: &TermsAgg{Field: fields[0], Size: r.N},
		Aggs:  r.measure(),
	}
	if len(r.Fields) == 1 { // more proposals of several fields would multiply
		a.Terms.ShardSize = max(minProposals, 10*r.N)
	}
	switch r.By {
	case ByUsers, ByNet:
		a.Terms.Order = map[string]string{"size": "desc"}
	case ByAdded:
		a.Terms.Order = map[string]string{"size>bytes": "desc"}
	case ByRemoved:
		a.Terms.Order = map[string]string{"size>bytes": "asc"}
	case ByRevertShare:
		a.Terms.Order, a.Terms.MinDocs = map[string]string{"size": "desc"}, MinEdits
	}
	switch {
	case len(fields) > 1:
		a.Aggs["top"] = r.agg(fields[1:])
	case r.Per > 0:
		a.Aggs["times"] = Agg{DateHistogram: &HistogramAgg{Field: timeField, Interval: r.Per, MinDocs: 1}, Aggs: r.measure()}
	}
	return a
}

// measure returns the aggregation that measures each bucket.
func (r Ranking) measure() map[string]Agg {
	bytes := Agg{Sum: &FieldAgg{"wm.delta"}}
	changed := func(by Range) Agg {
		return Agg{Filter: &Clause{Range: map[string]Range{"wm.delta": by}}, Aggs: map[string]Agg{"bytes": bytes}}
	}
	switch r.By {
	case ByUsers:
		return map[string]Agg{"size": {Cardinality: &FieldAgg{"wm.user"}}}
	case ByAdded:
		return map[string]Agg{"size": changed(Range{GT: 0})}
	case ByRemoved:
		return map[string]Agg{"size": changed(Range{LT: 0})}
	case ByNet:
		return map[string]Agg{"size": bytes}
	case ByRevertShare:
		return map[string]Agg{"size": {Avg: &FieldAgg{"wm.revert"}}}
	}
	return map[string]Agg{}
}

// size reads the result of measure.
func (r Ranking) size(b Bucket) float64 {
	size := b.Aggs["size"]
	switch r.By {
	case ByAdded:
		return size.Aggs["bytes"].Value
	case ByRemoved:
		return 0 - size.Aggs["bytes"].Value // not -0
	case ByCount:
		return float64(b.Count)
	}
	return size.Value
}
