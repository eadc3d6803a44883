package web

import (
	"encoding/json"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/wmtools/wm/lib/es/query"
)

// noon is when all tests take place.
var noon = time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)

// canned is what Elasticsearch answers to the searches of one hour: 7 events,
// in the minutes 11:00, 11:01 and 12:00.
const canned = `[
 {"took":3,"hits":{"total":{"value":7},"hits":[]},"aggregations":{
   "bytes":{"value":-1234.0},
   "wikis":{"sum_other_doc_count":2,"buckets":[{"key":"enwiki","doc_count":4},{"key":"dewiki","doc_count":1}]},
   "time":{"buckets":[{"key":1795431600000,"doc_count":4},{"key":1795431660000,"doc_count":2},{"key":1795435200000,"doc_count":1}]},
   "types":{"buckets":[
     {"key":"edit","doc_count":4,"time":{"buckets":[{"key":1795431600000,"doc_count":3},{"key":1795435200000,"doc_count":1}]}},
     {"key":"142","doc_count":1,"time":{"buckets":[{"key":1795431600000,"doc_count":1}]}},
     {"key":"categorize","doc_count":1,"time":{"buckets":[{"key":1795431660000,"doc_count":1}]}}]}}},
 {"took":1,"hits":{"hits":[
   {"_id":"b","_source":{"meta":{"dt":"2026-11-23T12:00:00.5Z"},"wiki":"enwiki","type":"edit","title":"<b>B</b>"}},
   {"_id":"a","_source":{"meta":{"dt":"2026-11-23T11:59:00Z"},"wiki":"dewiki","type":"edit","title":"A"}}]}},
 {"took":1,"hits":{"hits":[{"_id":"z","_source":{"meta":{"dt":"2026-11-23T11:00:00.5Z"}}}]}}
]`

func pagesOf(t *testing.T, answer string) []query.Page {
	t.Helper()
	var pages []query.Page
	if err := json.Unmarshal([]byte(answer), &pages); err != nil {
		t.Fatal(err)
	}
	return pages
}

func cannedView(t *testing.T, answer string) view {
	t.Helper()
	req := request{stream: "recentchange", span: time.Hour}
	return newView(req, req.window(noon), pagesOf(t, answer))
}

func TestView(t *testing.T) {
	v := cannedView(t, canned)
	if v.Count != 7 || v.NetBytes != -1234 || v.Elsewhere != 2 || v.Partial || v.Interval != 60_000 {
		t.Errorf("got %+v", v)
	}
	if v.From != 1795431600000 || v.To != 1795435201000 {
		t.Errorf("from %d to %d", v.From, v.To)
	}
	if !slices.Equal(v.Wikis, []wiki{{"enwiki", 4}, {"dewiki", 1}}) {
		t.Errorf("wikis %v", v.Wikis)
	}
	if len(v.Rows) != 2 || v.Rows[0].Title != "<b>B</b>" || v.Rows[1].ID != "a" {
		t.Errorf("rows %+v", v.Rows)
	}
	if v.PerSecond == nil || *v.PerSecond != 6.0/3600 || v.Last-v.First != 3600_000 {
		t.Errorf("rate %v from %d to %d", v.PerSecond, v.First, v.Last)
	}
}

func TestChart(t *testing.T) {
	v := cannedView(t, canned)
	if !slices.Equal(v.Series, []string{"edit", "categorize", "other"}) {
		t.Fatalf("series %v", v.Series)
	}
	if len(v.Buckets) != 61 {
		t.Fatalf("%d buckets", len(v.Buckets))
	}
	for i, want := range map[int][]int64{0: {3, 0, 1}, 1: {0, 1, 1}, 2: {0, 0, 0}, 60: {1, 0, 0}} {
		b := v.Buckets[i]
		if !slices.Equal(b.Counts, want) || b.Time != 1795431600000+int64(i)*60_000 || b.Incomplete != (i == 60) {
			t.Errorf("bucket %d is %+v, want %v", i, b, want)
		}
	}
}

func TestChartOfStreamWithoutTypes(t *testing.T) {
	v := cannedView(t, strings.Replace(canned, `"types":{"buckets":[`, `"types":{"buckets":[]},"rest":{"buckets":[`, 1))
	if !slices.Equal(v.Series, []string{"events"}) || v.Buckets[0].Counts[0] != 4 {
		t.Errorf("series %v, first bucket %v", v.Series, v.Buckets[0])
	}
}

// TestEmptyView: an index without events has lists, not nulls, and no rate.
func TestEmptyView(t *testing.T) {
	v := cannedView(t, `[{"hits":{"total":{"value":0},"hits":[]}},{"hits":{"hits":[]}},{"hits":{"hits":[]}}]`)
	out, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{`"wikis":[]`, `"rows":[]`, `"per_second":null`, `"count":0`, `"series":["events"]`} {
		if !strings.Contains(string(out), want) {
			t.Errorf("%s is not in %s", want, out)
		}
	}
	if len(v.Buckets) != 61 {
		t.Errorf("%d buckets", len(v.Buckets))
	}
}

func TestOneEventHasNoRate(t *testing.T) {
	one := strings.Replace(canned, "11:00:00.5Z", "12:00:00.5Z", 1)
	if v := cannedView(t, one); v.PerSecond != nil {
		t.Errorf("rate %v between an event and itself", *v.PerSecond)
	}
}

func TestPartialView(t *testing.T) {
	for _, mark := range []string{`"timed_out":true`, `"_shards":{"total":2,"failed":1}`} {
		if !cannedView(t, strings.Replace(canned, `"took":1`, mark, 1)).Partial {
			t.Errorf("%s does not make the view partial", mark)
		}
	}
}

// TestSearches: one request, with the same filter in all searches, of the
// index that the stream is in.
func TestSearches(t *testing.T) {
	tests := []struct{ index, address, wantIndex, wantFilter string }{
		{"wm-{stream}-%Y.%m.%d", "/api/view?wiki=enwiki", "wm-recentchange-*.*.*", `[
			{"range":{"@timestamp":{"gte":1795431600000,"lt":1795435201000}}},
			{"term":{"wm.wiki":"enwiki"}}]`},
		{"wm-{stream}-*", "/api/view?stream=page_change.v1", "wm-page_change.v1-*", `[
			{"range":{"@timestamp":{"gte":1795431600000,"lt":1795435201000}}}]`},
		{"events", "/api/view?from=2026-11-01&to=2026-11-02", "events", `[
			{"range":{"@timestamp":{"gte":1793491200000,"lt":1793577600000}}},
			{"terms":{"meta.stream":["recentchange","mediawiki.recentchange"]}}]`},
	}
	for _, tt := range tests {
		e := &elastic{answer: canned}
		if res := serve(t, dash(t, e, tt.index), tt.address); res.Code != http.StatusOK {
			t.Fatalf("%s: status %d: %s", tt.address, res.Code, res.Body)
		}
		if e.index != tt.wantIndex || e.requests != 1 {
			t.Errorf("%s: %d requests of index %s", tt.address, e.requests, e.index)
		}
		for _, s := range e.searches {
			got, err := json.Marshal(s.Query.Bool.Filter)
			if err != nil {
				t.Fatal(err)
			}
			sameJSON(t, got, tt.wantFilter)
		}
		if s := e.searches; !s[panelsPage].TrackTotalHits || s[newestPage].Size != 50 || s[newestPage].Sort[0]["@timestamp"] != "desc" {
			t.Errorf("searches are %+v", s)
		}
	}
}
