package web

import (
	"slices"
	"time"

	"github.com/wmtools/wm/lib/es/query"
	"github.com/wmtools/wm/lib/match"
	"github.com/wmtools/wm/lib/mediawiki"
)

// hot is the list of pages that several people edit.
type hot struct {
	Pages    []hotPage `json:"pages"`
	Start    int64     `json:"start"`    // of the first tick
	Interval int64     `json:"interval"` // between ticks
	Ticks    int       `json:"ticks"`
	Problem  string    `json:"problem,omitempty"`
}

type hotPage struct {
	labelled
	URL      string `json:"url,omitempty"`
	Editors  int64  `json:"editors"`
	Edits    int64  `json:"edits"`
	Reverts  int64  `json:"reverts"`  // likely ones
	Net      int64  `json:"net"`      // bytes
	At       []int  `json:"at"`       // the ticks with edits
	Reverted []int  `json:"reverted"` // the ticks with likely reverts
}

const (
	maxHot     = 8
	hotEditors = 3   // at least
	hotTicks   = 100 // at most
	// hotSlot rounds the end of the window up, so that the search is cached for that
	// long.
	hotSlot = 10 * time.Second
)

func hotPanel(v view, w window, s source, a *answer) panel {
	ticks := w
	ticks.interval = tickFor(w.to.Sub(w.from))
	ticks.start = floor(w.from, ticks.interval)
	end := ceil(w.to, hotSlot)
	times := overTime(ticks, nil)
	times.DateHistogram.MinDocs = 1
	return panel{
		keep: true,
		search: query.Search{
			Query:   s.filter(v.edits(), w.from, end),
			Timeout: answerTimeout,
			Aggs: aggs{"pages": {
				Terms: &query.TermsAgg{Field: "wm.page", Size: 4 * maxHot, ShardSize: moreProposals, Order: descending("editors")},
				Aggs: aggs{
					"editors": editors, "net": delta, "time": times,
					"reverts": {Filter: reverts.Filter, Aggs: aggs{"time": times}},
					"domain":  {Terms: &query.TermsAgg{Field: "meta.domain", Size: 1}},
				},
			}},
		},
		read: func(p query.Page) {
			a.Hot = hot{Pages: []hotPage{}, Start: millis(ticks.start), Interval: ticks.interval.Milliseconds(), Ticks: ticks.buckets()}
			for _, b := range p.Aggs["pages"].Buckets {
				if b.Aggs["editors"].Value >= hotEditors && len(a.Hot.Pages) < maxHot {
					a.Hot.Pages = append(a.Hot.Pages, newHotPage(ticks, b))
				}
			}
		},
		fail: func(err error) { a.Hot = hot{Pages: []hotPage{}, Problem: problemOf(err)} },
	}
}

func newHotPage(ticks window, b query.Bucket) hotPage {
	page, _ := fieldByID("page")
	one := hotPage{
		labelled: page.value(b.Term()), Edits: b.Count, Editors: int64(b.Aggs["editors"].Value),
		Reverts: b.Aggs["reverts"].Count, Net: int64(b.Aggs["net"].Value),
		At: marks(ticks, b.Aggs["time"]), Reverted: marks(ticks, b.Aggs["reverts"].Aggs["time"]),
	}
	if domains := b.Aggs["domain"].Buckets; len(domains) > 0 {
		one.URL = mediawiki.SiteAt(domains[0].Term()).History(one.Label)
	}
	return one
}

// marks returns the ticks that have documents.
func marks(ticks window, histogram query.Bucket) []int {
	list := []int{}
	for _, b := range histogram.Buckets {
		if i, ok := ticks.index(b.Millis()); ok && b.Count > 0 {
			list = append(list, i)
		}
	}
	return list
}

// tickFor returns the shortest interval that cuts a span into at most hotTicks.
func tickFor(span time.Duration) time.Duration {
	i := slices.IndexFunc(ladder, func(step time.Duration) bool { return span <= hotTicks*step })
	if i < 0 {
		return ladder[len(ladder)-1]
	}
	return ladder[i]
}

func ceil(t time.Time, d time.Duration) time.Time {
	if down := floor(t, d); !down.Equal(t) {
		return down.Add(d)
	}
	return t
}

// edits narrows the query of a view to edits and new pages, in the stream that
// has other changes too.
func (v view) edits() *match.Query {
	if v.stream != defaultStream {
		return v.query
	}
	isEdit := &match.Term{Op: match.Exists, Path: []string{"wm", "revert"}}
	return &match.Query{Terms: append(v.query.Terms[:len(v.query.Terms):len(v.query.Terms)], isEdit)}
}
