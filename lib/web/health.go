package web

import (
	"time"

	"github.com/wmtools/wm/lib/es/query"
)

// health is how well the index keeps up with the stream, independently of the view.
type health struct {
	Newest    int64   `json:"newest,omitempty"` // time of the newest change in the index
	Rate      float64 `json:"rate"`             // changes per second in the last minute
	Usual     float64 `json:"usual"`            // the same at this hour of the day before; 0: not known
	Gaps      []gap   `json:"gaps"`             // of the last 24 hours
	Documents int64   `json:"documents"`
	Source    string  `json:"source"`
	Problem   string  `json:"problem,omitempty"`
}

// gap is a time without any change of the stream, although it usually has many: nothing
// was collected.
type gap struct {
	From int64 `json:"from"`
	To   int64 `json:"to"`
}

// newestPanel finds the newest document of the stream.
func newestPanel(s source, a *answer, now time.Time) panel {
	lastMinute := query.Clause{Range: map[string]query.Range{timeField: {GTE: millis(now.Add(-time.Minute))}}}
	return panel{
		search: query.Search{
			Query: s.filter(emptyQuery, zero, zero), Size: 1, Sort: newestFirst(), TrackTotalHits: true, Timeout: answerTimeout,
			Aggs: aggs{"minute": matching(lastMinute)},
		},
		read: func(p query.Page) {
			a.Health.Documents = p.Hits.Total.Value
			a.Health.Rate = float64(p.Aggs["minute"].Count) / 60
			if len(p.Hits.Hits) > 0 {
				a.Health.Newest = sortTime(p.Hits.Hits[0])
			}
		},
		fail: func(err error) { a.Health.Problem = problemOf(err) },
	}
}

// sortTime returns the time of a hit from its sort value.
func sortTime(h query.Hit) int64 {
	if len(h.Sort) == 0 {
		return 0
	}
	ms := query.Bucket{Key: h.Sort[0]}.Millis()
	if ms < 0 { // an index that lacks the field
		return 0
	}
	return ms
}

// dayBefore returns the minutes of the last 25 hours.
func dayBefore(now time.Time) window {
	end := floor(now, time.Minute)
	return wholeBuckets(end.Add(-25*time.Hour), end, time.Minute)
}

// dayPanel looks for gaps in the last 24 hours. It is searched once a minute.
func dayPanel(s source, a *answer, now time.Time) panel {
	w := dayBefore(now)
	p := s.everything(w)
	p.read = func(found query.Page) {
		minutes := spread(w, found.Aggs["time"])
		a.Health.Usual = perSecond(minutes[:60])
		a.Health.Gaps = gaps(w, minutes)
		if a.Window.From >= millis(w.from) {
			a.addGaps(a.Health.Gaps)
		}
	}
	return p
}

// gapPrecision is how many times finer the search for gaps is than the histogram.
const gapPrecision = 10

// gapsPanels looks for gaps in a view that begins before the day of dayPanel, and as long
// before and after it, where a gap may begin or end.
func gapsPanels(v view, s source, a *answer, now time.Time) []panel {
	shown := v.window(now, 0)
	if !shown.from.Before(dayBefore(now).from) {
		return nil
	}
	length := shown.to.Sub(shown.from)
	step := max(time.Minute, intervalFor(length/gapPrecision))
	end := shown.to.Add(length)
	if now.Before(end) {
		end = now
	}
	w := wholeBuckets(floor(shown.from.Add(-length), step), floor(end, step), step)
	p := s.everything(w)
	p.read = func(found query.Page) { a.addGaps(gaps(w, spread(w, found.Aggs["time"]))) }
	return []panel{p}
}

func wholeBuckets(from, to time.Time, step time.Duration) window {
	return window{from: from, to: to, start: from, interval: step, now: to}
}

// everything counts all changes over a window, which does not change between refreshes.
func (s source) everything(w window) panel {
	return panel{
		keep:   true,
		search: query.Search{Query: s.filter(emptyQuery, w.from, w.to), Timeout: answerTimeout, Aggs: aggs{"time": overTime(w, nil)}},
		fail:   func(error) {}, // no gap is known
	}
}

// addGaps adds the parts of gaps that are in the window.
func (a *answer) addGaps(list []gap) {
	for _, g := range list {
		g = gap{max(g.From, a.Window.From), min(g.To, a.Window.To)}
		if g.From < g.To {
			a.Gaps = append(a.Gaps, g)
		}
	}
}

func perSecond(minutes []query.Bucket) float64 {
	var n int64
	for _, m := range minutes {
		n += m.Count
	}
	return float64(n) / float64(60*len(minutes))
}

const (
	// busy is the average number of changes in a bucket that has any from which an
	// empty bucket means that nothing was collected.
	busy = 10
	// bursty is how many buckets with changes there are for each gap at least. A stream
	// whose changes come in bursts has more gaps.
	bursty = 10
)

// gaps returns the times without changes between the first and the last change.
func gaps(w window, buckets []query.Bucket) []gap {
	list := []gap{}
	last, filled, n := -1, int64(0), int64(0)
	for i, b := range buckets {
		if b.Count == 0 {
			continue
		}
		if last >= 0 && last+1 < i {
			_, from := w.bucket(last)
			to, _ := w.bucket(i)
			list = append(list, gap{millis(from), millis(to)})
		}
		last, filled, n = i, filled+1, n+b.Count
	}
	if n < busy*filled || bursty*int64(len(list)) > filled {
		return []gap{}
	}
	return list
}
