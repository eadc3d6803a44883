package web

import (
	"cmp"
	"slices"
	"time"

	"github.com/wmtools/wm/lib/es/query"
)

// unusual is the list of values that are far more frequent than usual.
type unusual struct {
	Items   []unusualItem `json:"items"`
	Against times         `json:"against"` // the window that determines what is usual
	Problem string        `json:"problem,omitempty"`
}

type unusualItem struct {
	labelled
	Field string `json:"field"` // id
	Term  string `json:"term"`  // its name in queries
	Now   int64  `json:"now"`
	Usual int64  `json:"usual"`
}

// The thresholds for unusual values.
const (
	unusualCount  = 10 // changes at least
	unusualFactor = 2  // times as many as usual, at least
	maxUnusual    = 8
)

// compared are the fields whose values may be unusual.
var compared = []string{"user", "wiki", "page", "kind", "type", "log"}

func unusualPanel(v view, w window, s source, a *answer) panel {
	end := ceil(w.to, hotSlot)
	days := time.Duration(1 + (end.Sub(w.from)-1)/(24*time.Hour))
	before := window{from: w.from.Add(-days * 24 * time.Hour), to: end.Add(-days * 24 * time.Hour), start: w.from.Add(-days * 24 * time.Hour), interval: w.interval, now: w.now}
	usual := s.filter(v.query, before.from, before.to)
	lists := make(aggs)
	for _, id := range compared {
		f, _ := fieldByID(id)
		lists[id] = query.Agg{SignificantTerms: &query.SignificantTermsAgg{
			Field: f.index, Size: maxUnusual, MinDocs: unusualCount, Background: usual,
		}}
	}
	return panel{
		keep:   true,
		search: query.Search{Query: s.filter(v.query, w.from, end), Timeout: answerTimeout, Aggs: lists},
		read: func(p query.Page) {
			a.Unusual = unusual{Items: newUnusual(v, p.Aggs), Against: before.json()}
			if p.Aggs[compared[0]].Background == 0 {
				a.Unusual = unusual{Items: []unusualItem{}, Problem: "There is nothing to compare with: the index has no changes of the day before."}
			}
		},
		fail: func(err error) { a.Unusual = unusual{Items: []unusualItem{}, Problem: problemOf(err)} },
	}
}

func newUnusual(v view, found map[string]query.Bucket) []unusualItem {
	list := []unusualItem{}
	for _, id := range compared {
		f, _ := fieldByID(id)
		for _, b := range found[id].Buckets {
			if b.Count >= unusualCount && b.Count >= unusualFactor*b.Background {
				list = append(list, unusualItem{labelled: f.value(b.Term()), Field: id, Term: f.in(v.stream), Now: b.Count, Usual: b.Background})
			}
		}
	}
	slices.SortStableFunc(list, func(a, b unusualItem) int { return cmp.Compare(b.factor(), a.factor()) })
	return list[:min(len(list), maxUnusual)]
}

// factor returns the ratio of a value's frequency to its usual frequency.
func (i unusualItem) factor() float64 { return float64(i.Now) / float64(max(1, i.Usual)) }
