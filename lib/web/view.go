package web

import (
	"compress/gzip"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"time"

	"github.com/wmtools/wm/lib/es"
	"github.com/wmtools/wm/lib/es/query"
	"github.com/wmtools/wm/lib/event"
)

// view is the answer of /api/view: all that the page shows. Times are in
// milliseconds since 1970.
type view struct {
	Stream    string   `json:"stream"`
	Wiki      string   `json:"wiki,omitempty"`
	From      int64    `json:"from"` // from <= t < to
	To        int64    `json:"to"`
	Generated int64    `json:"generated"` // when the search was made
	Took      int64    `json:"took"`      // how long it took, in milliseconds
	Partial   bool     `json:"partial"`   // Elasticsearch could not read everything in time
	Count     int64    `json:"count"`     // events
	NetBytes  int64    `json:"net_bytes"` // added less removed
	PerSecond *float64 `json:"per_second"`
	First     int64    `json:"first,omitempty"` // time of the oldest event, and of the
	Last      int64    `json:"last,omitempty"`  // newest: PerSecond is the rate between them
	Interval  int64    `json:"interval"`        // length of a bucket
	Series    []string `json:"series"`          // names of the numbers in each bucket
	Buckets   []bucket `json:"buckets"`
	Wikis     []wiki   `json:"wikis"`       // the most frequent, the first first
	Elsewhere int64    `json:"wikis_other"` // events in all other wikis
	Rows      []row    `json:"rows"`        // the newest events, newest first
}

type bucket struct {
	Time       int64   `json:"t"`                    // begin
	Counts     []int64 `json:"n"`                    // one number for each of Series
	Incomplete bool    `json:"incomplete,omitempty"` // not over yet, or cut off
}

type wiki struct {
	Wiki  string `json:"wiki"`
	Count int64  `json:"count"`
}

// dashboard answers for views.
type dashboard struct {
	cfg     Config
	answers *answers
}

func (d *dashboard) serveView(w http.ResponseWriter, r *http.Request) {
	req, err := parseRequest(r.URL.Query())
	if err != nil {
		problem{err.Error(), "the address of the page is wrong: start again from /"}.write(w, http.StatusBadRequest)
		return
	}
	win := req.window(d.cfg.Now())
	key := fmt.Sprint(req.stream, " ", req.wiki, " ", win.from.Unix(), " ", win.to.Unix(), " ", win.now.Unix())
	answer, err := d.answers.get(r.Context(), key, func(ctx context.Context) (content, error) {
		return d.search(ctx, req, win)
	})
	if err != nil {
		fail(w, err)
		return
	}
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")
	answer.write(w, r)
}

// retryAfter is how many seconds a browser should wait when there is no answer.
const retryAfter = 5

// fail tells a browser why there is no view, without Elasticsearch's own words.
func fail(w http.ResponseWriter, err error) {
	status, p := http.StatusServiceUnavailable, problem{
		"Elasticsearch cannot be reached", "start wm-store, or check the address that wm-serve was given with --es"}
	refused, ok := errors.AsType[*es.Error](err)
	switch {
	case ok && (refused.Status == http.StatusTooManyRequests || refused.Status == http.StatusServiceUnavailable):
		p = problem{"Elasticsearch is too busy to answer", "the page tries again by itself"}
	case ok && refused.Status != 0:
		status = http.StatusBadGateway
		p = problem{"Elasticsearch refused the search", "wm-serve has written the reason to its standard error"}
	case errors.Is(err, context.DeadlineExceeded):
		p = problem{"Elasticsearch did not answer in time", "a shorter range is quicker"}
	}
	w.Header().Set("Retry-After", strconv.Itoa(retryAfter))
	p.write(w, status)
}

// search asks Elasticsearch and puts the view into both forms of an answer.
func (d *dashboard) search(ctx context.Context, req request, w window) (content, error) {
	begin := time.Now()
	pages, err := d.pages(ctx, req, w)
	if err != nil {
		d.cfg.OnError(err)
		return content{}, err
	}
	v := newView(req, w, pages)
	v.Generated, v.Took = d.cfg.Now().UnixMilli(), time.Since(begin).Milliseconds()
	return encode(v)
}

func (d *dashboard) pages(ctx context.Context, req request, w window) ([]query.Page, error) {
	index, err := indexOf(d.cfg.Index, req.stream)
	if err != nil {
		return nil, err
	}
	pages, err := d.cfg.Searcher.Msearch(ctx, index, searches(req, w, d.cfg.Index))
	if err == nil && len(pages) != pageCount {
		err = fmt.Errorf("%d pages for %d searches", len(pages), pageCount)
	}
	return pages, err
}

func encode(v view) (content, error) {
	plain, err := json.Marshal(v)
	if err != nil {
		return content{}, fmt.Errorf("view: %w", err)
	}
	zipped, err := compress(plain, gzip.BestSpeed)
	return content{plain, zipped}, err
}

func newView(req request, w window, pages []query.Page) view {
	panels, newest := pages[panelsPage], pages[newestPage].Hits.Hits
	v := view{
		Stream: req.stream, Wiki: req.wiki,
		From: w.from.UnixMilli(), To: w.to.UnixMilli(), Interval: w.interval.Milliseconds(),
		Partial:   slices.ContainsFunc(pages, query.Page.Partial),
		Count:     panels.Hits.Total.Value,
		NetBytes:  int64(panels.Aggs["bytes"].Value),
		Elsewhere: panels.Aggs["wikis"].Other,
		Wikis:     []wiki{},
		Rows:      []row{},
	}
	for _, b := range panels.Aggs["wikis"].Buckets {
		v.Wikis = append(v.Wikis, wiki{b.Term(), b.Count})
	}
	for _, hit := range newest {
		v.Rows = append(v.Rows, newRow(hit.ID, event.New(hit.Source)))
	}
	v.setRate(pages[oldestPage].Hits.Hits)
	v.Series, v.Buckets = chart(w, panels.Aggs)
	return v
}

// setRate works out the changes per second between the first and the last
// event. Over the whole range the rate would be too low for as long as the
// index is younger than the range.
func (v *view) setRate(oldest []query.Hit) {
	if len(oldest) == 0 || len(v.Rows) == 0 {
		return
	}
	v.First, v.Last = event.New(oldest[0].Source).IndexTime().UnixMilli(), v.Rows[0].Time
	if seconds := float64(v.Last-v.First) / 1000; seconds >= 1 {
		rate := float64(v.Count-1) / seconds
		v.PerSecond = &rate
	}
}
