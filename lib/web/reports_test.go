package web

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/wmtools/wm/lib/es"
	"github.com/wmtools/wm/lib/es/bulk"
	"github.com/wmtools/wm/lib/es/query"
	"github.com/wmtools/wm/lib/event"
)

// editLine, scoreLine and tagLine make events of a minute ago about an edit.
func editLine(wiki string, rev int, user string) string {
	return fmt.Sprintf(`{"meta":{"id":"edit-%[1]s-%[2]d","dt":%[4]q,"domain":"x.wikipedia.org","stream":"mediawiki.recentchange"},"type":"edit","wiki":%[1]q,`+
		`"title":"A","namespace":0,"user":%[3]q,"bot":false,"comment":"","revision":{"old":1,"new":%[2]d}}`, wiki, rev, user, minuteAgo())
}

func scoreLine(wiki string, rev int, user string, risk float64) string {
	return fmt.Sprintf(`{"meta":{"id":"score-%[1]s-%[2]d","dt":%[5]q,"domain":"x.wikipedia.org","stream":"mediawiki.page_revert_risk_prediction_change.v1"},"wiki_id":%[1]q,`+
		`"page":{"page_title":"A","namespace_id":0},"revision":{"rev_id":%[2]d},"performer":{"user_text":%[3]q},`+
		`"predicted_classification":{"model_name":"revertrisk-language-agnostic","probabilities":{"true":%[4]g}}}`, wiki, rev, user, risk, minuteAgo())
}

func tagLine(wiki string, rev int, user string, tags ...string) string {
	return fmt.Sprintf(`{"meta":{"id":"tag-%[1]s-%[2]d","dt":%[5]q,"domain":"x.wikipedia.org","stream":"mediawiki.revision-tags-change"},"database":%[1]q,`+
		`"page_title":"A","page_namespace":0,"rev_id":%[2]d,"performer":{"user_text":%[3]q},"tags":["%[4]s"]}`, wiki, rev, user, strings.Join(tags, `","`), minuteAgo())
}

func minuteAgo() string { return noon.Add(-time.Minute).Format(time.RFC3339) }

func put(t *testing.T, c *es.Client, pattern string, lines ...string) {
	t.Helper()
	p, err := es.ParseIndexPattern(pattern)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := c.InitIndex(t.Context(), p, es.TemplateOptions{}); err != nil {
		t.Fatal(err)
	}
	b := bulk.NewWriter(c, bulk.Options{Index: p})
	for _, line := range lines {
		if err := b.Put(t.Context(), event.New([]byte(line))); err != nil {
			t.Fatal(err)
		}
	}
	if err := b.Close(t.Context()); err != nil || b.Ledger().Created != int64(len(lines)) {
		t.Fatalf("%+v, %v", b.Ledger(), err)
	}
}

// reportsOver checks the scores and tags on the page, with the streams in separate
// indices or all in one.
func reportsOver(t *testing.T, c *es.Client, address string) {
	for _, pattern := range []string{"reports-{stream}", "all-reports"} {
		t.Run(pattern, func(t *testing.T) {
			refresh := func() {
				res, err := http.Post(address+"/*reports*/_refresh", "application/json", nil)
				if err != nil || res.StatusCode != http.StatusOK {
					t.Fatalf("refresh: %v, %v", res, err)
				}
				_ = res.Body.Close()
			}
			now := noon
			d := dash(t, query.NewReader(c), func(o *Options) {
				o.Index, o.Now, o.OnError = pattern, func() time.Time { return now }, func(err error) { t.Error(err) }
			})
			put(t, c, pattern, editLine("enwiki", 7, "~2026-1"), editLine("dewiki", 7, "Ann"), editLine("enwiki", 8, "Ann"), editLine("enwiki", 9, "Bo"))
			refresh()
			a := ask(t, d, "/api/v1/view?range=1h")
			if a.Reports.any() || len(a.Marks) > 0 || a.Figures[6].ID != "reverts" || a.Total != 4 {
				t.Fatalf("without reports: %+v, marks %v, %+v", a.Reports, a.Marks, a.Figures[6])
			}
			put(t, c, pattern,
				scoreLine("enwiki", 7, "~2026-1", 0.97), scoreLine("enwiki", 8, "Ann", 0), scoreLine("frwiki", 9, "Eve", 0.4),
				tagLine("enwiki", 7, "~2026-1", "mobile edit", "mw-reverted"), tagLine("enwiki", 8, "Ann", "mw-undo"))
			refresh()
			now = now.Add(time.Minute)
			ask(t, d, "/api/v1/view?range=1h") // finds that there are reports
			for range 2 {
				now = now.Add(2 * time.Second)
				checkMarks(t, ask(t, d, "/api/v1/view?range=1h")) // in the request of the rows
			}
			checkMarks(t, ask(t, d, "/api/v1/view?range=1h&q=namespace%3D0")) // after the rows
			checkReportCounts(t, d)
		})
	}
}

