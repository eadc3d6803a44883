// Package web is the dashboard: one page that shows what Elasticsearch holds,
// and the JSON that the page is made of. The browser sends only names, numbers
// and times; every search is built here from structs. Nothing of the page comes
// from elsewhere, and the browser is told to enforce that.
package web

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/wmtools/wm/lib/es"
	"github.com/wmtools/wm/lib/es/query"
)

// Searcher answers searches. A *query.Reader is one.
type Searcher interface {
	// Msearch returns one page for each search, in the same order. An index
	// that is not there counts as empty.
	Msearch(ctx context.Context, index string, searches []query.Search) ([]query.Page, error)
}

// Config is what a dashboard needs. All of it is required.
type Config struct {
	Searcher Searcher
	// Index is a pattern of index names as es.ParseIndexPattern reads it.
	// Where it holds {stream}, a view searches the indices of its stream
	// alone; otherwise the stream is looked for in the documents.
	Index   string
	Version string           // of wm, shown at the foot of the page
	Now     func() time.Time // the clock that relative ranges end at
	OnError func(error)      // takes each failed search; browsers get no details
}

// Handler makes the dashboard. It expects to be served at the root of a host.
func Handler(cfg Config) (http.Handler, error) {
	if _, err := es.ParseIndexPattern(cfg.Index); err != nil {
		return nil, err
	}
	files, err := loadAssets()
	if err != nil {
		return nil, err
	}
	sh, err := newShell(files.prefix, cfg.Version)
	if err != nil {
		return nil, err
	}
	d := &dashboard{cfg: cfg, answers: newAnswers()}
	mux := http.NewServeMux()
	mux.Handle("GET /{$}", sh)
	mux.HandleFunc("GET /api/view", d.serveView)
	mux.Handle("GET "+files.prefix, files)
	mux.HandleFunc("GET /favicon.ico", files.serveIcon)
	mux.HandleFunc("GET /robots.txt", serveRobots)
	return secure(mux), nil
}

// policy lets the page load its own files and speak to its own server, and
// nothing else; no string can become markup or script.
const policy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; " +
	"base-uri 'none'; form-action 'none'; frame-ancestors 'none'; " +
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

// content is a body in the two forms that clients may get.
type content struct {
	plain, zipped []byte // zipped: gzip
}

// write sends the form that the client prefers.
func (c content) write(w http.ResponseWriter, r *http.Request) {
	body := c.plain
	w.Header().Add("Vary", "Accept-Encoding")
	if acceptsGzip(r.Header.Get("Accept-Encoding")) {
		w.Header().Set("Content-Encoding", "gzip")
		body = c.zipped
	}
	w.Header().Set("Content-Length", strconv.Itoa(len(body)))
	_, _ = w.Write(body) // a client that has gone needs no answer
}

// acceptsGzip reads an Accept-Encoding header: "gzip" or "*" with any weight
// but zero.
func acceptsGzip(accept string) bool {
	for part := range strings.SplitSeq(accept, ",") {
		name, params, _ := strings.Cut(part, ";")
		name = strings.ToLower(strings.TrimSpace(name))
		if name != "gzip" && name != "*" {
			continue
		}
		weight, ok := strings.CutPrefix(strings.ReplaceAll(params, " ", ""), "q=")
		q, err := strconv.ParseFloat(weight, 64)
		return !ok || err != nil || q > 0
	}
	return false
}

// problem is what a browser is told when it gets no view.
type problem struct {
	Error string `json:"error"` // what happened
	Hint  string `json:"hint"`  // what to do about it
}

func (p problem) write(w http.ResponseWriter, status int) {
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(p)
}
