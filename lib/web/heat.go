package web

import (
	"time"

	"github.com/wmtools/wm/lib/es/query"
)

// heat counts the changes of each hour of the last weeks. The page folds the
// hours into weekdays in the reader's time zone.
type heat struct {
	Start   int64   `json:"start"` // of the first hour
	Hours   []int64 `json:"hours"` // changes
	Problem string  `json:"problem,omitempty"`
}

// heatWeeks is how far back the heat map looks.
const heatWeeks = 4

// heatWindow ends with the last complete hour, so that its search is the same
// for an hour.
func heatWindow(now time.Time) window {
	end := floor(now, time.Hour)
	from := end.Add(-heatWeeks * 7 * 24 * time.Hour)
	return window{from: from, to: end, start: from, interval: time.Hour, now: end}
}

func heatPanel(v view, s source, a *answer, now time.Time) panel {
	w := heatWindow(now)
	return panel{
		keep:   true,
		search: query.Search{Query: s.filter(v.query, w.from, w.to), Timeout: answerTimeout, Aggs: aggs{"time": overTime(w, nil)}},
		read: func(p query.Page) {
			a.Heat = heat{Start: millis(w.from), Hours: make([]int64, w.buckets())}
			for i, b := range spread(w, p.Aggs["time"]) {
				a.Heat.Hours[i] = b.Count
			}
		},
		fail: func(err error) { a.Heat = heat{Hours: []int64{}, Problem: problemOf(err)} },
	}
}
