package web

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/wmtools/wm/lib/es/query"
)

// Streams in which Wikimedia says more about an edit after it was made.
const (
	riskStream = "page_revert_risk_prediction_change.v1" // how likely it is to be reverted, as a model predicts
	tagsStream = "revision-tags-change"                  // its tags; one says that it was reverted
)

// reports says which of these streams are indexed.
type reports struct {
	Risk bool `json:"risk"`
	Tags bool `json:"tags"`
}

func (r reports) any() bool { return r.Risk || r.Tags }

// reportsPanels look whether the streams are indexed, once a minute.
func (d *Dashboard) reportsPanels(a *answer, now time.Time) []panel {
	look := func(stream string, found *bool) panel {
		s := source{d.options.Index, stream}
		return panel{
			keep: true,
			search: query.Search{
				Index: s.indexName(), Query: s.filter(emptyQuery, zero, floor(now, time.Minute).Add(time.Minute)), TrackTotalHits: true, Timeout: answerTimeout,
			},
			read: func(p query.Page) { *found = p.Hits.Total.Value > 0 },
		}
	}
	return []panel{look(riskStream, &a.Reports.Risk), look(tagsStream, &a.Reports.Tags)}
}

// indexName returns the indices of a stream of ours, whose name always fits.
func (s source) indexName() string {
	name, _ := s.index()
	return name
}

// lastReports returns the reports that the last answer found.
func (d *Dashboard) lastReports() reports {
	if r := d.reports.Load(); r != nil {
		return *r
	}
	return reports{}
}

// revertedPanels count the edits of a view that were reverted, as their tags say.
// They take the place of the likely reverts, where the tags are indexed and know
// the fields of the query.
func (d *Dashboard) revertedPanels(v view, a *answer, now time.Time) []panel {
	m, _ := measureByID("reverted")
	tagged, ok := v.over(m.stream)
	if !ok {
		return nil
	}
	w, s := v.window(now, 0), source{d.options.Index, m.stream}
	before := w.before()
	at := slices.IndexFunc(figures, func(f measure) bool { return f.id == "reverts" })
	return []panel{
		s.measured(m, tagged, w, nil, func(whole query.Bucket, buckets []query.Bucket) {
			value := m.value(whole, w.to.Sub(w.from))
			a.Figures[at] = figure{ID: m.id, Label: m.label, Kind: m.kind, Value: value, Series: m.values(w, buckets)[:w.complete()]}
		}),
		s.measured(m, tagged, before, nil, func(whole query.Bucket, _ []query.Bucket) {
			value := m.value(whole, before.to.Sub(before.from))
			a.Figures[at].Previous = &value
		}),
	}
}

// measured searches for a measure in a window, and its parts by a field, if there
// is one and they add up.
func (s source) measured(m measure, v view, w window, split *field, read func(whole query.Bucket, buckets []query.Bucket)) panel {
	top := allAggs(m)
	top["time"] = overTime(w, m.aggs)
	if split != nil && m.stacks {
		top["split"] = splitOverTime(*split, m, w)
	}
	return panel{
		search: query.Search{Index: s.indexName(), Query: s.filter(v.query, w.from, w.to), TrackTotalHits: true, Timeout: answerTimeout, Aggs: top},
		read: func(p query.Page) {
			read(query.Bucket{Count: p.Hits.Total.Value, Aggs: p.Aggs}, spread(w, p.Aggs["time"]))
		},
	}
}

// histogramPanels draw a measure of another stream than that of the view.
func (d *Dashboard) histogramPanels(v view, a *answer, now time.Time) []panel {
	m := v.measure
	other, problem := v.overOrNothing(m.stream)
	w, s := v.window(now, 0), source{d.options.Index, m.stream}
	before := w.before()
	return []panel{
		s.measured(m, other, w, &v.split, func(whole query.Bucket, buckets []query.Bucket) {
			a.Histogram = newHistogram(v, w, buckets, whole.Aggs["split"])
			a.Histogram.Total, a.Histogram.Problem = m.value(whole, w.to.Sub(w.from)), problem
		}),
		s.measured(m, other, before, nil, func(whole query.Bucket, buckets []query.Bucket) {
			a.Histogram.Before, a.Histogram.BeforeTotal = m.values(before, buckets), m.value(whole, before.to.Sub(before.from))
		}),
	}
}

// lateReports asks for what the request of the view could not include: what
// became known only by its answer. It waits a moment at most, because the rows
// wait for it; the next refresh has the same searches in its request.
func (d *Dashboard) lateReports(ctx context.Context, v view, a *answer, asked reports, listed []revision, now time.Time) {
	var late []panel
	if a.Reports.Tags && !asked.Tags {
		late = append(late, d.revertedPanels(v, a, now)...)
	}
	if len(listed) == 0 || a.Reports != asked {
		late = append(late, d.marksPanels(v, a, a.Reports, remember(listed, a.Rows))...)
	}
	if len(late) == 0 {
		return
	}
	ctx, cancel := context.WithTimeout(ctx, marksPatience)
	defer cancel()
	if _, err := d.ask(ctx, v.stream, late); err != nil && ctx.Err() == nil {
		d.options.OnError(err)
	}
}

// streamsOf returns the condition that a document is of one of some streams, if
// the names of their indices do not say so, and these names.
func (d *Dashboard) streamsOf(streams ...string) (index string, only []query.Clause) {
	var names []string
	var values []any
	for _, stream := range streams {
		s := source{d.options.Index, stream}
		names = append(names, s.indexName())
		for _, clause := range s.only() {
			values = append(values, clause.Terms["meta.stream"]...)
		}
	}
	if len(values) > 0 {
		only = []query.Clause{{Terms: map[string][]any{"meta.stream": values}}}
	}
	slices.Sort(names)
	return strings.Join(slices.Compact(names), ","), only
}
