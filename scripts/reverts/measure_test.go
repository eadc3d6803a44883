package main

import (
	"bytes"
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
	"github.com/wmtools/wm/lib/simulate"
	"github.com/wmtools/wm/lib/store"
)

// TestMeasure indexes generated edits, whose reverts are known, and compares what
// is measured with a count over the events themselves.
func TestMeasure(t *testing.T) {
	start := time.Date(2026, 11, 1, 0, 0, 0, 0, time.UTC)
	events := simulate.New(9, simulate.Options{Start: start, Rate: 20, Streams: []string{simulate.RecentChange, simulate.RevisionTags}}).Take(40_000)
	s, err := store.Open(t.TempDir(), store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	srv := httptest.NewServer(eshttp.Handler(s, eshttp.Options{Version: "test"}))
	defer srv.Close()
	reader := index(t, srv.URL, events)
	p := period{start, start.Add(20 * time.Minute)}
	m, err := source{reader, "wm-*", p}.measure(t.Context(), 3)
	if err != nil {
		t.Fatal(err)
	}
	edits, tagged, found, both := count(events, p)
	if m.edits != edits || m.allTagged() != tagged || m.found != found || m.both != both || tagged < 100 {
		t.Errorf("measured %d edits, %d tagged, %d found, %d both; counted %d, %d, %d, %d", m.edits, m.allTagged(), m.found, m.both, edits, tagged, found, both)
	}
	if m.precision() < 0.5 || m.recall() < 0.5 || m.recall() > 0.95 {
		t.Errorf("precision %.2f, recall %.2f", m.precision(), m.recall())
	}
	var out bytes.Buffer
	if err := m.print(&out); err != nil || !strings.Contains(out.String(), "mw-rollback ") {
		t.Errorf("%v: %s", err, &out)
	}
	t.Logf("\n%s", &out)
	if _, err := (source{reader, "wm-*", period{start.AddDate(0, 0, -2), start.AddDate(0, 0, -1)}}).measure(t.Context(), 3); err == nil {
		t.Error("a day without tags is measured")
	}
}

func index(t *testing.T, address string, events []simulate.Event) *query.Reader {
	t.Helper()
	c, err := es.New(es.Options{URLs: []string{address}})
	if err != nil {
		t.Fatal(err)
	}
	p, err := es.ParseIndexPattern(es.DefaultIndex)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := c.InitIndex(t.Context(), p, es.TemplateOptions{}); err != nil {
		t.Fatal(err)
	}
	w := bulk.NewWriter(c, bulk.Options{Index: p})
	for _, e := range events {
		if line := event.New(e.Data); !line.Canary() {
			if err := w.Put(t.Context(), line); err != nil {
				t.Fatal(err)
			}
		}
	}
	if err := w.Close(t.Context()); err != nil {
		t.Fatal(err)
	}
	return query.NewReader(c)
}

// count compares the events themselves, without an index.
func count(events []simulate.Event, p period) (edits, tagged, found, both int) {
	isTagged := make(map[revision]bool)
	for _, e := range events {
		if e.Stream == simulate.RevisionTags && revertTag(event.New(e.Data)) != "" {
			isTagged[revision{gjson.GetBytes(e.Data, "database").Str, gjson.GetBytes(e.Data, "rev_id").Int()}] = true
		}
	}
	for _, e := range events {
		kind := gjson.GetBytes(e.Data, "type").Str
		if e.Stream != simulate.RecentChange || kind != "edit" && kind != "new" || e.Time >= p.until.UnixMilli() || e.Time < p.since.UnixMilli() {
			continue
		}
		edits++
		is := isTagged[revision{gjson.GetBytes(e.Data, "wiki").Str, gjson.GetBytes(e.Data, "revision.new").Int()}]
		says := event.IsRevert(gjson.GetBytes(e.Data, "comment").Str)
		if is {
			tagged++
		}
		if says {
			found++
		}
		if is && says {
			both++
		}
	}
	return edits, tagged, found, both
}
