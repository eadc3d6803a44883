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

// gap is a time without any change.
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

// dayPanel looks for gaps in the last 24 hours. It is searched once a minute.
func dayPanel(s source, a *answer, now time.Time) panel {
	end := floor(now, time.Minute)
	w := window{from: end.Add(-25 * time.Hour), to: end, start: end.Add(-25 * time.Hour), interval: time.Minute, now: end}
	return panel{
		keep:   true,
		search: query.Search{Query: s.filter(emptyQuery, w.from, w.to), Timeout: answerTimeout, Aggs: aggs{"time": overTime(w, nil)}},
		read: func(p query.Page) {
			minutes := spread(w, p.Aggs["time"])
			a.Health.Usual = perSecond(minutes[:60])
			a.Health.Gaps = gaps(w, minutes)
		},
		fail: func(error) { a.Health.Gaps = []gap{} },
	}
}

func perSecond(minutes []query.Bucket) float64 {
	var n int64
	for _, m := range minutes {
		n += m.Count
	}
	return float64(n) / float64(60*len(minutes))
}

// busy is the rate in changes per minute from which a minute without changes counts
// as a gap.
const busy = 10

// gaps returns the minutes without changes between the first and the last change.
func gaps(w window, minutes []query.Bucket) []gap {
	list := []gap{}
	first, last, n := -1, -1, int64(0)
	for i, m := range minutes {
		if n += m.Count; m.Count > 0 {
			if last = i; first < 0 {
				first = i
			}
		}
	}
	if first < 0 || n < busy*int64(last-first) {
		return list
	}
	for i := first; i < last; i++ {
		begin := i
		for minutes[i].Count == 0 {
			i++
		}
		if i > begin {
			from, _ := w.bucket(begin)
			to, _ := w.bucket(i)
			list = append(list, gap{millis(from), millis(to)})
		}
	}
	return list
}
