package web

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"html/template"
	"net/http"
	"net/url"
	"time"
)

// shell renders the pages from their templates.
type shell struct {
	pages   *template.Template
	common  pageData
	presets []preset
}

// pageData is what every template may use.
type pageData struct {
	Title, Version, Source string
	Assets                 string   // path of the static files, relative to the page
	Modules                []string // to be loaded early
}

// shellData is the additional data for the template of the main page.
type shellData struct {
	pageData
	View    view
	Heading string // of the window's title
	Atom    string // address of the feed
	Stream  string
	Streams []string
	Spans   []span
	Span    string // label of the range; "" for one with from and to
	Presets []preset
	Answer  *answer     // nil: not available yet
	First   template.JS // the answer for the script
	Problem *problem
	Config  template.JS
}

// preset is a view that the page offers as a tab. It consists of filters only.
type preset struct {
	ID, Name string
	Stream   string // that it shows; "": the one that is shown
	Query    string
	Split    string
	Current  bool
	Link     string
}

var presets = []preset{
	{ID: "", Name: "All"},
	{ID: "patrol", Name: "Patrol", Query: "wm.user_kind=temp|ip namespace=0 type=edit|new"},
	{ID: "risk", Name: "At risk", Stream: riskStream, Query: fmt.Sprint("wm.risk>=", atRisk), Split: "kind"},
	{ID: "new", Name: "New pages", Query: "type=new"},
	{ID: "removals", Name: "Big removals", Query: "wm.delta<=-500"},
	{ID: "bots", Name: "Bots", Query: "bot=true"},
}

// firstPatience is how long the response waits for the figures. A page without them
// requests them by script.
const firstPatience = 700 * time.Millisecond

func newShell(o Options, files *assets) (*shell, error) {
	pages, err := template.New("").Funcs(template.FuncMap{
		"whole": whole, "whole64": func(n int64) string { return whole(float64(n)) }, "signed": signed, "size": size, "percent": percent,
		"clock": clock, "iso": iso, "period": period, "link": linkTo,
	}).ParseFS(static, "static/*.html")
	if err != nil {
		return nil, fmt.Errorf("templates of the dashboard: %w", err)
	}
	return &shell{pages, pageData{o.Title, o.Version, o.Source, files.path[1:], files.modules}, presets}, nil
}

// load reads the static files and the templates.
func (d *Dashboard) load() (err error) {
	if d.assets, err = loadAssets(); err != nil {
		return err
	}
	d.shell, err = newShell(d.options, d.assets)
	return err
}

// servePage sends the page, including its figures if they are available in time.
func (d *Dashboard) servePage(w http.ResponseWriter, r *http.Request) {
	v, _, err := viewOf(r)
	data := d.shell.data(v)
	status := http.StatusOK
	if err != nil {
		_, p := problemFor(err)
		data.Problem, status = &p, http.StatusBadRequest
	} else if err := d.fill(r.Context(), v, &data); err != nil {
		_, p := problemFor(err)
		data.Problem = &p
	}
	data.offer(d.shell.presets, d.lastReports())
	d.shell.write(w, status, "index.html", data)
}

// fill adds the figures. It is not an error if they take too long.
func (d *Dashboard) fill(ctx context.Context, v view, data *shellData) error {
	ctx, cancel := context.WithTimeout(ctx, firstPatience)
	defer cancel()
	c, err := d.kept(ctx, v)
	if errors.Is(err, context.DeadlineExceeded) {
		return nil
	}
	if err != nil {
		return err
	}
	data.Answer = new(answer)
	data.First = template.JS(c) // JSON of ours, in which <, > and & are escaped
	return json.Unmarshal(c, data.Answer)
}

func (s *shell) data(v view) shellData {
	if v.stream == "" { // the address is invalid: show the default view
		v, _ = parseView(url.Values{})
	}
	data := shellData{pageData: s.common, View: v, Stream: v.stream, Streams: streams, Spans: spans, Heading: v.text, Atom: atomPath(v)}
	if v.text == "" {
		data.Heading = v.stream
	}
	if v.span > 0 {
		data.Span = spanLabel(v.span)
	}
	data.Config = config(s.presets)
	return data
}

