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

// routes returns the handler of all paths. All of them are read-only.
func (d *Dashboard) routes() http.Handler {
	wrap, err := gzhttp.NewWrapper(gzhttp.ContentTypes([]string{"application/json", "text/html", "text/javascript", "text/css", "image/svg+xml", "text/csv", "application/x-ndjson", atomType}))
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
	api("atom", d.serveAtom)
	api("export/{panel}", d.serveExport)
	mux.Handle("GET /api/v1/live", d.limit(http.HandlerFunc(d.serveLive)))
	mux.Handle("GET "+d.assets.path, zip(d.assets))
	mux.HandleFunc("GET /favicon.ico", d.assets.serveIcon)
	mux.HandleFunc("GET /robots.txt", serveRobots)
	mux.HandleFunc("GET /healthz", d.serveHealth)
	return mux
}

// below returns h, served also below a path, for a proxy that does not strip it.
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

// policy lets the page load only its own files and connect only to its own server; no
// string can become markup or script. Blobs are the pictures that the page exports.
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

// serveHealth reports that this process is up. Whether the server is up is shown on
// the page and in the metrics: restarting the dashboard would not help.
func (d *Dashboard) serveHealth(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	_, _ = io.WriteString(w, "ok\n")
}

// problem is the response to a browser if there is no answer.
type problem struct {
	Error string `json:"error"` // what happened
	Hint  string `json:"hint"`  // what to do about it
	Param string `json:"param,omitempty"`
	// Start and End delimit the wrong part of the query, in UTF-16 code units.
	Start int    `json:"start,omitempty"`
	End   int    `json:"end,omitempty"`
	Fix   string `json:"fix,omitempty"`   // what to write there instead
	Retry int    `json:"retry,omitempty"` // seconds to wait before trying again
}

// retryAfter is the number of seconds a client should wait if there is no answer.
const retryAfter = 5

// problemFor returns the problem for an error, without the server's own words.
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
	_ = json.NewEncoder(w).Encode(p) // the client may have disconnected
}

// writeJSON sends a response that must not be cached.
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

// parseParams parses the query of an address. Go's own parser silently skips invalid
// parts.
func parseParams(text string) (url.Values, error) {
	params, err := url.ParseQuery(strings.TrimPrefix(text, "?"))
	if err != nil {
		return nil, bad("", "the address cannot be read")
	}
	return params, nil
}

// viewOf parses the view in a request. own are additional parameters that the request
// may have; viewOf returns them.
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
