package web

import (
	"bytes"
	"compress/gzip"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/wmtools/wm/lib/es"
	"github.com/wmtools/wm/lib/es/query"
)

// elastic answers searches from memory and remembers them.
type elastic struct {
	answer   string
	err      error
	index    string
	searches []query.Search
	requests int
	reported []error
}

func (e *elastic) Msearch(_ context.Context, index string, searches []query.Search) ([]query.Page, error) {
	e.index, e.searches = index, searches
	e.requests++
	if e.err != nil {
		return nil, e.err
	}
	var pages []query.Page
	return pages, json.Unmarshal([]byte(e.answer), &pages)
}

func dash(t *testing.T, e *elastic, index string) http.Handler {
	t.Helper()
	h, err := Handler(Config{
		Searcher: e, Index: index, Version: "1.2.3",
		Now:     func() time.Time { return noon },
		OnError: func(err error) { e.reported = append(e.reported, err) },
	})
	if err != nil {
		t.Fatal(err)
	}
	return h
}

// serve asks for an address; header is pairs of names and values.
func serve(t *testing.T, h http.Handler, address string, header ...string) *httptest.ResponseRecorder {
	t.Helper()
	r := httptest.NewRequestWithContext(t.Context(), http.MethodGet, address, nil)
	for i := 0; i < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w
}

func TestHandlerRefusesBadIndex(t *testing.T) {
	for _, index := range []string{"", "WM-*", "wm-{streams}-*", "a/b"} {
		if _, err := Handler(Config{Index: index}); err == nil {
			t.Errorf("index %q is taken", index)
		}
	}
}

func TestStatusAndHeaders(t *testing.T) {
	h := dash(t, &elastic{answer: canned}, "wm-{stream}-*")
	for _, tt := range []struct {
		method, path string
		status       int
		mediaType    string
	}{
		{"GET", "/", 200, "text/html; charset=utf-8"},
		{"HEAD", "/", 200, "text/html; charset=utf-8"},
		{"GET", "/?range=7d&live=0&utm_source=x", 200, "text/html; charset=utf-8"},
		{"GET", "/?range=99h", 400, "text/html; charset=utf-8"},
		{"GET", "/api/view", 200, "application/json; charset=utf-8"},
		{"GET", "/api/view?range=99h", 400, "application/json; charset=utf-8"},
		{"GET", "/favicon.ico", 200, "image/svg+xml"},
		{"GET", "/robots.txt", 200, "text/plain; charset=utf-8"},
		{"POST", "/api/view", 405, "text/plain; charset=utf-8"},
		{"DELETE", "/", 405, "text/plain; charset=utf-8"},
		{"GET", "/wm-recentchange-2026.11.23/_search", 404, "text/plain; charset=utf-8"},
		{"GET", "/a/000000000000/js/app.js", 404, "text/plain; charset=utf-8"},
		{"GET", "/index.html", 404, "text/plain; charset=utf-8"},
	} {
		w := httptest.NewRecorder()
		h.ServeHTTP(w, httptest.NewRequestWithContext(t.Context(), tt.method, tt.path, nil))
		if w.Code != tt.status || w.Header().Get("Content-Type") != tt.mediaType {
			t.Errorf("%s %s: %d %s", tt.method, tt.path, w.Code, w.Header().Get("Content-Type"))
		}
		csp := w.Header().Get("Content-Security-Policy")
		for _, rule := range []string{"default-src 'none'", "script-src 'self'", "trusted-types 'none'", "require-trusted-types-for 'script'", "frame-ancestors 'none'"} {
			if !strings.Contains(csp, rule) {
				t.Errorf("%s %s: policy %q lacks %q", tt.method, tt.path, csp, rule)
			}
		}
		if strings.Contains(csp, "unsafe") || w.Header().Get("X-Content-Type-Options") != "nosniff" {
			t.Errorf("%s %s: headers %v", tt.method, tt.path, w.Header())
		}
	}
}

var address = regexp.MustCompile(`(?:src|href)="([^"]*)"`)

// TestPageLoadsOnlyItsOwnFiles: every address in the page is on this server,
// and there; a module that another one imports is preloaded.
func TestPageLoadsOnlyItsOwnFiles(t *testing.T) {
	h := dash(t, &elastic{answer: canned}, "wm-{stream}-*")
	page := serve(t, h, "/").Body.String()
	found := address.FindAllStringSubmatch(page, -1)
	if len(found) < 10 {
		t.Fatalf("only %d addresses in the page", len(found))
	}
	for _, m := range found {
		if m[1] == "#main" {
			continue
		}
		res := serve(t, h, m[1])
		if !strings.HasPrefix(m[1], "/") || strings.HasPrefix(m[1], "//") || res.Code != http.StatusOK {
			t.Errorf("%s: status %d", m[1], res.Code)
		}
		for _, imported := range regexp.MustCompile(`from '\./([a-z]+\.js)'`).FindAllStringSubmatch(res.Body.String(), -1) {
			if !strings.Contains(page, "/js/"+imported[1]+`"`) {
				t.Errorf("%s imports %s, which the page does not name", m[1], imported[1])
			}
		}
	}
}

