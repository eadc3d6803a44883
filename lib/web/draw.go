package web

import (
	"time"

	"github.com/wmtools/wm/lib/es/query"
)

// drawn is a chart with its figures.
type drawn struct {
	Spec    string    `json:"spec"`
	Title   string    `json:"title"`
	Titled  bool      `json:"titled"` // by the reader
	Measure string    `json:"measure"`
	Label   string    `json:"label"` // of the measure
	Kind    kind      `json:"kind"`
	Stacked bool      `json:"stacked"`
	By      string    `json:"by"`
	Split   string    `json:"split"`
	Form    string    `json:"form"`
	Query   string    `json:"q"`
	Terms   []term    `json:"terms"`
	Window  times     `json:"window"`
	Own     bool      `json:"own"`   // the chart does not follow the time of the page
	Fixed   bool      `json:"fixed"` // which does not move
	Series  []series  `json:"series"`
	Totals  []float64 `json:"totals"` // by time: one for each bucket; by a field: one for each key
	Keys    []keyed   `json:"keys"`   // of a chart by a field
	Start   int64     `json:"start"`  // of a heat map, with Hours
	Hours   []float64 `json:"hours"`
	Value   float64   `json:"value"` // of everything
	Took    int64     `json:"took"`
	Problem string    `json:"problem,omitempty"`
}

// keyed is a value of the field that a chart is grouped by.
type keyed struct {
	labelled
	Term string `json:"term"` // the condition in the query language
}

// maxKeys is the maximum number of values in a chart by a field.
const maxKeys = 15

func chartPanel(v view, c chart, pattern string, d *drawn, now time.Time) panel {
	v = c.within(v)
	w := v.window(now, c.every)
	if c.by == byHour {
		w = v.window(now, time.Hour)
	}
	d.describe(c, w)
	counted, problem := v.overOrNothing(c.stream())
	d.Problem = problem
	s := source{pattern, counted.stream}
	top := allAggs(c.measure)
	switch _, isField := fieldByID(c.by); {
	case isField:
		top["keys"] = c.keysAgg()
	case c.by == byRisk:
		addBands(top, c.measure)
	default:
		top["time"] = overTime(w, c.measure.aggs)
		if c.splits() {
			top["split"] = c.splitAgg(overTime(w, c.measure.aggs))
		}
	}
	return panel{
		search: query.Search{Index: s.indexName(), Query: s.filter(counted.query, w.from, w.to), TrackTotalHits: true, Timeout: answerTimeout, Aggs: top},
		read: func(p query.Page) {
			d.Took = p.Took
			whole := query.Bucket{Count: p.Hits.Total.Value, Aggs: p.Aggs}
			d.Value = c.measure.value(whole, w.to.Sub(w.from))
			switch _, isField := fieldByID(c.by); {
			case isField:
				d.readKeys(c, v.stream, w, p.Aggs["keys"].Buckets)
			case c.by == byRisk:
				d.readBands(c.measure, w, p.Aggs)
			case c.by == byHour:
				d.Start, d.Hours = millis(w.start), c.measure.values(w, spread(w, p.Aggs["time"]))
			default:
				d.Totals = c.measure.values(w, spread(w, p.Aggs["time"]))
				if c.splits() {
					d.Series = newSeries(c.measure, c.split, w, d.Totals, p.Aggs["split"])
				}
			}
		},
		fail: func(err error) { d.Problem = problemOf(err) },
	}
}

// splits reports whether the chart is split. Only measures that add up can be.
func (c chart) splits() bool { return c.split.id != "" && c.measure.stacks }

func (d *drawn) describe(c chart, w window) {
	*d = drawn{
		Spec: c.params().Encode(), Title: c.name(), Titled: c.title != "", Measure: c.measure.id, Label: c.measure.label, Kind: c.measure.kind,
		Stacked: c.measure.stacks, By: c.by, Split: c.split.id, Form: c.form, Query: c.text, Window: w.json(),
		Terms: view{query: c.query}.terms(), Own: c.ownTime(), Fixed: !c.from.IsZero(),
		Series: []series{}, Totals: []float64{}, Keys: []keyed{}, Hours: []float64{},
	}
}

// keysAgg groups by the values of a field, the largest first.
func (c chart) keysAgg() query.Agg {
	f, _ := fieldByID(c.by)
	below := allAggs(c.measure)
	if c.splits() {
		below["split"] = c.splitAgg()
	}
	return query.Agg{Terms: &query.TermsAgg{Field: f.index, Size: maxKeys, ShardSize: moreProposals, Order: c.measure.order}, Aggs: below}
}

func (c chart) splitAgg(time ...query.Agg) query.Agg {
	below := allAggs(c.measure)
	for _, t := range time {
		below["time"] = t
	}
	return query.Agg{Terms: &query.TermsAgg{Field: c.split.index, Size: maxSeries, Order: c.measure.order}, Aggs: below}
}

// readKeys reads a chart by a field. The series of its split have a value for each
// key.
func (d *drawn) readKeys(c chart, stream string, w window, buckets []query.Bucket) {
	f, _ := fieldByID(c.by)
	lasts := w.to.Sub(w.from)
	bySplit := make(map[string]int)
	other := series{labelled: labelled{Label: "other"}, Values: make([]float64, len(buckets))}
	for i, b := range buckets {
		d.Keys = append(d.Keys, keyed{f.value(b.Term()), f.condition(stream, b.Term())})
		total := c.measure.value(b, lasts)
		d.Totals = append(d.Totals, total)
		other.Values[i] = total
		for _, part := range b.Aggs["split"].Buckets {
			at, known := bySplit[part.Term()]
			if !known && len(d.Series) == maxSeries {
				continue
			}
			if !known {
				at = len(d.Series)
				bySplit[part.Term()] = at
				d.Series = append(d.Series, series{labelled: c.split.value(part.Term()), Values: make([]float64, len(buckets))})
			}
			n := c.measure.value(part, lasts)
			d.Series[at].Values[i] = n
			d.Series[at].Total += n
			other.Values[i] -= n
			other.Total -= n
		}
		other.Total += total
	}
	if c.splits() && other.Total > 0.5 {
		d.Series = append(d.Series, other)
	}
}
