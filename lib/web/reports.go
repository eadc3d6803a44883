package web

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/wmtools/wm/lib/es/query"
)

// Streams with additional information about earlier edits.
const (
	riskStream = "page_revert_risk_prediction_change.v1" // how likely it is to be reverted, as a model predicts
	tagsStream = "revision-tags-change"                  // its tags; one says that it was reverted
)

// reports records which of these streams are indexed.
type reports struct {
	Risk bool `json:"risk"`
	Tags bool `json:"tags"`
}

func (r reports) any() bool { return r.Risk || r.Tags }

// reportsPanels returns panels that check once a minute whether the streams are indexed.
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

// lastReports returns the reports found by the last answer.
func (d *Dashboard) lastReports() reports {
	if r := d.reports.Load(); r != nil {
		return *r
	}
	return reports{}
}

// revertedPanels returns panels that count the reverted edits of a view, by their tags.
// They replace the likely reverts if the tags are indexed and have the fields of the
// query.
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

// measured returns the panel for a measure in a window and, if there is a field
// and the measure adds up, for its parts by that field.
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

// histogramPanels returns panels for a measure of a stream other than the view's.
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

// lateReports makes the searches that depend on the answer for the view. It waits only
// briefly, because the rows wait for it; the next refresh includes these searches in its
// request.
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

// streamsOf returns the indices of some streams and, if these may contain other streams,
// the condition that selects their documents.
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