// offer adds the presets whose streams are indexed.
func (d *shellData) offer(list []preset, r reports) {
	for _, p := range list {
		if p.Stream == riskStream && !r.Risk && d.Stream != riskStream {
			continue
		}
		p.Current = p.ID == d.View.tab
		p.Link = "?" + p.of(d.View).params().Encode()
		d.Presets = append(d.Presets, p)
	}
}

// of returns a view as the preset shows it.
func (p preset) of(v view) view {
	shown := view{stream: v.stream, text: p.Query, span: v.span, from: v.from, to: v.to, split: v.split, measure: v.measure, charts: v.charts, before: true, tab: p.ID}
	switch {
	case p.Stream != "":
		shown.stream = p.Stream
	case v.stream == riskStream:
		shown.stream = defaultStream
	}
	if p.Split != "" {
		shown.split, _ = fieldByID(p.Split)
	}
	return shown
}

// config returns the configuration of the script.
func config(list []preset) template.JS {
	type option struct {
		ID     string `json:"id"`
		Label  string `json:"label"`
		Plural string `json:"plural,omitempty"`
		Term   string `json:"term,omitempty"`
		Kind   kind   `json:"kind,omitempty"`
		Stacks bool   `json:"stacks,omitempty"`
		Query  string `json:"q,omitempty"`
		Stream string `json:"stream,omitempty"`
		Split  string `json:"split,omitempty"`
	}
	var c struct {
		Fields   []option `json:"fields"`
		Measures []option `json:"measures"`
		Presets  []option `json:"presets"`
		Spans    []option `json:"spans"`
		Streams  []string `json:"streams"`
	}
	for _, f := range fields {
		c.Fields = append(c.Fields, option{ID: f.id, Label: f.label, Plural: f.plural, Term: f.in(defaultStream)})
	}
	for _, m := range measures {
		c.Measures = append(c.Measures, option{ID: m.id, Label: m.label, Kind: m.kind, Stacks: m.stacks, Stream: m.stream})
	}
	for _, p := range list {
		c.Presets = append(c.Presets, option{ID: p.ID, Label: p.Name, Query: p.Query, Stream: p.Stream, Split: p.Split})
	}
	for _, s := range spans {
		c.Spans = append(c.Spans, option{ID: s.Value, Label: s.Label})
	}
	c.Streams = streams
	text, _ := json.Marshal(c) // strings and truth values always marshal
	return template.JS(text)
}

func (s *shell) write(w http.ResponseWriter, status int, name string, data any) {
	var page bytes.Buffer
	if err := s.pages.ExecuteTemplate(&page, name, data); err != nil {
		http.Error(w, "the page cannot be rendered", http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.Header().Set("Cache-Control", "no-cache")
	w.WriteHeader(status)
	_, _ = w.Write(page.Bytes())
}

func (d *Dashboard) serveHelp(w http.ResponseWriter, _ *http.Request) {
	d.shell.write(w, http.StatusOK, "help.html", d.shell.common)
}

func (d *Dashboard) serveAPI(w http.ResponseWriter, _ *http.Request) {
	d.shell.write(w, http.StatusOK, "api.html", d.shell.common)
}

func (d *Dashboard) serveOpenAPI(w http.ResponseWriter, r *http.Request) {
	body, err := static.ReadFile("static/openapi.json")
	if err != nil {
		http.NotFound(w, r)
		return
	}
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	_, _ = w.Write(body)
}

// Tab returns the preset that the view is based on.
func (v view) Tab() string { return v.tab }

// Chips returns the terms of the query.
func (v view) Chips() []term {
	if v.query == nil {
		return nil
	}
	return v.terms()
}

// firstRows is the number of changes on the page before its script runs.
const firstRows = 20

// FirstRows returns the newest changes.
func (a *answer) FirstRows() []row { return a.Rows[:min(len(a.Rows), firstRows)] }

// linkTo returns the address of a view with one more term in its query.
func linkTo(v view, field, value string) string {
	f, ok := fieldByID(field)
	if !ok {
		return "?"
	}
	v.text = trimJoin(v.text, f.condition(v.stream, value))
	v.tab = ""
	return "?" + v.params().Encode()
}

func trimJoin(a, b string) string {
	if a == "" {
		return b
	}
	return a + " " + b
}
