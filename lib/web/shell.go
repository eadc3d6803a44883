package web

import (
	"bytes"
	"fmt"
	"html/template"
	"maps"
	"net/http"
	"net/url"
	"slices"
)

// shell serves the page as it is before its first data: heading, controls in
// the state that the address asks for, and panels at their real size, so that
// nothing moves when the data comes.
type shell struct {
	page    *template.Template
	assets  string // prefix of their addresses
	version string
}

func newShell(assets, version string) (*shell, error) {
	page, err := template.ParseFS(static, "static/index.html")
	if err != nil {
		return nil, fmt.Errorf("template of the dashboard: %w", err)
	}
	return &shell{page, assets, version}, nil
}

// shellData is what the template may use.
type shellData struct {
	Assets, Version string
	Stream, Wiki    string
	Streams         []string
	Ranges          []choice
	Range           string // "" for a view with from and to
	Live            bool
	View            string // address of the data
	Problem         string // what is wrong with the address
}

func (s *shell) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	data, status := s.data(r.URL.Query()), http.StatusOK
	if data.Problem != "" {
		status = http.StatusBadRequest
	}
	var page bytes.Buffer
	if err := s.page.Execute(&page, data); err != nil {
		http.Error(w, "the page cannot be made", http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.Header().Set("Cache-Control", "no-cache")
	w.WriteHeader(status)
	_, _ = w.Write(page.Bytes())
}

func (s *shell) data(params url.Values) shellData {
	live := params.Get("live") != "0"
	maps.DeleteFunc(params, func(name string, _ []string) bool { return !slices.Contains(parameters, name) })
	req, err := parseRequest(params)
	data := shellData{
		Assets: s.assets, Version: s.version, Ranges: ranges, Live: live,
		Stream: req.stream, Wiki: req.wiki, Streams: streams, Range: rangeName(req),
		View: "/api/view?" + params.Encode(),
	}
	if err != nil {
		data.Problem = err.Error()
		data.Stream, data.Range = defaultStream, defaultRange
	}
	if !slices.Contains(streams, data.Stream) {
		data.Streams = append(slices.Clone(streams), data.Stream)
	}
	return data
}

func rangeName(req request) string {
	for _, r := range ranges {
		if r.span == req.span {
			return r.Value
		}
	}
	return ""
}