func TestShellShowsTheStateOfTheAddress(t *testing.T) {
	h := dash(t, &elastic{}, "wm-{stream}-*")
	page := serve(t, h, "/?range=7d&stream=odd-stream&wiki=enwiki&live=0&x=%3Cscript%3E").Body.String()
	for _, want := range []string{
		`<option value="7d" selected>7 days</option>`, `<option selected>odd-stream</option>`, `aria-pressed="false"`,
		`wiki: enwiki`, `/api/view?range=7d&amp;stream=odd-stream&amp;wiki=enwiki"`, `wm-serve 1.2.3`, `<noscript>`,
	} {
		if !strings.Contains(page, want) {
			t.Errorf("%s is not in the page", want)
		}
	}
	bad := serve(t, h, "/?range=%3Cscript%3Ealert(1)%3C/script%3E").Body.String()
	if strings.Contains(bad, "<script>alert") || !strings.Contains(bad, "unknown range") {
		t.Errorf("the page of a wrong address is\n%s", bad)
	}
}

func TestCompression(t *testing.T) {
	h := dash(t, &elastic{answer: canned}, "wm-{stream}-*")
	script := regexp.MustCompile(`/a/[^"]*app\.js`).FindString(serve(t, h, "/").Body.String())
	for _, path := range []string{"/api/view", script} {
		plain := serve(t, h, path)
		zipped := serve(t, h, path, "Accept-Encoding", "br, gzip;q=0.5")
		zr, err := gzip.NewReader(zipped.Body)
		if err != nil {
			t.Fatal(err)
		}
		got, err := io.ReadAll(zr)
		if err != nil || !bytes.Equal(got, plain.Body.Bytes()) {
			t.Errorf("%s: the two forms differ, %v", path, err)
		}
		if plain.Header().Get("Content-Encoding") != "" || zipped.Header().Get("Content-Encoding") != "gzip" || plain.Header().Get("Vary") != "Accept-Encoding" {
			t.Errorf("%s: headers %v and %v", path, plain.Header(), zipped.Header())
		}
	}
	if cc := serve(t, h, script).Header().Get("Cache-Control"); !strings.Contains(cc, "immutable") {
		t.Errorf("a file with a hash in its name is %s", cc)
	}
	for accept, want := range map[string]bool{"": false, "gzip": true, "GZIP ; q=1.0": true, "gzip;q=0": false, "gzip; q=0.000, br": false, "*": true, "identity": false, "xgzip": false} {
		if acceptsGzip(accept) != want {
			t.Errorf("acceptsGzip(%q) is not %v", accept, want)
		}
	}
}

// TestFailures: browsers learn what happened and what to do, and not what
// Elasticsearch said; the operator learns that.
func TestFailures(t *testing.T) {
	const secret = "secret-index is broken"
	for _, tt := range []struct {
		name   string
		err    error
		status int
		says   string
	}{
		{"away", errors.New(secret), 503, "cannot be reached"},
		{"slow", fmt.Errorf("%s: %w", secret, context.DeadlineExceeded), 503, "did not answer in time"},
		{"busy", &es.Error{Status: 429, Reason: secret}, 503, "too busy"},
		{"no shards", fmt.Errorf("search 1: %w", &es.Error{Status: 503, Reason: secret}), 503, "too busy"},
		{"refused", &es.Error{Status: 400, Reason: secret}, 502, "refused"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			e := &elastic{err: tt.err}
			res := serve(t, dash(t, e, "wm-{stream}-*"), "/api/view")
			var p problem
			if err := json.Unmarshal(res.Body.Bytes(), &p); err != nil {
				t.Fatalf("%v in %s", err, res.Body)
			}
			if res.Code != tt.status || !strings.Contains(p.Error, tt.says) || p.Hint == "" || res.Header().Get("Retry-After") == "" {
				t.Errorf("status %d, %+v, Retry-After %q", res.Code, p, res.Header().Get("Retry-After"))
			}
			if strings.Contains(res.Body.String(), "secret") {
				t.Errorf("the browser is told %s", res.Body)
			}
			if len(e.reported) != 1 || !errors.Is(e.reported[0], tt.err) {
				t.Errorf("the operator is told %v", e.reported)
			}
		})
	}
}

func TestWrongNumberOfPages(t *testing.T) {
	e := &elastic{answer: `[{"hits":{"hits":[]}}]`}
	if res := serve(t, dash(t, e, "wm-{stream}-*"), "/api/view"); res.Code != http.StatusServiceUnavailable || len(e.reported) != 1 {
		t.Errorf("status %d, reported %v", res.Code, e.reported)
	}
}

// TestSameViewIsSearchedOnce: two browsers in one second cost one search, and a
// view of another wiki its own.
func TestSameViewIsSearchedOnce(t *testing.T) {
	e := &elastic{answer: canned}
	h := dash(t, e, "wm-{stream}-*")
	for _, path := range []string{"/api/view", "/api/view?range=1h", "/api/view?stream=mediawiki.recentchange"} {
		serve(t, h, path)
	}
	if e.requests != 1 {
		t.Errorf("%d searches for one view", e.requests)
	}
	if serve(t, h, "/api/view?wiki=enwiki"); e.requests != 2 {
		t.Errorf("%d searches for two views", e.requests)
	}
}
