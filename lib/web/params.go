package web

import (
	"cmp"
	"fmt"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/wmtools/wm/lib/match"
)

// view is the state of the page as its address encodes it. A browser can request
// nothing else.
type view struct {
	stream   string // such as "recentchange"
	text     string // of the query
	query    *match.Query
	span     time.Duration // a range that ends now; 0: use from and to
	from, to time.Time
	split    field
	measure  measure
	charts   []chart

	// The rest concerns only the page.
	tab           string   // the preset that the view began as
	paused        bool     // not live
	local, before bool     // times in the reader's zone; the previous period as a line
	hidden        []string // series of the histogram
}

const (
	defaultSpan   = "6h"
	defaultStream = "recentchange"
	defaultSplit  = "type"
)

// parameters are the parameters of a view. An unknown one is an error, so that
// misspellings are noticed.
var parameters = []string{
	"stream", "q", "range", "from", "to", "split", "measure", "chart", "tab", "live", "tz", "before", "hide",
}

// splits are the fields that the histogram can be split by.
var splits = []string{"type", "kind", "wiki", "namespace"}

// streams are the streams that the page offers. An address may name any other.
var streams = []string{
	defaultStream, "revision-create", "page-create", "page-delete", "page-move", "page_change.v1",
	riskStream, tagsStream,
}

var streamName = regexp.MustCompile(`^[a-z0-9][a-z0-9._-]{0,63}$`)

// Limits of an address.
const (
	maxQuery  = 2000 // bytes
	maxTerms  = 30
	maxCharts = 8
)

// parseView parses the parameters of a view. The error is an *invalid.
func parseView(params url.Values) (view, error) {
	for name := range params {
		if !slices.Contains(parameters, name) {
			return view{}, bad(name, "unknown parameter %q", name).hint("the parameters are %s", strings.Join(parameters, ", "))
		}
	}
	v := view{
		stream: strings.TrimPrefix(cmp.Or(params.Get("stream"), defaultStream), "mediawiki."),
		text:   strings.TrimSpace(params.Get("q")),
		tab:    params.Get("tab"), paused: params.Get("live") == "0",
		local: params.Get("tz") == "local", before: params.Get("before") != "0",
	}
	if hidden := params.Get("hide"); hidden != "" {
		v.hidden = strings.Split(hidden, ",")
	}
	if !streamName.MatchString(v.stream) {
		return view{}, bad("stream", "%q is not the name of a stream", v.stream).hint("write it like recentchange")
	}
	for _, step := range []func(url.Values) error{v.setQuery, v.setTimes, v.setSplit, v.setMeasure, v.setCharts} {
		if err := step(params); err != nil {
			return view{}, err
		}
	}
	return v, nil
}

func (v *view) setQuery(url.Values) error {
	var err error
	v.query, err = parseQuery(v.text)
	return err
}

func (v *view) setSplit(params url.Values) error {
	id := cmp.Or(params.Get("split"), defaultSplit)
	f, ok := fieldByID(id)
	if !ok || !slices.Contains(splits, id) {
		return bad("split", "changes cannot be split by %q", id).hint("the fields are %s", strings.Join(splits, ", "))
	}
	v.split = f
	return nil
}

func (v *view) setMeasure(params url.Values) error {
	id := cmp.Or(params.Get("measure"), figures[0].id)
	m, ok := measureByID(id)
	if !ok {
		return bad("measure", "there is no measure %q", id).hint("the measures are %s", measureIDs())
	}
	v.measure = m
	return nil
}

func measureIDs() string {
	var ids []string
	for _, m := range measures {
		ids = append(ids, m.id)
	}
	return strings.Join(ids, ", ")
}

func (v *view) setTimes(params url.Values) (err error) {
	v.span, v.from, v.to, err = parseTimes(params, defaultSpan)
	return err
}

// parseTimes parses either range, or from and to.
func parseTimes(params url.Values, otherwise string) (length time.Duration, from, to time.Time, err error) {
	name, begin, end := params.Get("range"), params.Get("from"), params.Get("to")
	if begin == "" && end == "" {
		length, err = parseSpan(cmp.Or(name, otherwise))
		return length, from, to, err
	}
	if name != "" {
		return 0, from, to, bad("range", "both range and from or to are given").hint("give one of them")
	}
	if from, err = parseTime("from", begin); err != nil {
		return 0, from, to, err
	}
	if to, err = parseTime("to", end); err != nil {
		return 0, from, to, err
	}
	return 0, from, to, checkOrder(from, to)
}

func checkOrder(from, to time.Time) error {
	switch d := to.Sub(from); {
	case d < time.Second:
		return bad("to", "from must be at least a second before to")
	case d > longest:
		return bad("to", "from and to are more than ten years apart")
	}
	return nil
}

// parseTime parses a time to the second. Views with finer times would not share
// cached answers, and no chart shows them.
func parseTime(name, text string) (time.Time, error) {
	for _, layout := range []string{time.RFC3339, "2006-01-02T15:04Z07:00", time.DateOnly} {
		if t, err := time.Parse(layout, text); err == nil {
			return t.UTC().Truncate(time.Second), nil
		}
	}
	if text == "" {
		return time.Time{}, bad(name, "%s is missing", name).hint("a view has both from and to")
	}
	return time.Time{}, bad(name, "%s=%q is not a time", name, text).hint("write it like 2026-11-23T10:00:00Z or 2026-11-23")
}

// params returns the view as parameters, without the defaults.
func (v view) params() url.Values {
	p := make(url.Values)
	set := func(name, value string, isDefault bool) {
		if !isDefault && value != "" {
			p.Set(name, value)
		}
	}
	set("stream", v.stream, v.stream == defaultStream)
	set("q", v.text, false)
	set("split", v.split.id, v.split.id == defaultSplit)
	set("measure", v.measure.id, v.measure.id == figures[0].id)
	set("tab", v.tab, false)
	set("live", "0", !v.paused)
	set("tz", "local", !v.local)
	set("before", "0", v.before)
	set("hide", strings.Join(v.hidden, ","), false)
	setTimes(p, v.span, v.from, v.to, defaultSpan)
	for _, c := range v.charts {
		p.Add("chart", c.params().Encode())
	}
	return p
}

func setTimes(p url.Values, length time.Duration, from, to time.Time, otherwise string) {
	if length == 0 && !from.IsZero() {
		p.Set("from", from.Format(time.RFC3339))
		p.Set("to", to.Format(time.RFC3339))
		return
	}
	if value := spanValue(length); length > 0 && value != otherwise {
		p.Set("range", value)
	}
}

// invalid is an error in an address, in words for the user.
type invalid struct {
	param      string
	message    string
	advice     string
	start, end int    // where in the query, in UTF-16 code units as browsers count
	fix        string // what to write from start to end instead
}

func (e *invalid) Error() string { return e.message }

func bad(param, format string, args ...any) *invalid {
	return &invalid{param: param, message: fmt.Sprintf(format, args...)}
}

func (e *invalid) hint(format string, args ...any) *invalid {
	e.advice = fmt.Sprintf(format, args...)
	return e
}
