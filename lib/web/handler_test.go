package web

import (
	"bytes"
	"compress/gzip"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/wmtools/wm/lib/es"
	"github.com/wmtools/wm/lib/es/query"
)

// elastic answers every search with the same page and records the searches.
type elastic struct {
	page query.Page
	err  error
	wait chan struct{} // answers when it is closed; nil: at once

	mu       sync.Mutex
	index    string
	searches [][]query.Search
}

func (e *elastic) Msearch(ctx context.Context, index string, searches []query.Search) ([]query.Page, error) {
	if e.wait != nil {
		select {
		case <-e.wait:
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	e.index, e.searches = index, append(e.searches, searches)
	return slices.Repeat([]query.Page{e.page}, len(searches)), e.err
}

func (e *elastic) Each(context.Context, string, query.Clause, []query.Sort, int, func(query.Hit) error) error {
	return e.err
}

func (e *elastic) requests() int {
	e.mu.Lock()
	defer e.mu.Unlock()
	return len(e.searches)
}

func dash(t *testing.T, s Searcher, change ...func(*Options)) *Dashboard {
	t.Helper()
	o := Options{Searcher: s, Index: es.DefaultIndex, Version: "1.2.3", Now: func() time.Time { return noon }}
	for _, f := range change {
		f(&o)
	}
	d, err := New(o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(d.Close)
	return d
}

func TestNewRefuses(t *testing.T) {
	for _, index := range []string{"", "WM-*", "wm-{streams}-*", "a/b"} {
		if _, err := New(Options{Searcher: &elastic{}, Index: index}); err == nil {
			t.Errorf("index %q is accepted", index)
		}
	}
	_, err := New(Options{Searcher: &elastic{}, Index: es.DefaultIndex, Views: []NamedView{{"Night", "range=99x"}}})
	if err == nil || !strings.Contains(err.Error(), `view "Night"`) {
		t.Errorf("a view that cannot be shown: %v", err)
	}
}

func TestStatusAndHeaders(t *testing.T) {
	d := dash(t, &elastic{})
	for _, tt := range []struct {
		method, path string
		status       int
		mediaType    string
	}{
		{"GET", "/", 200, "text/html; charset=utf-8"},
		{"HEAD", "/", 200, "text/html; charset=utf-8"},
		{"GET", "/?range=99x", 400, "text/html; charset=utf-8"},
		{"GET", "/help", 200, "text/html; charset=utf-8"},
		{"GET", "/api", 200, "text/html; charset=utf-8"},
		{"GET", "/api/openapi.json", 200, "application/json; charset=utf-8"},
		{"GET", "/api/v1/view", 200, "application/json; charset=utf-8"},
		{"GET", "/api/v1/view?range=99x", 400, "application/json; charset=utf-8"},
		{"GET", "/api/v1/view?rnage=1h", 400, "application/json; charset=utf-8"},
		{"GET", "/api/v1/view?q=%zz", 400, "application/json; charset=utf-8"},
		{"GET", "/api/v1/views", 200, "application/json; charset=utf-8"},
		{"GET", "/api/v1/export/figures", 200, "text/csv; charset=utf-8"},
		{"GET", "/api/v1/export/nothing", 400, "application/json; charset=utf-8"},
		{"GET", "/api/v1/export/figures?format=xls", 400, "application/json; charset=utf-8"},
		{"GET", "/api/v1/rows?limit=0", 400, "application/json; charset=utf-8"},
		{"GET", "/favicon.ico", 200, "image/svg+xml"},
		{"GET", "/robots.txt", 200, "text/plain; charset=utf-8"},
		{"GET", "/healthz", 200, "text/plain; charset=utf-8"},
		{"POST", "/api/v1/view", 405, "text/plain; charset=utf-8"},
		{"DELETE", "/", 405, "text/plain; charset=utf-8"},
		{"GET", "/wm-recentchange-2026.11.23/_search", 404, "text/plain; charset=utf-8"},
		{"GET", "/a/000000000000/js/app.js", 404, "text/plain; charset=utf-8"},
		{"GET", "/index.html", 404, "text/plain; charset=utf-8"},
	} {
		w := httptest.NewRecorder()
		d.ServeHTTP(w, httptest.NewRequestWithContext(t.Context(), tt.method, tt.path, nil))
		if got := w.Header().Get("Content-Type"); w.Code != tt.status || got != tt.mediaType {
			t.Errorf("%s %s: status %d, type %q", tt.method, tt.path, w.Code, got)
		}
		if csp := w.Header().Get("Content-Security-Policy"); !strings.Contains(csp, "default-src 'none'") || !strings.Contains(csp, "trusted-types 'none'") {
			t.Errorf("%s: policy %q", tt.path, csp)
		}
	}
}

// TestProblems: the dashboard reports failures of the server in its own words.
func TestProblems(t *testing.T) {
	secret := "index [secret] at 10.0.0.7"
	for name, tt := range map[string]struct {
		err    error
		status int
		want   string
	}{
		"no connection": {errors.New("dial tcp 10.0.0.7:9200: " + secret), 503, "The store does not answer"},
		"too busy":      {&es.Error{Status: 429, Type: "es_rejected_execution_exception", Reason: secret}, 503, "The store is too busy to answer"},
		"no rights":     {&es.Error{Status: 403, Type: "security_exception", Reason: secret}, 502, "The store does not let wm-serve in"},
		"refused":       {&es.Error{Status: 400, Type: "parsing_exception", Reason: secret}, 502, "The store refused the search"},
		"not a store":   {&es.Error{Status: 404, Reason: secret}, 502, "What answers is not Elasticsearch"},
		"slow":          {context.DeadlineExceeded, 503, "The store did not answer in time"},
	} {
		t.Run(name, func(t *testing.T) {
			d := dash(t, &elastic{err: tt.err})
			for _, path := range []string{"/api/v1/view", "/api/v1/export/histogram", "/api/v1/chart?chart=m%3Dchanges", "/api/v1/values?field=wiki"} {
				res := serve(t, d, path)
				if body := res.Body.String(); res.Code != tt.status || !strings.Contains(body, tt.want) || strings.Contains(body, "secret") || strings.Contains(body, "10.0.0.7") {
					t.Errorf("%s: status %d: %s", path, res.Code, body)
				}
			}
			if page := serve(t, d, "/"); page.Code != http.StatusOK || strings.Contains(page.Body.String(), "secret") {
				t.Errorf("the page: status %d", page.Code)
			}
			if d.Health() == nil {
				t.Error("the dashboard says that it is healthy")
			}
		})
	}
}

// TestPanelsDegrade checks that a search that the server rejects empties only its own
// panel, which shows the reason.
func TestPanelsDegrade(t *testing.T) {
	refusal := query.Page{Err: &es.Error{Status: 400, Type: "parsing_exception", Reason: "Unknown aggregation type [significant_terms]"}}
	d := dash(t, pickySearcher{refusal})
	a := ask(t, d, "/api/v1/view?range=1h")
	if a.Unusual.Problem != "This server cannot calculate it." || a.Hot.Problem != "" || len(a.Figures) != len(figures) {
		t.Errorf("unusual %+v, hot %+v, %d figures", a.Unusual, a.Hot, len(a.Figures))
	}
}

// pickySearcher refuses significant terms.
type pickySearcher struct{ refusal query.Page }

func (p pickySearcher) Msearch(_ context.Context, _ string, searches []query.Search) ([]query.Page, error) {
	pages := make([]query.Page, len(searches))
	for i, s := range searches {
		if s.Aggs["user"].SignificantTerms != nil {
			pages[i] = p.refusal
		}
	}
	return pages, nil
}

func (pickySearcher) Each(context.Context, string, query.Clause, []query.Sort, int, func(query.Hit) error) error {
	return nil
}

// TestForeignIndex checks that an index that analyzes the fields, or lacks them, is a
// state of the page and not an error.
func TestForeignIndex(t *testing.T) {
	refusal := &es.Error{Status: 400, Type: "illegal_argument_exception", Reason: "Fielddata is disabled on [wiki] in [dasa]. Text fields are not optimised"}
	d := dash(t, &elastic{page: query.Page{Err: refusal}})
	if a := ask(t, d, "/api/v1/view"); a.State != stateForeign {
		t.Errorf("state %q", a.State)
	}
	var p query.Page
	if err := json.Unmarshal([]byte(`{"hits":{"total":{"value":5},"hits":[{"_id":"a","_source":{},"sort":[-9223372036854775808,null]}]}}`), &p); err != nil {
		t.Fatal(err)
	}
	if a := ask(t, dash(t, &elastic{page: p}), "/api/v1/view"); a.State != stateForeign {
		t.Errorf("without times the state is %q", a.State)
	}
}

// TestManyViewers checks that a hundred viewers of one view cause one request to the
// server, and the same view in the next slot one more.
func TestManyViewers(t *testing.T) {
	e, now := &elastic{wait: make(chan struct{})}, noon
	d := dash(t, e, func(o *Options) { o.Now = func() time.Time { return now } })
	var all sync.WaitGroup
	for i := range 100 {
		all.Go(func() {
			r := httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/api/v1/view?range=1h&tab=x&live=0", nil)
			r.RemoteAddr = fmt.Sprintf("127.0.0.%d:1", i)
			w := httptest.NewRecorder()
			d.ServeHTTP(w, r)
			if w.Code != http.StatusOK {
				t.Errorf("status %d", w.Code)
			}
		})
	}
	close(e.wait)
	all.Wait()
	first := e.requests()
	ask(t, d, "/api/v1/view?range=1h&tz=local")
	if n := e.requests(); n != first || n > 2 { // the second looks for the last match
		t.Errorf("%d requests, then %d", first, n)
	}
	now = now.Add(2 * time.Second)
	ask(t, d, "/api/v1/view?range=1h")
	if e.requests() == first {
		t.Error("the next slot has the answer of the one before")
	}
}

// TestSlowPanelsAreKept checks that panels that change slowly are not searched on
// each refresh.
func TestSlowPanelsAreKept(t *testing.T) {
	e, now := &elastic{}, noon
	d := dash(t, e, func(o *Options) { o.Now = func() time.Time { return now } })
	ask(t, d, "/api/v1/view?range=1h")
	full := len(e.searches[0])
	now = now.Add(2 * time.Second)
	ask(t, d, "/api/v1/view?range=1h")
	if last := e.searches[len(e.searches)-1]; len(last) >= full {
		t.Errorf("the refresh makes %d searches, the first answer took %d", len(last), full)
	}
}

func TestLimits(t *testing.T) {
	d := dash(t, &elastic{})
	busy := 0
	for range requestBurst + 10 {
		r := httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/api/v1/views", nil)
		w := httptest.NewRecorder()
		d.ServeHTTP(w, r)
		if w.Code == http.StatusTooManyRequests && w.Header().Get("Retry-After") != "" {
			busy++
		}
	}
	if busy == 0 || busy > 10 {
		t.Errorf("%d of %d requests were too many", busy, requestBurst+10)
	}
	if w := serve(t, d, "/api/v1/views"); w.Code != http.StatusOK {
		t.Error("another client is limited too")
	}
}

// TestOpenAPI checks that the description has exactly the paths of the API.
func TestOpenAPI(t *testing.T) {
	var api struct {
		Paths map[string]any `json:"paths"`
	}
	get(t, dash(t, &elastic{}), "/api/openapi.json", &api)
	source, err := os.ReadFile("routes.go")
	if err != nil {
		t.Fatal(err)
	}
	want := []string{"/healthz", "/api/v1/live"}
	for _, m := range regexp.MustCompile(`\tapi\("([^"]+)"`).FindAllSubmatch(source, -1) {
		want = append(want, "/api/v1/"+string(m[1]))
	}
	for _, path := range want {
		if _, ok := api.Paths[path]; !ok {
			t.Errorf("openapi.json lacks %s", path)
		}
		delete(api.Paths, path)
	}
	if len(api.Paths) > 0 {
		t.Errorf("openapi.json has %v, which are not served", api.Paths)
	}
}

// TestPublicURL checks that the page works through a proxy below a path, whether or
// not the proxy strips the path.
func TestPublicURL(t *testing.T) {
	public, _ := url.Parse("https://tools.example/wm")
	d := dash(t, &elastic{}, func(o *Options) {
		o.PublicURL = public
		o.Commands = func(s Selection) []Command { return []Command{{"curl", "Copy as curl", s.URL}} }
	})
	for _, path := range []string{"/", "/wm/", "/api/v1/view", "/wm/api/v1/view", "/wm/help"} {
		if w := serve(t, d, path); w.Code != http.StatusOK {
			t.Errorf("%s: status %d", path, w.Code)
		}
	}
	var list []Command
	get(t, d, "/api/v1/commands?q=bot%3Dtrue&range=1h", &list)
	if !strings.HasPrefix(list[0].Text, "https://tools.example/wm/api/v1/rows?") || !strings.Contains(list[0].Text, "q=bot%3Dtrue") {
		t.Errorf("command %q", list[0].Text)
	}
	page := serve(t, d, "/wm/").Body.String()
	for _, m := range regexp.MustCompile(`(?:src|href)="([^"#?]*)`).FindAllStringSubmatch(page, -1) {
		if strings.HasPrefix(m[1], "/") || strings.Contains(m[1], "://") && !strings.Contains(m[1], "wiki") {
			t.Errorf("the page has the absolute address %q", m[1])
		}
	}
}

// TestPageWeight checks that everything the page loads is at most 100 kB, compressed.
func TestPageWeight(t *testing.T) {
	d := dash(t, &elastic{})
	total := 0
	for name, f := range d.assets.files {
		var buf bytes.Buffer
		zw := gzip.NewWriter(&buf)
		_, _ = zw.Write(f.body)
		_ = zw.Close()
		total += buf.Len()
		if lines := bytes.Count(f.body, []byte("\n")); lines > 400 && name != styles {
			t.Errorf("%s has %d lines", name, lines)
		}
	}
	t.Logf("%d files, %d bytes compressed", len(d.assets.files), total)
	if total > 100_000 {
		t.Errorf("the page weighs %d bytes", total)
	}
}

// TestVendoredFiles checks that third-party code is as scripts/d3/build made it.
func TestVendoredFiles(t *testing.T) {
	sums, err := os.ReadFile("../../scripts/d3/SHA256SUMS")
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(sums)) {
		want, name, _ := strings.Cut(strings.TrimSpace(line), "  ")
		body, err := static.ReadFile("static/js/" + name)
		if err != nil {
			t.Fatal(err)
		}
		if sum := sha256.Sum256(body); hex.EncodeToString(sum[:]) != want {
			t.Errorf("%s has been changed", name)
		}
	}
}

func TestCSVCell(t *testing.T) {
	for text, want := range map[string]string{"=1+1": "'=1+1", "+x": "'+x", "-x": "'-x", "@x": "'@x", "\tx": "'\tx", "x=1": "x=1", "": ""} {
		if got := csvCell(text, false); got != want {
			t.Errorf("%q becomes %q", text, got)
		}
		if got := csvCell(text, true); got != text {
			t.Errorf("%q, plain, becomes %q", text, got)
		}
	}
}
