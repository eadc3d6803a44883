package query

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/wmtools/wm/lib/es"
)

// TestSearchJSON fixes the JSON of requests.
func TestSearchJSON(t *testing.T) {
	tests := []struct {
		name  string
		value any
		want  string
	}{
		{"hits", Search{
			Query: Clause{MatchAll: &struct{}{}}, Size: 50,
			Sort:        []Sort{{"@timestamp": "desc"}, {"meta.id": "desc"}},
			SearchAfter: []json.RawMessage{json.RawMessage(`1790000000000`), json.RawMessage(`"id"`)},
		}, `{"query":{"match_all":{}},"size":50,"track_total_hits":false,
			"sort":[{"@timestamp":"desc"},{"meta.id":"desc"}],"search_after":[1790000000000,"id"]}`},
		{"count", Search{Query: Clause{Exists: &Exists{"wm.user"}}, TrackTotalHits: true},
			`{"query":{"exists":{"field":"wm.user"}},"size":0,"track_total_hits":true}`},
		{"bool", Clause{Bool: &Bool{
			Filter: []Clause{
				{Range: map[string]Range{"@timestamp": {GTE: 1790000000000, LT: time.UnixMilli(1790003600000).UTC()}}},
				{Terms: map[string][]any{"wiki": {"enwiki", "dewiki"}}},
				{Match: map[string]string{"title.text": "berlin wall"}},
			},
			MustNot: []Clause{{Term: map[string]any{"bot": true}}},
		}}, `{"bool":{"filter":[
				{"range":{"@timestamp":{"gte":1790000000000,"lt":"2026-09-21T15:13:20Z"}}},
				{"terms":{"wiki":["enwiki","dewiki"]}},
				{"match":{"title.text":"berlin wall"}}],
			"must_not":[{"term":{"bot":true}}]}}`},
		{"range from zero", Range{GTE: 0}, `{"gte":0}`},
		{"aggregations", map[string]Agg{
			"types": {Terms: &TermsAgg{Field: "type", Size: 5}, Aggs: map[string]Agg{
				"time": {DateHistogram: &HistogramAgg{Field: "@timestamp", Interval: time.Minute}}}},
			"bytes": {Sum: &FieldAgg{"wm.delta"}},
			"users": {Cardinality: &FieldAgg{"wm.user"}},
			"bots":  {Filter: &Clause{Term: map[string]any{"bot": true}}},
		}, `{"types":{"terms":{"field":"type","size":5},"aggs":{
				"time":{"date_histogram":{"field":"@timestamp","fixed_interval":"1m"}}}},
			"bytes":{"sum":{"field":"wm.delta"}},
			"users":{"cardinality":{"field":"wm.user"}},
			"bots":{"filter":{"term":{"bot":true}}}}`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, err := json.Marshal(tt.value)
			if err != nil {
				t.Fatal(err)
			}
			if canonical(t, got) != canonical(t, []byte(tt.want)) {
				t.Errorf("got  %s\nwant %s", got, tt.want)
			}
		})
	}
}

// canonical returns JSON with sorted members and without blanks.
func canonical(t *testing.T, data []byte) string {
	t.Helper()
	var v any
	if err := json.Unmarshal(data, &v); err != nil {
		t.Fatalf("%v in %s", err, data)
	}
	out, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return string(out)
}

func TestFixedInterval(t *testing.T) {
	for d, want := range map[time.Duration]string{
		24 * time.Hour:         "1d",
		12 * time.Hour:         "12h",
		90 * time.Minute:       "90m",
		10 * time.Second:       "10s",
		250 * time.Millisecond: "250ms",
		7 * 24 * time.Hour:     "7d",
	} {
		if got := fixedInterval(d); got != want {
			t.Errorf("fixedInterval(%v) = %q, want %q", d, got, want)
		}
	}
}

