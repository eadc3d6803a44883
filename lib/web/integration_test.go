package web

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/wmtools/wm/lib/es"
	"github.com/wmtools/wm/lib/es/bulk"
	"github.com/wmtools/wm/lib/es/query"
	"github.com/wmtools/wm/lib/event"
)

// noon is the time of all tests.
var noon = time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)

// stored is how many events the index holds, one every ten seconds up to noon.
const stored = 300

// line returns event i. Of five events, three are edits, one is a log entry and one a
// categorization; of ten, seven are on enwiki. An edit adds ten bytes; every fourth
// removes 600. Of four users, one is a bot and one is temporary.
func line(i int) string {
	at := noon.Add(-time.Duration(i) * 10 * time.Second)
	wiki, domain := "enwiki", "en.wikipedia.org"
	if i%10 > 6 {
		wiki, domain = "dewiki", "de.wikipedia.org"
	}
	length := `{"old":100,"new":110}`
	if i%4 == 0 {
		length = `{"old":700,"new":100}`
	}
	kind := [...]string{
		`"type":"edit","length":` + length + `,"revision":{"old":1,"new":2}`,
		`"type":"log","log_id":7,"log_type":"block","log_action":"reblock","log_params":[]`,
		`"type":"categorize"`,
	}[max(0, i%5-2)]
	user := [...]string{"Quiet Otter", "~2026-1-2", "Brisk Heron", "TidyBot"}[i%4]
	return fmt.Sprintf(`{"meta":{"id":"event-%d","dt":%q,"domain":%q,"stream":"mediawiki.recentchange"},"wiki":%q,"server_url":"https://%s",`+
		`"title":"Page %d","namespace":0,"user":%q,"bot":%t,"comment":"/* History */ typo","timestamp":%d,%s}`,
		i, at.Format(time.RFC3339), domain, wiki, domain, i%20, user, i%4 == 3, at.Unix(), kind)
}

// fill indexes the events and makes them searchable.
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

// viewsOver checks views of real answers from the server at an address.
func viewsOver(t *testing.T, address string) {
	c, err := es.New(es.Options{URLs: []string{address}})
	if err != nil {
		t.Fatal(err)
	}
	d, err := New(Options{
		Searcher: query.NewReader(c), Index: es.DefaultIndex, Now: func() time.Time { return noon },
		OnError: func(err error) { t.Error(err) },
	})
	if err != nil {
		t.Fatal(err)
	}
	defer d.Close()
	if a := ask(t, d, "/api/v1/view?q=wiki%3Dfrwiki"); a.State != stateEmpty || a.Total != 0 || len(a.Rows) != 0 {
		t.Errorf("without any index the view is %+v", a)
	}
	fill(t, c, address)
	d.answers = newAnswers(&d.counters.kept) // the clock does not move
	t.Run("reports", func(t *testing.T) { reportsOver(t, c, address) })
	t.Run("hour", func(t *testing.T) { checkHour(t, ask(t, d, "/api/v1/view?range=1h")) })
	t.Run("query", func(t *testing.T) { checkQuery(t, d) })
	t.Run("measures", func(t *testing.T) { checkMeasures(t, d) })
	t.Run("charts", func(t *testing.T) { checkCharts(t, d) })
	t.Run("times", func(t *testing.T) {
		a := ask(t, d, "/api/v1/view?from=2026-11-23T11:58:00Z&to=2026-11-23T11:59:00Z")
		if a.Total != 6 || a.Rows[0].Title != "Page 7" || a.Rows[5].Title != "Page 12" {
			t.Errorf("count %d, rows %+v", a.Total, a.Rows)
		}
	})
	t.Run("every span", func(t *testing.T) {
		for _, s := range spans {
			if a := ask(t, d, "/api/v1/view?range="+s.Value); a.Total == 0 || sum(a.Histogram.Totals) != float64(a.Total) {
				t.Errorf("%s: the bars hold %v of %d events", s.Value, sum(a.Histogram.Totals), a.Total)
			}
		}
	})
	t.Run("no match", func(t *testing.T) {
		a := ask(t, d, "/api/v1/view?from=2026-11-23T13:00:00Z&to=2026-11-23T14:00:00Z&q=wiki%3Ddewiki")
		if want := noon.Add(-70 * time.Second).UnixMilli(); a.State != stateNoMatch || a.LastMatch != want {
			t.Errorf("state %s, last match %d, want %d", a.State, a.LastMatch, want)
		}
	})
	t.Run("other stream", func(t *testing.T) {
		if a := ask(t, d, "/api/v1/view?stream=page-create&range=30d"); a.State != stateEmpty {
			t.Errorf("%+v", a)
		}
	})
	t.Run("rows", func(t *testing.T) { checkRows(t, d) })
	t.Run("values", func(t *testing.T) { checkValues(t, d) })
}

