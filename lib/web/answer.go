package web

import (
	"time"

	"github.com/wmtools/wm/lib/es/query"
)

// answer is the result of /api/v1/view: everything that the page shows. Times are in
// milliseconds since 1970.
type answer struct {
	Stream    string    `json:"stream"`
	Query     string    `json:"q"`
	Terms     []term    `json:"terms"`
	State     state     `json:"state"`
	LastMatch int64     `json:"last_match,omitempty"` // before the window, if nothing in it matches
	Window    times     `json:"window"`
	Previous  times     `json:"previous"`
	Generated int64     `json:"generated"` // when the search was made
	Took      int64     `json:"took"`      // how long it took
	Kept      int64     `json:"kept"`      // how long this answer is cached
	Partial   bool      `json:"partial"`   // the server could not read everything in time
	Total     int64     `json:"total"`     // changes in the window
	Figures   []figure  `json:"figures"`
	Histogram histogram `json:"histogram"`
	Gaps      []gap     `json:"gaps"` // in the window
	Facets    []facet   `json:"facets"`
	Hot       hot       `json:"hot"`
	Unusual   unusual   `json:"unusual"`
	Heat      heat      `json:"heat"`
	Charts    []drawn   `json:"charts"`
	Rows      []row     `json:"rows"` // the newest changes, newest first
	// Marks are what other streams say about rows of this answer and those before
	// it, by Rev.
	Marks   map[string]mark `json:"marks,omitempty"`
	Reports reports         `json:"reports"` // which of these streams are indexed
	Health  health          `json:"health"`

	err error // of the main search, without which there is no answer
}

// state is the state of the page.
type state string

const (
	stateOK      state = "ok"
	stateEmpty   state = "empty"   // the index has no document of the stream
	stateNoMatch state = "nomatch" // no document in the window matches
	stateForeign state = "foreign" // the index was not created by wm-es
)

// panels returns the searches that fill in the answer of a view.
func (d *Dashboard) panels(v view, a *answer, now time.Time) []panel {
	w, s := v.window(now, 0), source{d.options.Index, v.stream}
	a.Window, a.Previous = w.json(), w.before().json()
	main := v
	if v.measure.stream != "" {
		main.measure = figures[0]
	}
	list := []panel{
		mainPanel(main, w, s, a),
		previousPanel(main, w, s, a),
		rowsPanel(v, w, s, a),
		newestPanel(s, a, now),
		dayPanel(s, a, now),
		hotPanel(v, w, s, a),
		unusualPanel(v, w, s, a),
		heatPanel(v, s, a, now),
	}
	if v.measure.stream != "" {
		list = append(list, d.histogramPanels(v, a, now)...)
	}
	list = append(list, gapsPanels(v, s, a, now)...)
	list = append(list, d.reportsPanels(a, now)...)
	list = append(list, addsPanels(v, w, s, a)...)
	a.Charts = make([]drawn, len(v.charts))
	for i, c := range v.charts {
		list = append(list, chartPanel(v, c, d.options.Index, &a.Charts[i], now))
	}
	return list
}

// mainPanel searches for the figures, the histogram and the lists.
func mainPanel(v view, w window, s source, a *answer) panel {
	all := allAggs(append(figures[:len(figures):len(figures)], v.measure)...)
	top := make(aggs)
	for name, agg := range all {
		top[name] = agg
	}
	top["time"] = overTime(w, all)
	if v.measure.stacks {
		top["split"] = splitOverTime(v.split, v.measure, w)
	}
	addFacets(top)
	return panel{
		search: query.Search{Query: s.filter(v.query, w.from, w.to), TrackTotalHits: true, Timeout: answerTimeout, Aggs: top},
		read: func(p query.Page) {
			whole := query.Bucket{Count: p.Hits.Total.Value, Aggs: p.Aggs}
			a.Total = whole.Count
			buckets := spread(w, p.Aggs["time"])
			a.Figures = newFigures(w, whole, buckets)
			a.Histogram = newHistogram(v, w, buckets, p.Aggs["split"])
			a.Facets = newFacets(v, p.Aggs)
		},
		fail: func(err error) { a.err = err },
	}
}

func splitOverTime(f field, m measure, w window) query.Agg {
	return query.Agg{Terms: &query.TermsAgg{Field: f.index, Size: maxSeries}, Aggs: aggs{"time": overTime(w, m.aggs)}}
}

// previousPanel searches for the figures of the previous period.
func previousPanel(v view, w window, s source, a *answer) panel {
	before := w.before()
	all := allAggs(figures...)
	top := make(aggs)
	for name, agg := range all {
		top[name] = agg
	}
	top["time"] = overTime(before, v.measure.aggs)
	return panel{
		search: query.Search{Query: s.filter(v.query, before.from, before.to), TrackTotalHits: true, Timeout: answerTimeout, Aggs: top},
		read: func(p query.Page) {
			whole := query.Bucket{Count: p.Hits.Total.Value, Aggs: p.Aggs}
			buckets := spread(before, p.Aggs["time"])
			a.compare(w, whole)
			a.Histogram.Before = v.measure.values(before, buckets)
			a.Histogram.BeforeTotal = v.measure.value(whole, before.to.Sub(before.from))
		},
	}
}
