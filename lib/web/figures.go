package web

import (
	"slices"
	"time"

	"github.com/wmtools/wm/lib/es/query"
)

// figure is one of the figures at the head of the page.
type figure struct {
	ID       string    `json:"id"`
	Label    string    `json:"label"`
	Kind     kind      `json:"kind"`
	Value    float64   `json:"value"`
	Previous *float64  `json:"previous"` // in the period before; null: not known
	Series   []float64 `json:"series"`   // one value for each complete bucket
}

func newFigures(w window, whole query.Bucket, buckets []query.Bucket) []figure {
	complete := w.complete()
	list := make([]figure, len(figures))
	for i, m := range figures {
		value := m.value(whole, w.to.Sub(w.from))
		if m.kind == rateKind {
			value = rateOf(w, buckets, complete)
		}
		list[i] = figure{ID: m.id, Label: m.label, Kind: m.kind, Value: value, Series: m.values(w, buckets)[:complete]}
	}
	return list
}

// ofScores are the measures whose fields scores of edits have.
var ofScores = []string{"changes", "rate", "editors", "pages", "bots", "at_risk"}

// dropUncounted leaves out figures that would be 0 for want of a field.
func (a *answer) dropUncounted() {
	if a.Stream == riskStream {
		a.Figures = slices.DeleteFunc(a.Figures, func(f figure) bool { return f.ID != "reverted" && !slices.Contains(ofScores, f.ID) })
	}
}

// rateOf returns the rate per minute over the complete buckets. An incomplete one
// would make it too low.
func rateOf(w window, buckets []query.Bucket, complete int) float64 {
	if complete == 0 {
		return 0
	}
	var n int64
	for _, b := range buckets[:complete] {
		n += b.Count
	}
	from, _ := w.bucket(0)
	_, to := w.bucket(complete - 1)
	return ratio(float64(n), to.Sub(from).Minutes())
}

// compare adds the figures of the period before.
func (a *answer) compare(w window, before query.Bucket) {
	for i := range a.Figures {
		value := figures[i].value(before, w.to.Sub(w.from))
		a.Figures[i].Previous = &value
	}
}

// histogram is the chart of the chosen measure over time.
type histogram struct {
	Measure     string    `json:"measure"`
	Label       string    `json:"label"`
	Kind        kind      `json:"kind"`
	Stacked     bool      `json:"stacked"` // series add up to totals
	Split       string    `json:"split"`
	Series      []series  `json:"series"` // of the split; empty unless stacked
	Totals      []float64 `json:"totals"` // one for each bucket
	Total       float64   `json:"total"`
	Before      []float64 `json:"before"` // of the period before; null: not known
	BeforeTotal float64   `json:"before_total"`
	Problem     string    `json:"problem,omitempty"`
}

// series is one part of a split over time. Value "" is everything else.
type series struct {
	labelled
	Total  float64   `json:"total"`
	Values []float64 `json:"values"`
}

func newHistogram(v view, w window, buckets []query.Bucket, split query.Bucket) histogram {
	h := histogram{
		Measure: v.measure.id, Label: v.measure.label, Kind: v.measure.kind, Stacked: v.measure.stacks, Split: v.split.id,
		Totals: v.measure.values(w, buckets), Series: []series{},
	}
	h.Total = sum(h.Totals)
	if v.measure.kind == rateKind {
		h.Total = rateOf(w, buckets, w.complete())
	}
	if v.measure.stacks {
		h.Series = newSeries(v.measure, v.split, w, h.Totals, split)
	}
	return h
}

// newSeries reads the parts of a split. The rest of the totals is "other", which is
// exact because the parts of a stacking measure add up.
func newSeries(m measure, f field, w window, totals []float64, split query.Bucket) []series {
	list := []series{}
	rest := append([]float64(nil), totals...)
	for _, b := range split.Buckets {
		one := series{labelled: f.value(b.Term()), Values: m.values(w, spread(w, b.Aggs["time"]))}
		for i, n := range one.Values {
			rest[i] -= n
		}
		one.Total = m.total(w, one.Values)
		list = append(list, one)
	}
	if other := m.total(w, rest); other > 0.5 || len(list) == 0 {
		list = append(list, series{labelled: labelled{Label: "other"}, Total: other, Values: rest})
	}
	return list
}

// total adds up the values of buckets.
func (m measure) total(w window, values []float64) float64 {
	if m.kind != rateKind {
		return sum(values)
	}
	var weighted float64
	for i, n := range values {
		from, to := w.bucket(i)
		weighted += n * to.Sub(from).Minutes()
	}
	return ratio(weighted, w.to.Sub(w.from).Minutes())
}

func sum(values []float64) (n float64) {
	for _, v := range values {
		n += v
	}
	return n
}

// millis returns a time in milliseconds since 1970, or 0 for the zero time.
func millis(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.UnixMilli()
}
