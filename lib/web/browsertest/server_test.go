package browsertest

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"
	"time"

	"github.com/wmtools/wm/lib/es"
	"github.com/wmtools/wm/lib/es/query"
	"github.com/wmtools/wm/lib/web"
)

// now is when all tests take place, but for the seconds that pass with each
// search.
var now = time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)

// hostile is text that must stay text.
const hostile = `<img src=x onerror="window.hacked=1"><script>window.hacked=1</script>`

// index stands for an Elasticsearch whose answers the test decides on. It
// holds events of the last minutes, one more with each search.
type index struct {
	mu       sync.Mutex
	away     bool
	empty    bool
	searches int
	wiki     string        // that the last search was for
	span     time.Duration // of its range
}

func (x *index) set(away, empty bool) {
	x.mu.Lock()
	defer x.mu.Unlock()
	x.away, x.empty = away, empty
}

// last returns how many searches there were, and what the last one was for.
func (x *index) last() (searches int, wiki string, span time.Duration) {
	x.mu.Lock()
	defer x.mu.Unlock()
	return x.searches, x.wiki, x.span
}

func (x *index) clock() time.Time {
	x.mu.Lock()
	defer x.mu.Unlock()
	return now.Add(time.Duration(x.searches) * time.Second)
}

func (x *index) Msearch(_ context.Context, _ string, searches []query.Search) ([]query.Page, error) {
	x.mu.Lock()
	defer x.mu.Unlock()
	x.searches++
	if x.away {
		return nil, errors.New("connection refused")
	}
	x.note(searches[0].Query.Bool.Filter)
	answer := `[{"hits":{"total":{"value":0},"hits":[]}},{"hits":{"hits":[]}},{"hits":{"hits":[]}}]`
	if !x.empty {
		answer = x.answer()
	}
	var pages []query.Page
	return pages, json.Unmarshal([]byte(answer), &pages)
}

func (x *index) note(filter []query.Clause) {
	x.wiki = ""
	for _, q := range filter {
		if wiki, ok := q.Term["wm.wiki"].(string); ok {
			x.wiki = wiki
		}
		if r, ok := q.Range["@timestamp"]; ok {
			x.span = time.Duration(r.LT.(int64)-r.GTE.(int64)) * time.Millisecond
		}
	}
}

// answer makes the pages of the searches that the dashboard sends.
func (x *index) answer() string {
	minute := now.UnixMilli()
	return fmt.Sprintf(`[
	 {"hits":{"total":{"value":%d},"hits":[]},"aggregations":{
	   "bytes":{"value":-1234},
	   "wikis":{"sum_other_doc_count":5,"buckets":[{"key":"enwiki","doc_count":600},{"key":"hewiki","doc_count":395}]},
	   "time":{"buckets":[{"key":%d,"doc_count":900},{"key":%d,"doc_count":100}]},
	   "types":{"buckets":[
	     {"key":"edit","doc_count":700,"time":{"buckets":[{"key":%d,"doc_count":700}]}},
	     {"key":"log","doc_count":250,"time":{"buckets":[{"key":%d,"doc_count":150},{"key":%d,"doc_count":100}]}}]}}},
	 {"hits":{"hits":%s}},
	 {"hits":{"hits":[{"_id":"0","_source":{"meta":{"dt":"2026-11-23T11:50:00Z"}}}]}}]`,
		1000+x.searches, minute-60_000, minute, minute-60_000, minute-60_000, minute, x.hits())
}

func (x *index) hits() string {
	docs := []map[string]any{
		{"type": "edit", "title": "Old " + hostile, "user": "User " + hostile, "comment": "first line\nsecond line",
			"server_url": "https://en.wikipedia.org", "length": map[string]int{"old": 2000, "new": 1000},
			"revision": map[string]int{"old": 1, "new": 2}, "minor": true},
		{"type": "log", "title": "שלום", "log_type": "delete", "log_action": "delete", "comment": hostile, "server_url": "javascript:alert(1)"},
	}
	for i := range x.searches {
		docs = append(docs, map[string]any{"type": "edit", "title": fmt.Sprint("Event ", i), "user": "Quiet Otter", "server_url": "https://en.wikipedia.org"})
	}
	hits := make([]map[string]any, len(docs))
	for i, doc := range docs {
		at := now.Add(time.Duration(i-100) * time.Second)
		doc["wiki"], doc["meta"] = "enwiki", map[string]any{"dt": at.Format(time.RFC3339)}
		hits[len(docs)-1-i] = map[string]any{"_id": fmt.Sprint("id", i), "_source": doc}
	}
	out, err := json.Marshal(hits)
	if err != nil {
		panic(err) // maps of strings and numbers always marshal
	}
	return string(out)
}

// start serves the dashboard over an index.
func start(t *testing.T) (*index, string) {
	t.Helper()
	x := &index{}
	h, err := web.Handler(web.Config{
		Searcher: x, Index: es.DefaultIndex, Version: "test", Now: x.clock, OnError: func(error) {},
	})
	if err != nil {
		t.Fatal(err)
	}
	srv := httptest.NewServer(http.Handler(h))
	t.Cleanup(srv.Close)
	return x, srv.URL
}