func checkHour(t *testing.T, a answer) {
	if a.State != stateOK || a.Total != stored || a.Partial || a.Health.Documents != stored || a.Health.Newest != noon.UnixMilli() {
		t.Errorf("state %s, %d changes, partial %v, health %+v", a.State, a.Total, a.Partial, a.Health)
	}
	want := map[string]float64{"changes": 300, "editors": 4, "pages": 20, "added": 10 * 135, "removed": 600 * 45, "reverts": 0, "bots": 0.25}
	for _, f := range a.Figures {
		if n, ok := want[f.ID]; ok && f.Value != n {
			t.Errorf("%s is %v, want %v", f.ID, f.Value, n)
		}
		if f.Previous == nil || len(f.Series) != a.Window.Complete {
			t.Errorf("%s has previous %v and %d points, want %d", f.ID, f.Previous, len(f.Series), a.Window.Complete)
		}
	}
	if f := a.Facets[0]; f.ID != "wiki" || f.Term != "wiki" || f.Distinct != 2 ||
		!slices.Equal(f.Values, []facetValue{{labelled: labelled{Value: "enwiki"}, Count: 210}, {labelled: labelled{Value: "dewiki"}, Count: 90}}) {
		t.Errorf("wikis: %+v", f)
	}
	if log := a.Facets[5]; len(log.Values) != 1 || log.Values[0] != (facetValue{labelled: labelled{Value: "reblock", Label: "block/reblock"}, Count: 60}) {
		t.Errorf("log actions: %+v", log)
	}
	var names []string
	for _, s := range a.Histogram.Series {
		names = append(names, s.name())
	}
	if !slices.Equal(names, []string{"edit", "categorize", "log"}) && !slices.Equal(names, []string{"edit", "log", "categorize"}) {
		t.Errorf("series %v", names)
	}
	if n := a.Window.Complete; len(a.Histogram.Totals) != n+1 || a.Histogram.Totals[n] != 1 {
		t.Errorf("the last bars are %v of %d", a.Histogram.Totals[n-1:], n)
	}
	if len(a.Rows) != maxRows {
		t.Fatalf("%d rows", len(a.Rows))
	}
	for i, r := range a.Rows {
		if r.Time != noon.UnixMilli()-int64(i)*10_000 || !strings.HasPrefix(r.Change, "https://") || r.Summary[0].Kind != "section" {
			t.Errorf("row %d is %+v", i, r)
		}
	}
}

func checkQuery(t *testing.T, d *Dashboard) {
	a := ask(t, d, "/api/v1/view?range=1h&q=wiki%3Ddewiki+-wm.user_kind%3Dbot")
	if a.Total != 60 || a.Rows[0].Wiki != "dewiki" || len(a.Terms) != 2 {
		t.Errorf("%d changes, terms %+v", a.Total, a.Terms)
	}
	if chip := a.Terms[1]; chip.Label != "User kind" || chip.Shown != "bot" || !chip.Not || chip.Inverse != "wm.user_kind=bot" {
		t.Errorf("chip %+v", chip)
	}
	wikis := a.Facets[0].Values
	if len(wikis) != 2 || wikis[0].In != "only" || wikis[1].In != "more" || wikis[1].Value != "enwiki" {
		t.Errorf("wikis %+v", wikis)
	}
	kinds := a.Facets[1].Values
	if last := kinds[len(kinds)-1]; last.Value != "bot" || last.In != "out" {
		t.Errorf("user kinds %+v", kinds)
	}
}

