package web

import (
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"github.com/klauspost/compress/gzhttp"
)

// routes are the addresses of the dashboard. Every one only reads.
func (d *Dashboard) routes() http.Handler {
	wrap, err := gzhttp.NewWrapper(gzhttp.ContentTypes([]string{"application/json", "text/html", "text/javascript", "text/css", "image/svg+xml", "text/csv", "application/x-ndjson"}))
	if err != nil {
		panic(err) // the options are constants
	}
	zip := func(h http.Handler) http.Handler { return wrap(h) }
	mux := http.NewServeMux()
	page := func(path string, h http.HandlerFunc) { mux.Handle("GET "+path, zip(h)) }
	api := func(path string, h http.HandlerFunc) { mux.Handle("GET /api/v1/"+path, d.limit(zip(h))) }
	page("/{$}", d.servePage)
	page("/help", d.serveHelp)
	page("/api", d.serveAPI)
	page("/api/openapi.json", d.serveOpenAPI)
	api("view", d.serveView)
	api("chart", d.serveChart)
	api("query", d.serveQuery)
	api("values", d.serveValues)
	api("commands", d.serveCommands)
	api("views", d.serveViews)
	api("rows", d.serveRows)
	api("export/{panel}", d.serveExport)
	mux.Handle("GET /api/v1/live", d.limit(http.HandlerFunc(d.serveLive)))
	mux.Handle("GET "+d.assets.path, zip(d.assets))
	mux.HandleFunc("GET /favicon.ico", d.assets.serveIcon)
	mux.HandleFunc("GET /robots.txt", serveRobots)
	mux.HandleFunc("GET /healthz", d.serveHealth)
	return mux
}

// below also serves a handler below a path, for a proxy that does not strip it.
func below(base string, h http.Handler) http.Handler {
	stripped := http.StripPrefix(strings.TrimSuffix(base, "/"), h)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if base != "/" && strings.HasPrefix(r.URL.Path, base) {
			stripped.ServeHTTP(w, r)
			return
		}
		h.ServeHTTP(w, r)
	})
}

// policy lets the page load its own files and speak to its own server, and
// nothing else; no string can become markup or script. Blobs are the pictures
// that the page exports.
const policy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob:; connect-src 'self'; " +
	"base-uri 'none'; form-action 'self'; frame-ancestors 'none'; " +
	"require-trusted-types-for 'script'; trusted-types 'none'"

func secure(h http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		header := w.Header()
		header.Set("Content-Security-Policy", policy)
		header.Set("X-Content-Type-Options", "nosniff")
		header.Set("Referrer-Policy", "no-referrer")
		header.Set("Cross-Origin-Opener-Policy", "same-origin")
		header.Set("Cross-Origin-Resource-Policy", "same-origin")
		header.Set("Permissions-Policy", "camera=(), geolocation=(), microphone=()")
		h.ServeHTTP(w, r)
	})
}

func serveRobots(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	_, _ = io.WriteString(w, "User-agent: *\nDisallow: /\n")
}

// serveHealth says that this process answers. Whether the server does is on the
// page and in the metrics: restarting the dashboard would not bring it back.
func (d *Dashboard) serveHealth(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	_, _ = io.WriteString(w, "ok\n")
}

// problem is what a browser gets in place of an answer.
type problem struct {
	Error string `json:"error"` // what happened
	Hint  string `json:"hint"`  // what to do about it
	Param string `json:"param,omitempty"`
	// Start and End say which part of the query is wrong, in UTF-16 code units.
	Start int    `json:"start,omitempty"`
	End   int    `json:"end,omitempty"`
	Fix   string `json:"fix,omitempty"`   // what to write there instead
	Retry int    `json:"retry,omitempty"` // seconds to wait before trying again
}

// retryAfter is how many seconds a client should wait when there is no answer.
const retryAfter = 5

// problemFor puts an error into words for a browser, without the server's own.
func problemFor(err error) (status int, p problem) {
	if e, ok := errors.AsType[*invalid](err); ok {
		return http.StatusBadRequest, problem{Error: e.message, Hint: e.advice, Param: e.param, Start: e.start, End: e.end, Fix: e.fix}
	}
	return unanswered(err)
}

func writeProblem(w http.ResponseWriter, err error) {
	status, p := problemFor(err)
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")
	if p.Retry > 0 {
		w.Header().Set("Retry-After", strconv.Itoa(p.Retry))
	}
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(p) // a client that has gone needs no answer
}

// writeJSON sends an answer that is not kept.
func writeJSON(w http.ResponseWriter, v any) {
	body, err := json.Marshal(v)
	if err != nil {
		writeProblem(w, err)
		return
	}
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")
	_, _ = w.Write(body)
}

// parseParams reads the query of an address. Go's own parser passes over what
// it cannot read.
func parseParams(text string) (url.Values, error) {
	params, err := url.ParseQuery(strings.TrimPrefix(text, "?"))
	if err != nil {
		return nil, bad("", "the address cannot be read")
	}
	return params, nil
}

// viewOf reads the view that a request asks for. Own are further parameters that
// the request may have; they are returned.
func viewOf(r *http.Request, own ...string) (view, url.Values, error) {
	params, err := parseParams(r.URL.RawQuery)
	if err != nil {
		return view{}, nil, err
	}
	mine := make(url.Values)
	for _, name := range own {
		if values, ok := params[name]; ok {
			mine[name] = values
			delete(params, name)
		}
	}
	v, err := parseView(params)
	return v, mine, err
}