func checkMarks(t *testing.T, a answer) {
	t.Helper()
	seven, eight := a.Marks["enwiki:7"], a.Marks["enwiki:8"]
	if a.Reports != (reports{true, true}) || len(a.Marks) != 2 || seven.Risk == nil || *seven.Risk != 0.97 || !seven.Reverted ||
		eight.Risk == nil || *eight.Risk != 0 || eight.Reverted {
		t.Errorf("reports %+v, marks %+v", a.Reports, a.Marks)
	}
	if f := a.Figures[6]; f.ID != "reverted" || f.Label != "Reverted" || f.Value != 1 || f.Previous == nil || *f.Previous != 0 {
		t.Errorf("figure %+v", f)
	}
}

func checkReportCounts(t *testing.T, d *Dashboard) {
	for _, tt := range []struct {
		query string
		id    string
		value float64
	}{
		{"wiki=enwiki namespace=0 type=edit|new -bot=true", "reverted", 1},
		{"wiki=dewiki", "reverted", 0},
		{"user=Ann", "reverted", 0},
		{"type=edit", "reverts", 0}, // tags have no type
		{"a", "reverts", 0},         // nor words
	} {
		if f := ask(t, d, "/api/v1/view?range=1h&q="+url.QueryEscape(tt.query)).Figures[6]; f.ID != tt.id || f.Value != tt.value {
			t.Errorf("%s: %+v", tt.query, f)
		}
	}
	a := ask(t, d, "/api/v1/view?range=1h&measure=reverted&split=wiki")
	if h := a.Histogram; h.Total != 1 || sum(h.Totals) != 1 || h.Series[0].Value != "enwiki" || a.Total == 0 {
		t.Errorf("histogram %+v", h)
	}
	if h := ask(t, d, "/api/v1/view?range=1h&measure=reverted&q=type%3Dlog").Histogram; h.Problem == "" {
		t.Errorf("histogram of a query that cannot be translated: %+v", h)
	}
	var risk, share, unknown drawn
	get(t, d, "/api/v1/chart?range=1h&chart=m%3Dchanges%26by%3Drisk%26form%3Dlist", &risk)
	if len(risk.Totals) != riskBands || risk.Totals[0] != 1 || risk.Totals[4] != 1 || risk.Totals[9] != 1 || sum(risk.Totals) != 3 {
		t.Errorf("bands %v", risk.Totals)
	}
	get(t, d, "/api/v1/chart?range=1h&chart=m%3Dat_risk%26form%3Dnumber%26q%3Dwiki%253Denwiki", &share)
	if share.Value != 0.5 || share.Problem != "" {
		t.Errorf("share %v, problem %q", share.Value, share.Problem)
	}
	get(t, d, "/api/v1/chart?range=1h&chart=m%3Dat_risk%26form%3Dnumber%26q%3Dminor%253Dtrue", &unknown)
	if unknown.Problem != untranslated {
		t.Errorf("problem %q", unknown.Problem)
	}
	a = ask(t, d, "/api/v1/view?range=1h&stream="+riskStream+"&q=wm.risk%3E%3D0.9&tab=risk")
	if len(a.Rows) != 1 || a.Rows[0].Risk == nil || *a.Rows[0].Risk != 0.97 || !a.Marks["enwiki:7"].Reverted || len(a.Figures) != 5 {
		t.Errorf("at risk: rows %+v, marks %+v, %d figures", a.Rows, a.Marks, len(a.Figures))
	}
}

func TestPresetAtRisk(t *testing.T) {
	d := dash(t, &elastic{})
	const tab = `>At risk</a>`
	if page := serve(t, d, "/").Body.String(); strings.Contains(page, tab) {
		t.Error("the page offers scores that are not indexed")
	}
	d.reports.Store(&reports{Risk: true})
	v, err := parseView(url.Values{})
	if err != nil {
		t.Fatal(err)
	}
	data := d.shell.data(v)
	data.offer(d.shell.presets, d.lastReports())
	if at := data.Presets[2]; at.Name != "At risk" || at.Link != "?q=wm.risk%3E%3D0.9&split=kind&stream="+riskStream+"&tab=risk" {
		t.Errorf("preset %+v", at)
	}
}

// TestRemember checks that the newest rows are marked, each once.
func TestRemember(t *testing.T) {
	rows := func(from, to int) (list []row) {
		for i := from; i > to; i-- {
			r := revision{"enwiki", int64(i), int64(i)}
			list = append(list, row{Rev: r.name(), revision: r})
		}
		return append(list, row{})
	}
	list := remember(nil, rows(50, 0))
	list = remember(list, rows(60, 10))
	if len(list) != 60 || list[0].id != 60 || list[59].id != 1 {
		t.Errorf("%d revisions from %v", len(list), list[0])
	}
	if list = remember(list, rows(1000, 500)); len(list) != maxMarked || list[0].id != 1000 {
		t.Errorf("%d revisions from %v", len(list), list[0])
	}
}
