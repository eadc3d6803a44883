package eshttp

import (
	"context"
	"errors"
	"fmt"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/wmtools/wm/lib/store"
)

// nested returns a query of nested bools.
func nested(n int) string {
	return strings.Repeat(`{"bool":{"must":`, n) + `{"match_all":{}}` + strings.Repeat("}}", n)
}

func TestLimitsOfQueries(t *testing.T) {
	s := filled(t)
	s.search(`{"query":`+nested(29)+`}`, "hits.total.value=4")
	s.want("POST", "/wm-a/_search", `{"query":`+nested(30)+`}`, 400, "error~indices.query.bool.max_nested_depth")
	terms := strings.Repeat(`"x",`, maxTerms) + `"x"`
	s.want("POST", "/wm-a/_search", `{"query":{"terms":{"wiki":[`+terms+`]}}}`, 400, "error.root_cause.0.reason~has exceeded the allowed maximum of [65536]")
	s.want("POST", "/wm-a/_search", `{"size":0,"aggs":{"x":{"date_histogram":{"field":"@timestamp","fixed_interval":"1ms"}}}}`, 400, "error.type=too_many_buckets_exception")
}

// TestSearchEndsWithItsClient checks that a search is cancelled when its client
// disconnects.
func TestSearchEndsWithItsClient(t *testing.T) {
	s := filled(t)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	var failed error
	h := Handler(s.store, Options{Failed: func(err error) { failed = err }})
	r := httptest.NewRequestWithContext(ctx, "GET", "/wm-*/_search", nil)
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	if w.Code == 200 || failed != nil {
		t.Errorf("status %d, reported %v", w.Code, failed)
	}
}

// TestTimeout checks that a search that takes too long returns what it has found.
func TestTimeout(t *testing.T) {
	s := filled(t)
	srv := httptest.NewServer(Handler(s.store, Options{Timeout: time.Nanosecond}))
	defer srv.Close()
	s.url = srv.URL
	s.search(`{}`, "timed_out=true")
	s.search(`{"timeout":"1m"}`, "timed_out=false", "hits.total.value=4")
}

// TestDiskIsWatched checks that a full disk, and free space afterwards, are reported.
func TestDiskIsWatched(t *testing.T) {
	var reported []string
	s := &server{opts: Options{
		Failed:    func(err error) { reported = append(reported, fmt.Sprint("failed: ", err)) },
		Recovered: func(time.Duration) { reported = append(reported, "recovered") },
	}}
	full := store.Outcome{Err: fmt.Errorf("index a: %w", store.ErrDiskFull)}
	bad := store.Outcome{Err: errors.New("not JSON")}
	for _, outcomes := range [][]store.Outcome{{{}}, {full, bad}, {bad}, {full}, {bad, {}}, {{}}} {
		s.watchDisk(outcomes)
	}
	want := "failed: index a: disk full, failed: index a: disk full, recovered"
	if got := strings.Join(reported, ", "); got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestRefuse(t *testing.T) {
	w := httptest.NewRecorder()
	Refuse(w, httptest.NewRequest("GET", "/", nil), 401, "who?")
	if got := w.Body.String(); w.Code != 401 || !strings.Contains(got, `"type":"security_exception","reason":"who?"`) || !strings.Contains(got, `"status":401`) {
		t.Errorf("%d %s", w.Code, got)
	}
}

// FuzzParseSearch checks that any body is a search or an error in Elasticsearch's
// format.
func FuzzParseSearch(f *testing.F) {
	f.Add([]byte(`{"query":{"bool":{"must":[{"term":{"a":{"value":1}}},{"range":{"d":{"gte":"now-1h","time_zone":"+01:00"}}}],"minimum_should_match":"75%"}},"sort":[{"a":"desc"}]}`))
	f.Add([]byte(`{"aggs":{"a":{"terms":{"field":"k","order":{"_count":"asc"}},"aggs":{"b":{"date_histogram":{"field":"d","calendar_interval":"1M","offset":"-3h"}}}}},"_source":["a*"]}`))
	f.Add([]byte(`{"query":{"multi_match":{"query":"x","fields":["a^2"],"type":"phrase"}},"search_after":[1,"x",null],"size":"5","track_total_hits":false}`))
	f.Fuzz(func(t *testing.T, body []byte) {
		tree, err := parseTree(body)
		if err == nil {
			var q search
			if q, err = parseSearch(tree); err == nil {
				err = q.check()
			}
		}
		if err == nil {
			return
		}
		e := asAPIError(err, "i")
		if e.status != 400 || e.typ == "" || e.reason == "" {
			t.Fatalf("%q: %d %s %s", body, e.status, e.typ, e.reason)
		}
		if _, err := parseTree(e.body()); err != nil {
			t.Fatalf("%q: the error is not JSON: %s", body, e.body())
		}
	})
}

// FuzzParseQ checks that any parameter q is a query or an error.
func FuzzParseQ(f *testing.F) {
	for _, q := range []string{"wiki:enwiki", `a:"b c" AND -d:>=5 OR NOT e:f*`, "a:*", ":", "-", "AND", `"`, "a:[1 TO 2]"} {
		f.Add(q)
	}
	f.Fuzz(func(t *testing.T, text string) {
		r := &request{params: map[string][]string{"q": {text}}}
		q, err := r.parseQ()
		if (q == nil) == (err == nil) {
			t.Fatalf("%q: %v, %v", text, q, err)
		}
	})
}
