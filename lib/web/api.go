package web

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"time"

	"github.com/wmtools/wm/lib/es"
)

func (d *Dashboard) serveView(w http.ResponseWriter, r *http.Request) {
	v, _, err := viewOf(r)
	if err != nil {
		writeProblem(w, err)
		return
	}
	body, err := d.kept(r.Context(), v)
	writeKept(w, body, err)
}

// kept returns the answer for a view, from the cache if possible.
func (d *Dashboard) kept(ctx context.Context, v view) ([]byte, error) {
	now := d.options.Now()
	slot := slotFor(v.length())
	key := fmt.Sprint("view ", v.key(), " ", now.Truncate(slot).UnixMilli())
	return d.keep(ctx, key, func(ctx context.Context) (any, error) { return d.view(ctx, v, now) })
}

// key returns the cache key, which is the same for all views with the same answer.
func (v view) key() string {
	v.tab, v.paused, v.local, v.before, v.hidden = "", false, false, true, nil
	return v.params().Encode()
}

// serveChart serves the answer for one chart: the preview of a new one.
func (d *Dashboard) serveChart(w http.ResponseWriter, r *http.Request) {
	v, _, err := viewOf(r)
	if err == nil && len(v.charts) != 1 {
		err = bad("chart", "there must be one chart").hint("as in chart=m%%3Dchanges%%26by%%3Dtime")
	}
	if err != nil {
		writeProblem(w, err)
		return
	}
	now := d.options.Now()
	key := fmt.Sprint("chart ", v.key(), " ", now.Truncate(slotFor(v.length())).UnixMilli())
	d.serveKept(w, r, key, func(ctx context.Context) (any, error) { return d.chart(ctx, v, now) })
}

func (d *Dashboard) chart(ctx context.Context, v view, now time.Time) (*drawn, error) {
	c := new(drawn)
	_, err := d.ask(ctx, v.stream, []panel{chartPanel(v, v.charts[0], d.options.Index, c, now)})
	return c, err
}

// serveKept sends an answer from the cache, or makes it.
func (d *Dashboard) serveKept(w http.ResponseWriter, r *http.Request, key string, mk func(context.Context) (any, error)) {
	body, err := d.keep(r.Context(), key, mk)
	writeKept(w, body, err)
}

func (d *Dashboard) keep(ctx context.Context, key string, mk func(context.Context) (any, error)) ([]byte, error) {
	return d.answers.get(ctx, key, func(ctx context.Context) ([]byte, error) {
		v, err := mk(ctx)
		if err != nil {
			d.options.OnError(err)
			return nil, err
		}
		return json.Marshal(v)
	})
}

func writeKept(w http.ResponseWriter, body []byte, err error) {
	if err != nil {
		writeProblem(w, err)
		return
	}
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")
	_, _ = w.Write(body) // the client may have disconnected
}

// unanswered returns the status and the problem for a server that does not answer.
func unanswered(err error) (status int, p problem) {
	failed, ok := errors.AsType[*es.Error](err)
	status, p = http.StatusServiceUnavailable, problem{Error: "The store does not answer", Hint: "Start wm-store, or check the address that wm-serve was given.", Retry: retryAfter}
	switch {
	case errors.Is(err, context.DeadlineExceeded), ok && failed.Kind() == es.Silent:
		p.Error, p.Hint = "The store did not answer in time", "A shorter time is quicker."
	case !ok:
	case failed.Status == http.StatusTooManyRequests || failed.Status == http.StatusServiceUnavailable:
		p.Error, p.Hint = "The store is too busy to answer", "The page tries again by itself."
	case failed.Status == http.StatusUnauthorized || failed.Status == http.StatusForbidden:
		status = http.StatusBadGateway
		p.Error, p.Hint = "The store does not let wm-serve in", "The person who runs wm-serve has to give it a key that may read the indices."
	case failed.Kind() == es.Refused:
		status = http.StatusBadGateway
		p.Error, p.Hint = "The store refused the search", "wm-serve has written the reason to its standard error."
	case failed.Kind() == es.Foreign:
		status = http.StatusBadGateway
		p.Error, p.Hint = "What answers is not Elasticsearch", "The person who runs wm-serve has to check the address that it was given."
	}
	return status, p
}

// serveQuery parses a query and returns its terms, or an error.
func (d *Dashboard) serveQuery(w http.ResponseWriter, r *http.Request) {
	q, err := parseQuery(r.URL.Query().Get("q"))
	if err != nil {
		writeProblem(w, err)
		return
	}
	writeJSON(w, struct {
		Terms []term `json:"terms"`
	}{view{query: q}.terms()})
}

// serveCommands returns command lines that give the events of a view.
func (d *Dashboard) serveCommands(w http.ResponseWriter, r *http.Request) {
	v, _, err := viewOf(r)
	if err != nil {
		writeProblem(w, err)
		return
	}
	list := []Command{}
	if d.options.Commands != nil {
		list = append(list, d.options.Commands(d.selection(v, r))...)
	}
	writeJSON(w, list)
}

func (d *Dashboard) selection(v view, r *http.Request) Selection {
	win := v.window(d.options.Now(), 0)
	rows := view{stream: v.stream, text: v.text, query: v.query, from: win.from, to: win.to, split: v.split, measure: v.measure, before: true}
	return Selection{
		Stream: v.stream, Query: v.text, Since: win.from, Until: win.to, Live: v.span > 0,
		URL: d.address(r) + "api/v1/rows?" + rows.params().Encode(),
	}
}

// address returns the URL of the page as the client sees it.
func (d *Dashboard) address(r *http.Request) string {
	if d.options.PublicURL != nil {
		u := *d.options.PublicURL
		u.Path = d.base
		return u.String()
	}
	scheme := "http"
	if r.TLS != nil {
		scheme = "https"
	}
	return scheme + "://" + r.Host + "/"
}

// serveViews returns the named views of this server.
func (d *Dashboard) serveViews(w http.ResponseWriter, _ *http.Request) {
	list := append([]NamedView{}, d.options.Views...)
	writeJSON(w, list)
}
