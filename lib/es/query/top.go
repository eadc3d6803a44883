package query

import (
	"context"
	"encoding/json"
	"fmt"
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
)

// Measures lists all measures.
var Measures = []Measure{ByCount, ByUsers, ByAdded, ByRemoved, ByNet}

// Ranking requests the top values of a field.
type Ranking struct {
	Field string
	N     int // number of values
	By    Measure
	Per   time.Duration // also rank by intervals of this many milliseconds; 0: do not
}

// Rank is a value of the field and its events.
type Rank struct {
	Value any   // string, int64 or bool, as the field is
	Count int64 // events
	Size  int64 // in terms of the Measure
	Times []Interval
}

// Interval is a part of a Rank's events.
type Interval struct {
	Start       time.Time
	Count, Size int64
}

// Ranks is the answer to a Ranking, the top value first.
type Ranks struct {
	List  []Rank
	Other int64 // events with other values
	Error int64 // how much too low a Count may be; 0: exact; -1: values may be missing
}

// minProposals is how many values each shard proposes at least. The count of a
// value that a shard does not propose is inexact.
const minProposals = 1000

// Top ranks the values of a field over the documents that a clause selects.
// Elasticsearch estimates numbers of users above a few thousand. The error is
// ErrNoIndex if no index matches.
func (r *Reader) Top(ctx context.Context, index string, q Clause, ranking Ranking) (Ranks, error) {
	f := ranking.field()
	if f == nil {
		return Ranks{}, fmt.Errorf("field %q: %s", ranking.Field, uncounted)
	}
	page, err := r.Search(ctx, index, Search{Query: q, Aggs: map[string]Agg{"top": ranking.agg()}})
	switch {
	case err != nil:
		return Ranks{}, err
	case page.Shards.none():
		return Ranks{}, ErrNoIndex
	}
	top := page.Aggs["top"]
	ranks := Ranks{Other: top.Other, Error: top.Error}
	for _, b := range top.Buckets {
		one := Rank{Value: f.value(b.Key), Count: b.Count, Size: ranking.size(b)}
		for _, t := range b.Aggs["times"].Buckets {
			one.Times = append(one.Times, Interval{time.UnixMilli(t.Millis()).UTC(), t.Count, ranking.size(t)})
		}
		ranks.List = append(ranks.List, one)
	}
	return ranks, nil
}

// Select is like the function Select, but also returns an *Inexpressible for a
// field that the index cannot rank.
func (r Ranking) Select(q *match.Query, since, until time.Time) (Clause, error) {
	selected, err := Select(q, since, until)
	if err == nil && r.field() == nil {
		err = &Inexpressible{What: fmt.Sprintf("field %q", r.Field), Reason: uncounted, Rest: q.Terms, Since: since, Until: until}
	}
	return selected, err
}

const uncounted = "the index cannot rank its values"

// field returns the mapping of the field, or nil if it cannot be ranked.
func (r Ranking) field() *mappedField {
	if f := lookUp(strings.Split(r.Field, ".")); f != nil && f.ranked() {
		return f
	}
	return nil
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

// agg returns the aggregation.
func (r Ranking) agg() Agg {
	a := Agg{
		Terms: &TermsAgg{Field: r.Field, Size: r.N, ShardSize: max(minProposals, 10*r.N)},
		Aggs:  r.measure(),
	}
	switch r.By {
	case ByUsers, ByNet:
		a.Terms.Order = map[string]string{"size": "desc"}
	case ByAdded:
		a.Terms.Order = map[string]string{"size>bytes": "desc"}
	case ByRemoved:
		a.Terms.Order = map[string]string{"size>bytes": "asc"}
	}
	if r.Per > 0 {
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
	}
	return map[string]Agg{}
}

// size reads the result of measure.
func (r Ranking) size(b Bucket) int64 {
	size := b.Aggs["size"]
	switch r.By {
	case ByAdded:
		return int64(size.Aggs["bytes"].Value)
	case ByRemoved:
		return -int64(size.Aggs["bytes"].Value)
	case ByCount:
		return b.Count
	}
	return int64(size.Value)
}
