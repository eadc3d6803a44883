package query_test

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/tidwall/gjson"

	"github.com/wmtools/wm/lib/es"
	"github.com/wmtools/wm/lib/es/bulk"
	"github.com/wmtools/wm/lib/es/query"
	"github.com/wmtools/wm/lib/eshttp"
	"github.com/wmtools/wm/lib/event"
	"github.com/wmtools/wm/lib/store"
)

// embedded starts the embedded store.
func embedded(t *testing.T) *es.Client {
	t.Helper()
	s, err := store.Open(t.TempDir(), store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	srv := httptest.NewServer(eshttp.Handler(s, eshttp.Options{}))
	t.Cleanup(srv.Close)
	c, err := es.New(es.Options{URLs: []string{srv.URL}})
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func write(t *testing.T, c *es.Client, p es.IndexPattern, lines []string) (bulk.Ledger, []string) {
	t.Helper()
	var reasons []string
	b := bulk.NewWriter(c, bulk.Options{
		Index: p, BatchBytes: 4000,
		OnReject: func(r bulk.Reject) error {
			reasons = append(reasons, fmt.Sprintf("%d: %s", r.Line, r.Reason))
			return nil
		},
		OnOutage: func(err error, _ time.Duration) { t.Errorf("outage: %v", err) },
	})
	for _, line := range lines {
		if err := b.Put(t.Context(), event.New([]byte(line))); err != nil {
			t.Fatal(err)
		}
	}
	if err := b.Close(t.Context()); err != nil {
		t.Fatal(err)
	}
	return b.Ledger(), reasons
}

// What a Writer writes is found by a search, and is present the second time.
func TestEmbeddedStore(t *testing.T) {
	c := embedded(t)
	p, err := es.ParseIndexPattern(es.DefaultIndex)
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []es.TemplateState{es.TemplateCreated, es.TemplateCurrent} {
		if got, err := c.EnsureTemplate(t.Context(), p); err != nil || got.State != want {
			t.Fatalf("template: %+v, %v, want %v", got, err, want)
		}
	}
	var lines []string
	for i := range 60 {
		lines = append(lines, fmt.Sprintf(`{"meta":{"id":"%d","dt":"2026-11-2%dT10:00:00Z","stream":"mediawiki.recentchange"},"type":"edit","wiki":"xxwiki","title":"Page \"%d\"","user":"Example"}`, i, i%2, i))
	}
	misfit := `{"meta":{"id":"x","dt":"2026-11-20T10:00:00Z","stream":"mediawiki.recentchange"},"namespace":"many"}`
	ledger, reasons := write(t, c, p, append(lines, misfit))
	if (ledger != bulk.Ledger{Read: 61, Created: 60, Rejected: 1}) || len(reasons) != 1 || !strings.HasPrefix(reasons[0], "61: document_parsing_exception: ") {
		t.Errorf("ledger %+v, rejects %q", ledger, reasons)
	}
	if ledger, _ := write(t, c, p, lines); ledger != (bulk.Ledger{Read: 60, Present: 60}) {
		t.Errorf("second run: %+v", ledger)
	}
	hits := find(t, c.Address()+"/"+p.Wildcard(), `{"query":{"term":{"wm.page":"xxwiki:Page \"7\""}}}`)
	if hits.Get("#").Int() != 1 || hits.Get("0._index").Str != "wm-recentchange-2026.11.21" || hits.Get("0._id").Str != "7" ||
		!strings.HasSuffix(hits.Get("0._source").Raw, "},"+lines[7][1:]) {
		t.Errorf("found %s", hits)
	}
}

func find(t *testing.T, url, query string) gjson.Result {
	t.Helper()
	res, err := http.Post(url+"/_search", "application/json", strings.NewReader(query))
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	if err != nil || res.StatusCode != http.StatusOK {
		t.Fatalf("%d, %s, %v", res.StatusCode, body, err)
	}
	return gjson.GetBytes(body, "hits.hits")
}

func TestEmbeddedStoreSingleIndex(t *testing.T) {
	c := embedded(t)
	p, err := es.ParseIndexPattern("changes")
	if err != nil {
		t.Fatal(err)
	}
	for _, created := range []bool{true, false} {
		if done, err := c.InitIndex(t.Context(), p, es.TemplateOptions{}); err != nil || done.IndexCreated != created {
			t.Errorf("%+v, %v, want created: %v", done, err, created)
		}
	}
}

// Events dated in the future say nothing about the progress of a stream.
func TestNewestEvents(t *testing.T) {
	c := embedded(t)
	p, err := es.ParseIndexPattern(es.DefaultIndex)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := c.InitIndex(t.Context(), p, es.TemplateOptions{}); err != nil {
		t.Fatal(err)
	}
	now := time.Date(2026, 11, 20, 10, 0, 0, 0, time.UTC)
	var lines []string
	for i, e := range []struct {
		stream string
		ago    time.Duration
	}{{"a", 5 * time.Hour}, {"a", 6 * time.Hour}, {"a", -24 * time.Hour}, {"b", 0}, {"b", time.Second}, {"c", -time.Millisecond}} {
		lines = append(lines, fmt.Sprintf(`{"meta":{"id":"%d","dt":%q,"stream":%q}}`, i, now.Add(-e.ago).Format("2006-01-02T15:04:05.000Z"), e.stream))
	}
	write(t, c, p, lines)
	for until, want := range map[time.Time]string{
		now: "a 5h0m0s, b 0s, c 0s, ",
		{}:  "a -24h0m0s, b 0s, c -1ms, ",
	} {
		list, err := query.NewReader(c).NewestEvents(t.Context(), p.Wildcard(), until)
		got := ""
		for _, at := range list {
			got += fmt.Sprintf("%s %v, ", at.Stream, now.Sub(at.Newest))
		}
		if err != nil || got != want {
			t.Errorf("until %v: %s, %v, want %s", until, got, err, want)
		}
	}
}