// msearch sends two searches to a server that gives answer.
func msearch(t *testing.T, status int, answer string) ([]Page, error) {
	t.Helper()
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			t.Error(err)
		}
		checkMsearch(t, r, string(body))
		w.Header().Set("X-Elastic-Product", "Elasticsearch")
		w.WriteHeader(status)
		_, _ = io.WriteString(w, answer)
	}))
	defer srv.Close()
	c, err := es.New(es.Options{URLs: []string{srv.URL}})
	if err != nil {
		t.Fatal(err)
	}
	all := Search{Query: Clause{MatchAll: &struct{}{}}}
	return NewReader(c).Msearch(t.Context(), "wm-recentchange-*", []Search{all, all})
}

func checkMsearch(t *testing.T, r *http.Request, body string) {
	t.Helper()
	if r.URL.Path != "/_msearch" || r.URL.RawQuery != "" {
		t.Errorf("address %s", r.URL)
	}
	if ct := r.Header.Get("Content-Type"); !strings.Contains(ct, "json") {
		t.Errorf("content type %q", ct)
	}
	lines := strings.SplitAfter(body, "\n")
	if len(lines) != 5 || lines[4] != "" {
		t.Errorf("body is not two pairs of lines:\n%s", body)
		return
	}
	const header = `{"index":"wm-recentchange-*","ignore_unavailable":true,"allow_no_indices":true}` + "\n"
	if lines[0] != header || lines[2] != header {
		t.Errorf("headers %s and %s", lines[0], lines[2])
	}
}

const twoPages = `{"took":9,"responses":[
  {"took":7,"timed_out":false,"_shards":{"total":2,"successful":2,"skipped":0,"failed":0},
   "hits":{"total":{"value":12,"relation":"eq"},"max_score":null,"hits":[
     {"_index":"wm-recentchange-2026.11.23","_id":"a","_score":null,
      "_source":{ "title":"A \u0041",	"n":1.0},"sort":[1790000000000,"a"]}]},
   "aggregations":{
     "bytes":{"value":-12.0},
     "bots":{"doc_count":5,"users":{"value":3}},
     "empty":{"value":null},
     "types":{"doc_count_error_upper_bound":0,"sum_other_doc_count":2,"buckets":[
       {"key":"edit","doc_count":10,"time":{"buckets":[
         {"key_as_string":"2026-09-21T14:13:00.000Z","key":1790000000000,"doc_count":4}]}}]}},
   "status":200},
  {"took":1,"timed_out":true,"_shards":{"total":2,"failed":0},"hits":{"hits":[]},"status":200}]}`

func TestMsearch(t *testing.T) {
	pages, err := msearch(t, http.StatusOK, twoPages)
	if err != nil {
		t.Fatal(err)
	}
	first := pages[0]
	if first.Took != 7 || first.Hits.Total.Value != 12 || first.Partial() || !pages[1].Partial() {
		t.Errorf("took %d, total %d, partial %v and %v", first.Took, first.Hits.Total.Value, first.Partial(), pages[1].Partial())
	}
	hit := first.Hits.Hits[0]
	if want := `{ "title":"A \u0041",	"n":1.0}`; string(hit.Source) != want {
		t.Errorf("source %s is not the bytes of the document, %s", hit.Source, want)
	}
	if hit.ID != "a" || string(hit.Sort[0]) != "1790000000000" || string(hit.Sort[1]) != `"a"` {
		t.Errorf("id %s, sort %s", hit.ID, hit.Sort)
	}
}

func TestBuckets(t *testing.T) {
	pages, err := msearch(t, http.StatusOK, twoPages)
	if err != nil {
		t.Fatal(err)
	}
	aggs := pages[0].Aggs
	if aggs["bytes"].Value != -12 || aggs["empty"].Value != 0 {
		t.Errorf("sums are %v and %v", aggs["bytes"].Value, aggs["empty"].Value)
	}
	if bots := aggs["bots"]; bots.Count != 5 || bots.Aggs["users"].Value != 3 {
		t.Errorf("filter bucket is %+v", bots)
	}
	types := aggs["types"]
	if types.Other != 2 || len(types.Buckets) != 1 {
		t.Fatalf("terms are %+v", types)
	}
	edit := types.Buckets[0]
	if edit.Term() != "edit" || edit.Count != 10 {
		t.Errorf("bucket is %s: %d", edit.Term(), edit.Count)
	}
	if minute := edit.Aggs["time"].Buckets[0]; minute.Millis() != 1790000000000 || minute.Count != 4 {
		t.Errorf("bucket of time is %d: %d", minute.Millis(), minute.Count)
	}
}

