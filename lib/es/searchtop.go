package es

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"github.com/wmtools/wm/lib/match"
)

// Measure is what values are ranked by.
type Measure string

// Measures. The bytes are those of wm.delta.
const (
	ByCount   Measure = "count"   // events
	ByUsers   Measure = "users"   // different users
	ByAdded   Measure = "added"   // bytes by which pages grew
	ByRemoved Measure = "removed" // bytes by which pages shrank, as a positive number
	ByNet     Measure = "net"     // ByAdded less ByRemoved
)

// Measures are all of them.
var Measures = []Measure{ByCount, ByUsers, ByAdded, ByRemoved, ByNet}

// Ranking asks for the first values of a field.
type Ranking struct {
	Field string
	N     int // values
	By    Measure
	Per   time.Duration // also by intervals of this length, whole milliseconds; 0: not
}

// Rank is a value of the field and its events.
type Rank struct {
	Value any   // string, int64 or bool, as the field is
	Count int64 // events
	Size  int64 // by the Measure
	Times []Interval
}

// Interval is a part of a Rank's events, of which there are some.
type Interval struct {
	Start       time.Time
	Count, Size int64
}

// Ranks is the answer to a Ranking, the first value first.
type Ranks struct {
	List  []Rank
	Other int64 // events with other values
	Error int64 // Count may be too low by so much; -1: values may be missing. 0: exact
}

// minProposals is how many values each part of an index proposes at least: what
// is not proposed by all cannot be counted exactly.
const minProposals = 1000

// Top ranks the values of a field over the documents that a query finds. In
// Elasticsearch the number of users is an estimate above some thousands. Index
// is a name or a pattern; the error is ErrNoIndex where there is none.
func (c *Client) Top(ctx context.Context, index string, q Query, r Ranking) (Ranks, error) {
	f := r.field()
	if f == nil {
		return Ranks{}, fmt.Errorf("field %q: %s", r.Field, uncounted)
	}
	page, err := c.Search(ctx, index, Search{Query: q, Aggs: map[string]Agg{"top": r.agg()}})
	switch {
	case err != nil:
		return Ranks{}, err
	case page.Shards.none():
		return Ranks{}, ErrNoIndex
	}
	top := page.Aggs["top"]
	ranks := Ranks{Other: top.Other, Error: top.Error}
	for _, b := range top.Buckets {
		one := Rank{Value: f.value(b.Key), Count: b.Count, Size: r.size(b)}
		for _, t := range b.Aggs["times"].Buckets {
			one.Times = append(one.Times, Interval{time.UnixMilli(t.Millis()).UTC(), t.Count, r.size(t)})
		}
		ranks.List = append(ranks.List, one)
	}
	return ranks, nil
}

// Select is Select for a ranking: a field that the index does not count is an
// *Inexpressible too.
func (r Ranking) Select(q *match.Query, since, until time.Time) (Query, error) {
	selected, err := Select(q, since, until)
	if err == nil && r.field() == nil {
		err = &Inexpressible{what: fmt.Sprintf("field %q", r.Field), reason: uncounted, rest: q.Terms, since: since, until: until}
	}
	return selected, err
}

// Otherwise is the end of a pipeline that counts where the index cannot. For other
// measures it ends with the events.
func (r Ranking) Otherwise() (p Pipeline) {
	if r.By == ByCount && r.Per == 0 {
		keys := strings.Split(r.Field, ".")
		if keys[0] == "wm" || keys[0] == timeField {
			p.Search = []string{"--derived"}
		}
		path, _ := json.Marshal(keys) // strings always marshal
		values := fmt.Sprintf("getpath(%s) | values", path)
		p.Then = fmt.Sprintf("jq -c %s | sort | uniq -c | sort -rn | head -n %d", shellWord(values), r.N)
	}
	return p
}

const uncounted = "the index does not count its values"

// field returns how the field is mapped, nil if it cannot be ranked.
func (r Ranking) field() *mappedField {
	if f := lookUp(strings.Split(r.Field, ".")); f != nil && f.ranked() {
		return f
	}
	return nil
}

// ranked reports whether the index keeps the values of the field side by side,
// and they are not times.
func (m *mappedField) ranked() bool {
	_, number := m.values()
	return m.indexed() && (m.Type == "keyword" || m.Type == "boolean" || number && m.Type != "date")
}

// value reads the key of a bucket.
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

// agg makes the aggregation.
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

// measure makes what counts in each bucket.
func (r Ranking) measure() map[string]Agg {
	bytes := Agg{Sum: &FieldAgg{"wm.delta"}}
	changed := func(by Range) Agg {
		return Agg{Filter: &Query{Range: map[string]Range{"wm.delta": by}}, Aggs: map[string]Agg{"bytes": bytes}}
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

// size reads what measure made.
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
