package web

import (
	"cmp"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/wmtools/wm/lib/match"
)

// chart is a custom chart: a measure, by time or by the values of a field, possibly
// split by another field, in some form.
type chart struct {
	measure  measure
	by       string // byTime, byHour or the id of a field
	split    field  // the zero field: not split
	form     string
	text     string // of a query in addition to the page's
	query    *match.Query
	span     time.Duration // if it is 0 and from is zero: the time of the page
	from, to time.Time
	every    time.Duration // length of a bucket; 0: chosen by the span
	title    string        // "": the chart describes itself
}

// What a chart can be drawn by other than a field.
const (
	byTime = "time"
	byHour = "hour" // hour of the day and weekday
	byRisk = "risk" // bands of the risk of being reverted
)

// forms are the ways to draw a chart.
var forms = []string{"bars", "lines", "list", "table", "heat", "number"}

// everies are the lengths of buckets to choose from.
var everies = map[string]time.Duration{
	"1m": time.Minute, "5m": 5 * time.Minute, "1h": time.Hour, "6h": 6 * time.Hour, "1d": 24 * time.Hour,
}

const maxTitle = 200 // bytes of a chart's title

var chartParameters = []string{"m", "by", "split", "form", "q", "range", "from", "to", "every", "title"}

func (v *view) setCharts(params url.Values) error {
	specs := params["chart"]
	if len(specs) > maxCharts {
		return bad("chart", "a page has at most %d charts", maxCharts)
	}
	for _, spec := range specs {
		c, err := parseChart(spec)
		if err != nil {
			return err
		}
		v.charts = append(v.charts, c)
	}
	return nil
}

// parseChart parses a chart, which is itself written as the query of a URL:
// m=removed&by=time&split=namespace&form=bars.
func parseChart(spec string) (chart, error) {
	params, err := url.ParseQuery(spec)
	if err != nil {
		return chart{}, bad("chart", "the chart %q cannot be read", spec)
	}
	for name := range params {
		if !slices.Contains(chartParameters, name) {
			return chart{}, bad("chart", "unknown parameter %q of a chart", name).hint("the parameters are %s", strings.Join(chartParameters, ", "))
		}
	}
	c := chart{by: cmp.Or(params.Get("by"), byTime), form: cmp.Or(params.Get("form"), "bars"), title: params.Get("title"), text: strings.TrimSpace(params.Get("q"))}
	if len(c.title) > maxTitle {
		return chart{}, bad("chart", "the title of a chart is longer than %d bytes", maxTitle)
	}
	for _, step := range []func(url.Values) error{c.setMeasure, c.setFields, c.setQuery, c.setTimes} {
		if err := step(params); err != nil {
			return chart{}, err
		}
	}
	return c, c.check()
}

func (c *chart) setMeasure(params url.Values) error {
	id := cmp.Or(params.Get("m"), figures[0].id)
	m, ok := measureByID(id)
	if !ok {
		return bad("chart", "there is no measure %q", id).hint("the measures are %s", measureIDs())
	}
	c.measure = m
	return nil
}

func (c *chart) setFields(params url.Values) error {
	if c.by != byTime && c.by != byHour && c.by != byRisk {
		if _, ok := fieldByID(c.by); !ok {
			return bad("chart", "changes cannot be grouped by %q", c.by)
		}
	}
	if id := params.Get("split"); id != "" {
		f, ok := fieldByID(id)
		if !ok {
			return bad("chart", "changes cannot be split by %q", id)
		}
		c.split = f
	}
	return nil
}

func (c *chart) setQuery(url.Values) (err error) {
	if c.query, err = parseQuery(c.text); err != nil {
		if e, ok := err.(*invalid); ok {
			e.param = "chart"
		}
	}
	return err
}

func (c *chart) setTimes(params url.Values) (err error) {
	if name := params.Get("every"); name != "" {
		if c.every = everies[name]; c.every == 0 {
			return bad("chart", "unknown interval %q", name).hint("use 1m, 5m, 1h, 6h or 1d")
		}
	}
	if params.Get("range") == "" && params.Get("from") == "" && params.Get("to") == "" {
		return nil
	}
	c.span, c.from, c.to, err = parseTimes(params, "")
	return err
}

// check returns an error if the form cannot show the chart.
func (c *chart) check() error {
	_, isField := fieldByID(c.by)
	switch {
	case !slices.Contains(forms, c.form):
		return bad("chart", "there is no form %q", c.form).hint("the forms are %s", strings.Join(forms, ", "))
	case (c.by == byHour) != (c.form == "heat"):
		return bad("chart", "a heat map shows hours and weekdays, and only a heat map does")
	case c.form == "lines" && c.by != byTime:
		return bad("chart", "lines need a chart by time")
	case c.by == byRisk && !slices.Contains([]string{"list", "table", "number"}, c.form):
		return bad("chart", "bands of risk are shown as a list, a table or a number")
	case c.by == byRisk && (c.split.id != "" || !slices.Contains(ofScores, c.measure.id)):
		return bad("chart", "a chart by risk has no split, and one of the measures %s", strings.Join(ofScores, ", "))
	case c.form == "list" && !isField && c.by != byRisk:
		return bad("chart", "a top list needs a field to group by")
	case c.split.id != "" && c.split.id == c.by:
		return bad("chart", "a chart cannot be split by the field that it is grouped by")
	}
	return nil
}

// params returns the chart as parameters, without the defaults.
func (c chart) params() url.Values {
	p := url.Values{"m": {c.measure.id}, "by": {c.by}, "form": {c.form}}
	set := func(name, value string) {
		if value != "" {
			p.Set(name, value)
		}
	}
	set("split", c.split.id)
	set("q", c.text)
	set("title", c.title)
	for name, d := range everies {
		if d == c.every {
			p.Set("every", name)
		}
	}
	setTimes(p, c.span, c.from, c.to, "")
	return p
}

// ownTime reports whether the chart has a time other than the page's.
func (c chart) ownTime() bool { return c.span > 0 || !c.from.IsZero() }

// within returns the view that the chart is drawn from: the page's, narrowed.
func (c chart) within(v view) view {
	v.query = &match.Query{Terms: slices.Concat(v.query.Terms, c.query.Terms)}
	v.text = strings.TrimSpace(v.text + " " + c.text)
	if c.ownTime() {
		v.span, v.from, v.to = c.span, c.from, c.to
	}
	return v
}

// stream is the one whose documents the chart counts; "": that of the page.
func (c chart) stream() string {
	if c.by == byRisk {
		return riskStream
	}
	return c.measure.stream
}

// steps names the buckets of a chart over time, if they were chosen.
func (c chart) steps() string {
	if c.every == 0 || c.measure.kind == rateKind {
		return " over time"
	}
	n, unit := inUnits(c.every)
	if n == 1 {
		return " per " + unit
	}
	return fmt.Sprintf(" every %d %ss", n, unit)
}

// name returns the chart's title, or a description of it.
func (c chart) name() string {
	if c.title != "" {
		return c.title
	}
	words := c.measure.label
	switch f, isField := fieldByID(c.by); {
	case isField:
		words += " by " + strings.ToLower(f.label)
	case c.by == byHour:
		words += " by hour and weekday"
	case c.by == byRisk:
		words += " by risk of being reverted"
	case c.form != "number":
		words += c.steps()
	}
	if c.split.id != "" && c.measure.stacks {
		words += ", split by " + strings.ToLower(c.split.label)
	}
	return words
}
