package web

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/wmtools/wm/lib/es"
	"github.com/wmtools/wm/lib/es/bulk"
	"github.com/wmtools/wm/lib/es/query"
	"github.com/wmtools/wm/lib/event"
)

// stored is how many events the index holds, one every ten seconds up to noon.
const stored = 300

// line makes an event: of five there are three edits, a log entry and a
// categorization; of ten, seven are on enwiki. Each edit adds ten bytes.
func line(i int) string {
	at := noon.Add(-time.Duration(i) * 10 * time.Second)
	wiki, domain := "enwiki", "en.wikipedia.org"
	if i%10 > 6 {
		wiki, domain = "dewiki", "de.wikipedia.org"
	}
	kind := [...]string{
		`"type":"edit","length":{"old":100,"new":110},"revision":{"old":1,"new":2}`,
		`"type":"log","log_id":7,"log_type":"move","log_action":"move","log_params":[]`,
		`"type":"categorize"`,
	}[max(0, i%5-2)]
	return fmt.Sprintf(`{"meta":{"id":"event-%d","dt":%q,"domain":%q,"stream":"mediawiki.recentchange"},"wiki":%q,"server_url":"https://%s",`+
		`"title":"Page %d","user":"Quiet Otter","bot":false,"comment":"","timestamp":%d,%s}`,
		i, at.Format(time.RFC3339), domain, wiki, domain, i, at.Unix(), kind)
}

// fill writes the events and makes them visible.
func fill(t *testing.T, c *es.Client, address string) {
	t.Helper()
	pattern, err := es.ParseIndexPattern(es.DefaultIndex)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := c.InitIndex(t.Context(), pattern, es.TemplateOptions{}); err != nil {
		t.Fatal(err)
	}
	b := bulk.NewWriter(c, bulk.Options{Index: pattern})
	for i := range stored {
		if err := b.Put(t.Context(), event.New([]byte(line(i)))); err != nil {
			t.Fatal(err)
		}
	}
	if err := b.Close(t.Context()); err != nil || b.Ledger().Created != stored {
		t.Fatalf("%+v, %v", b.Ledger(), err)
	}
	res, err := http.Post(address+"/wm-*/_refresh", "application/json", nil)
	if err != nil || res.StatusCode != http.StatusOK {
		t.Fatalf("refresh: %v, %v", res, err)
	}
	_ = res.Body.Close()
}

// viewsOver checks views of real answers, whoever gives them.
func viewsOver(t *testing.T, address string) {
	c, err := es.New(es.Options{URLs: []string{address}})
	if err != nil {
		t.Fatal(err)
	}
	h, err := Handler(Config{
		Searcher: query.NewReader(c), Index: es.DefaultIndex, Now: func() time.Time { return noon },
		OnError: func(err error) { t.Error(err) },
	})
	if err != nil {
		t.Fatal(err)
	}
	if v := ask(t, h, "/api/view?wiki=frwiki"); v.Count != 0 || len(v.Rows) != 0 {
		t.Errorf("without any index the view is %+v", v)
	}
	fill(t, c, address)
	t.Run("hour", func(t *testing.T) { checkHour(t, ask(t, h, "/api/view?range=1h")) })
	t.Run("wiki", func(t *testing.T) {
		v := ask(t, h, "/api/view?range=6h&wiki=dewiki")
		if v.Count != stored*3/10 || len(v.Wikis) != 1 || v.Rows[0].Wiki != "dewiki" {
			t.Errorf("count %d, wikis %v", v.Count, v.Wikis)
		}
	})
	t.Run("times", func(t *testing.T) {
		v := ask(t, h, "/api/view?from=2026-11-23T11:58:00Z&to=2026-11-23T11:59:00Z")
		if v.Count != 6 || v.Rows[0].Title != "Page 7" || v.Rows[5].Title != "Page 12" {
			t.Errorf("count %d, rows %+v", v.Count, v.Rows)
		}
	})
	t.Run("every range", func(t *testing.T) {
		for _, r := range ranges {
			if v := ask(t, h, "/api/view?range="+r.Value); v.Count == 0 || sum(v) != v.Count {
				t.Errorf("%s: the bars hold %d of %d events", r.Value, sum(v), v.Count)
			}
		}
	})
	t.Run("other stream", func(t *testing.T) {
		if v := ask(t, h, "/api/view?stream=page-create&range=30d"); v.Count != 0 || v.Series[0] != "events" {
			t.Errorf("%+v", v)
		}
	})
}

func checkHour(t *testing.T, v view) {
	if v.Count != stored || v.NetBytes != stored*3/5*10 || v.Partial {
		t.Errorf("count %d, bytes %d, partial %v", v.Count, v.NetBytes, v.Partial)
	}
	if !slices.Equal(v.Wikis, []wiki{{"enwiki", stored * 7 / 10}, {"dewiki", stored * 3 / 10}}) || v.Elsewhere != 0 {
		t.Errorf("wikis %v and %d elsewhere", v.Wikis, v.Elsewhere)
	}
	if v.PerSecond == nil || *v.PerSecond != 0.1 {
		t.Errorf("rate %v", v.PerSecond)
	}
	if !slices.Equal(v.Series, []string{"edit", "log", "categorize"}) || sum(v) != stored {
		t.Errorf("series %v hold %d", v.Series, sum(v))
	}
	last := len(v.Buckets) - 1 // it has the event of noon alone, the minute before has six
	if last != 60 || !slices.Equal(v.Buckets[last].Counts, []int64{1, 0, 0}) || !slices.Equal(v.Buckets[last-1].Counts, []int64{4, 1, 1}) {
		t.Errorf("the last buckets are %v", v.Buckets[last-1:])
	}
	if len(v.Rows) != 50 {
		t.Fatalf("%d rows", len(v.Rows))
	}
	for i, r := range v.Rows {
		if r.Title != fmt.Sprint("Page ", i) || r.Time != noon.UnixMilli()-int64(i)*10_000 || !strings.HasPrefix(r.URL, "https://") {
			t.Errorf("row %d is %+v", i, r)
		}
	}
}

func ask(t *testing.T, h http.Handler, path string) view {
	t.Helper()
	res := serve(t, h, path)
	var v view
	if err := json.Unmarshal(res.Body.Bytes(), &v); err != nil || res.Code != http.StatusOK {
		t.Fatalf("%s: status %d, %v: %s", path, res.Code, err, res.Body)
	}
	return v
}

// sum adds up all bars.
func sum(v view) (n int64) {
	for _, b := range v.Buckets {
		for _, count := range b.Counts {
			n += count
		}
	}
	return n
}