func TestMsearchErrors(t *testing.T) {
	const refusal = `{"error":{"root_cause":[{"type":"parsing_exception","reason":"unknown query [x]"}],
		"type":"search_phase_execution_exception","reason":"all shards failed"},"status":400}`
	tests := []struct {
		name   string
		status int
		answer string
		want   es.Error
	}{
		{"request refused", 400, refusal, es.Error{Status: 400, Type: "parsing_exception", Reason: "unknown query [x]"}},
		{"no root cause", 429, `{"error":{"type":"es_rejected_execution_exception","reason":"queue full"},"status":429}`,
			es.Error{Status: 429, Type: "es_rejected_execution_exception", Reason: "queue full"}},
		{"a proxy's page", 502, "<html>\n bad gateway", es.Error{Status: 502, Type: "", Reason: "<html> bad gateway"}},
		{"error as text", 400, `{"error":"no handler found","status":400}`,
			es.Error{Status: 400, Type: "", Reason: `{"error":"no handler found","status":400}`}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			pages, err := msearch(t, tt.status, tt.answer)
			got, ok := errors.AsType[*es.Error](err)
			if !ok || got.Status != tt.want.Status || got.Type != tt.want.Type || got.Reason != tt.want.Reason || pages != nil {
				t.Errorf("got %v and %d pages, want %v", err, len(pages), &tt.want)
			}
		})
	}
}

// A search that is refused does not affect the others.
func TestMsearchRefusesOne(t *testing.T) {
	pages, err := msearch(t, http.StatusOK, `{"responses":[{"took":1,"hits":{"hits":[{"_id":"a"}]},"status":200},
		{"error":{"type":"parsing_exception","reason":"unknown query [x]"},"status":400}]}`)
	if err != nil || len(pages) != 2 || pages[0].Err != nil || len(pages[0].Hits.Hits) != 1 {
		t.Fatalf("%v, %v", pages, err)
	}
	refused, ok := errors.AsType[*es.Error](pages[1].Err)
	if !ok || refused.Status != http.StatusBadRequest || refused.Type != "parsing_exception" || refused.Reason != "unknown query [x]" {
		t.Errorf("error %v", pages[1].Err)
	}
}

// Answers that are not Elasticsearch's are errors.
func TestMsearchNonsense(t *testing.T) {
	for _, answer := range []string{
		``, `null`, `[]`, `{}`, `{"responses":[]}`, `{"responses":[null,null,null]}`, `{"responses":[null,null]}`, `{"responses":[{},{}]}`, `{"responses":[1,2]}`,
		`{"responses":[{"hits":1},{"hits":{}}]}`, `{"responses":[{"hits":{},"aggregations":{"a":1}},{"hits":{}}]}`,
		`{"responses":[{"hits":{},"aggregations":{"a":{"buckets":{}}}},{"hits":{}}]}`, `{"responses":[{"took":1},{"too`,
	} {
		if pages, err := msearch(t, http.StatusOK, answer); err == nil {
			t.Errorf("%s gave %d pages and no error", answer, len(pages))
		}
	}
}

func TestMsearchUnreachable(t *testing.T) {
	srv := httptest.NewServer(http.NotFoundHandler())
	srv.Close()
	c, err := es.New(es.Options{URLs: []string{srv.URL}})
	if err != nil {
		t.Fatal(err)
	}
	_, err = NewReader(c).Msearch(context.Background(), "wm-*", nil)
	if err == nil || !strings.Contains(err.Error(), srv.URL) {
		t.Errorf("error %v does not say where", err)
	}
	if e, ok := errors.AsType[*es.Error](err); !ok || e.Kind() != es.Unreachable {
		t.Errorf("error %v", err)
	}
}