func checkMeasures(t *testing.T, d *Dashboard) {
	for _, m := range measures {
		for _, split := range splits {
			a := ask(t, d, "/api/v1/view?range=1h&measure="+m.id+"&split="+split)
			h := a.Histogram
			if h.Measure != m.id || h.Stacked != m.stacks || h.Problem != "" {
				t.Errorf("%s by %s: %+v", m.id, split, h)
			}
			for i, total := range h.Totals {
				var parts float64
				for _, s := range h.Series {
					parts += s.Values[i]
				}
				if m.stacks && (parts-total > 1e-6 || total-parts > 1e-6) {
					t.Errorf("%s by %s: parts of bar %d add up to %v, not %v", m.id, split, i, parts, total)
				}
			}
		}
	}
}

func checkCharts(t *testing.T, d *Dashboard) {
	ids := []string{byTime, byHour}
	for _, f := range fields {
		ids = append(ids, f.id)
	}
	for _, m := range measures {
		if m.stream != "" { // see TestReports
			continue
		}
		for _, by := range ids {
			form := map[string]string{byTime: "bars", byHour: "heat"}[by]
			if form == "" {
				form = "list"
			}
			split := "wiki"
			if by == split {
				split = "type"
			}
			spec := fmt.Sprintf("m%%3D%s%%26by%%3D%s%%26split%%3D%s%%26form%%3D%s", m.id, by, split, form)
			var c drawn
			get(t, d, "/api/v1/chart?range=1h&chart="+spec, &c)
			if c.Problem != "" || by == "user" && len(c.Keys) != 4 || by == byTime && len(c.Totals) != c.Window.Buckets || by == byHour && len(c.Hours) == 0 {
				t.Errorf("%s by %s: problem %q, %d keys, %d totals", m.id, by, c.Problem, len(c.Keys), len(c.Totals))
			}
		}
	}
}

func checkRows(t *testing.T, d *Dashboard) {
	res := serve(t, d, "/api/v1/rows?range=1h&q=type%3Dlog&limit=1000")
	lines := strings.Split(strings.TrimSpace(res.Body.String()), "\n")
	if len(lines) != stored/5 {
		t.Fatalf("%d lines", len(lines))
	}
	if lines[0] != line(3) {
		t.Errorf("got  %s\nwant %s", lines[0], line(3))
	}
}

func checkValues(t *testing.T, d *Dashboard) {
	for field, want := range map[string]string{
		"field=wiki&prefix=de": "dewiki", "field=wm.wiki&prefix=EN": "enwiki", "field=user&prefix=quiet": "Quiet Otter",
		"field=namespace&prefix=art": "0", "field=kind": "registered", "field=page&prefix=Page+1": "enwiki:Page 1",
		"field=log&prefix=block/": "reblock",
	} {
		var found suggestions
		get(t, d, "/api/v1/values?range=1h&"+field, &found)
		if found.Problem != "" {
			t.Errorf("%s: %s", field, found.Problem)
		}
		if field != "field=wm.wiki&prefix=EN" && (len(found.Values) == 0 || !strings.HasPrefix(found.Values[0].Value, want)) {
			t.Errorf("%s: %+v", field, found.Values)
		}
	}
}

func ask(t *testing.T, h http.Handler, path string) (a answer) {
	t.Helper()
	get(t, h, path, &a)
	return a
}

func get(t *testing.T, h http.Handler, path string, into any) {
	t.Helper()
	res := serve(t, h, path)
	if err := json.Unmarshal(res.Body.Bytes(), into); err != nil || res.Code != http.StatusOK {
		t.Fatalf("%s: status %d, %v: %s", path, res.Code, err, res.Body)
	}
}

// serve requests an address. Each request comes from another client, so that limits
// do not apply.
func serve(t *testing.T, h http.Handler, address string) *httptest.ResponseRecorder {
	t.Helper()
	clients++
	r := httptest.NewRequestWithContext(t.Context(), http.MethodGet, address, nil)
	r.RemoteAddr = fmt.Sprintf("10.0.%d.%d:1", clients/250, clients%250)
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w
}

var clients int
