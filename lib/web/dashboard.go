package web

import (
	"cmp"
	"context"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync/atomic"
	"time"

	"github.com/wmtools/wm/lib/es"
	"github.com/wmtools/wm/lib/es/query"
	"github.com/wmtools/wm/lib/match"
)

// Dashboard is the handler of the page and its API. Close ends its live streams.
type Dashboard struct {
	http.Handler

	options  Options
	base     string // path of the page, ending in a slash
	assets   *assets
	shell    *shell
	answers  *answers
	pages    lru[query.Page] // by index and search
	searches chan struct{}   // bounds the requests to the server
	reports  atomic.Pointer[reports]
	listed   lru[[]revision] // the rows of the last answers, by view
	hubs     hubs
	limits   limits
	counters counters
}

// maxSearches is the maximum number of concurrent requests to the server.
const maxSearches = 4

// New returns a Dashboard.
func New(o Options) (*Dashboard, error) {
	if _, err := es.ParseIndexPattern(o.Index); err != nil {
		return nil, err
	}
	o.Title = cmp.Or(o.Title, "Wikimedia changes")
	o.MaxLive = cmp.Or(o.MaxLive, 32)
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.OnError == nil {
		o.OnError = func(error) {}
	}
	if o.Client == nil {
		o.Client = connectionAddress
	}
	d := &Dashboard{
		options: o, base: "/",
		pages: lru[query.Page]{size: maxPages}, listed: lru[[]revision]{size: maxViews}, searches: make(chan struct{}, maxSearches),
	}
	if o.PublicURL != nil {
		d.base = strings.TrimSuffix(o.PublicURL.Path, "/") + "/"
	}
	d.answers = newAnswers(&d.counters.kept)
	d.limits.live = o.MaxLive
	d.hubs.poll, d.hubs.dropped = d.poll, &d.counters.dropped
	for _, view := range o.Views {
		if err := d.checkView(view); err != nil {
			return nil, err
		}
	}
	if err := d.load(); err != nil {
		return nil, err
	}
	d.Handler = secure(below(d.base, d.routes()))
	return d, nil
}

// Close ends all live streams, so that a server can shut down.
func (d *Dashboard) Close() { d.hubs.close() }

// checkView returns an error for a named view that the page cannot show.
func (d *Dashboard) checkView(view NamedView) error {
	params, err := parseParams(view.Params)
	if err == nil {
		_, err = parseView(params)
	}
	if err != nil {
		return fmt.Errorf("view %q: %w", view.Name, err)
	}
	return nil
}

var emptyQuery = &match.Query{}

// view makes the answer for a view.
func (d *Dashboard) view(ctx context.Context, v view, now time.Time) (*answer, error) {
	begin := time.Now()
	a := &answer{
		Stream: v.stream, Query: v.text, Terms: v.terms(), State: stateOK, Generated: millis(d.options.Now()),
		Kept: slotFor(v.length()).Milliseconds(), Rows: []row{}, Gaps: []gap{}, Facets: []facet{}, Figures: []figure{},
	}
	a.Health.Source, a.Health.Gaps = d.options.Source, []gap{}
	asked := d.lastReports()
	listed, _ := d.listed.get(v.key())
	list := slices.Concat(d.panels(v, a, now), d.marksPanels(v, a, asked, listed))
	if asked.Tags {
		list = append(list, d.revertedPanels(v, a, now)...)
	}
	partial, err := d.ask(ctx, v.stream, list)
	if err != nil {
		return nil, err
	}
	a.Partial = partial
	d.reports.Store(&reports{a.Reports.Risk, a.Reports.Tags})
	d.lateReports(ctx, v, a, asked, listed, now)
	d.listed.put(v.key(), remember(listed, a.Rows))
	a.dropUncounted()
	if len(a.Rows) > 0 {
		a.Health.Newest = max(a.Health.Newest, a.Rows[0].Time)
	}
	if err := d.decide(ctx, v, a); err != nil {
		return nil, err
	}
	a.Took = time.Since(begin).Milliseconds()
	return a, nil
}

// decide sets the state of an answer.
func (d *Dashboard) decide(ctx context.Context, v view, a *answer) error {
	switch {
	case a.err != nil && isForeign(a.err):
		a.State = stateForeign
	case a.err != nil:
		return a.err
	case a.Health.Documents == 0:
		a.State = stateEmpty
	case a.Health.Newest == 0:
		a.State = stateForeign
	case a.Total == 0 && len(a.Rows) == 0:
		a.State = stateNoMatch
		return d.findLast(ctx, v, a)
	}
	return nil
}

// findLast finds the last match before the window.
func (d *Dashboard) findLast(ctx context.Context, v view, a *answer) error {
	s := source{d.options.Index, v.stream}
	last := panel{
		search: query.Search{Query: s.filter(v.query, zero, time.UnixMilli(a.Window.From)), Size: 1, Sort: newestFirst(), Timeout: answerTimeout},
		read: func(p query.Page) {
			if len(p.Hits.Hits) > 0 {
				a.LastMatch = sortTime(p.Hits.Hits[0])
			}
		},
	}
	_, err := d.ask(ctx, v.stream, []panel{last})
	return err
}
