package browsertest

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/wmtools/wm/lib/es"
	"github.com/wmtools/wm/lib/es/bulk"
	"github.com/wmtools/wm/lib/es/query"
	"github.com/wmtools/wm/lib/eshttp"
	"github.com/wmtools/wm/lib/event"
	"github.com/wmtools/wm/lib/simulate"
	"github.com/wmtools/wm/lib/store"
	"github.com/wmtools/wm/lib/web"
)

// noon is the time of all tests, within a bucket of the histogram.
var noon = time.Date(2026, 11, 23, 12, 3, 0, 0, time.UTC)

// hostile is text that must be shown as text.
const hostile = `<img src=x onerror="window.hacked=1"><script>window.hacked=1</script>`

// world is a dashboard over an embedded store, the usual setup.
type world struct {
	t     *testing.T
	url   string
	now   atomic.Int64  // the clock, in seconds after noon
	away  atomic.Bool   // the store does not answer
	slow  chan struct{} // the store answers when it is closed; nil: at once
	store *es.Client
	next  atomic.Int64 // number of the next event that add makes

	mu       sync.Mutex
	searches int
}

// empty starts a dashboard over a store without events.
func empty(t *testing.T) *world {
	t.Helper()
	s, err := store.Open(t.TempDir(), store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	w := &world{t: t}
	inner := eshttp.Handler(s, eshttp.Options{Version: "test"})
	node := httptest.NewServer(http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		if w.away.Load() {
			panic(http.ErrAbortHandler)
		}
		if strings.HasSuffix(r.URL.Path, "_msearch") {
			w.mu.Lock()
			w.searches++
			slow := w.slow
			w.mu.Unlock()
			if slow != nil {
				<-slow
			}
		}
		inner.ServeHTTP(rw, r)
	}))
	t.Cleanup(node.Close)
	if w.store, err = es.New(es.Options{URLs: []string{node.URL}}); err != nil {
		t.Fatal(err)
	}
	d, err := web.New(web.Options{
		Searcher: query.NewReader(w.store), Index: es.DefaultIndex, Version: "test", Source: "wm-store at test", Now: w.clock,
		Views: []web.NamedView{{Name: "Night patrol", Params: "q=wm.user_kind%3Dtemp&range=1h"}},
		Commands: func(s web.Selection) []web.Command {
			return []web.Command{{ID: "pipeline", Label: "Copy as pipeline", Text: "wm-tail | wm-grep --query '" + s.Query + "'"}}
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	srv := httptest.NewServer(d)
	t.Cleanup(func() { d.Close(); srv.CloseClientConnections(); srv.Close() })
	w.url = srv.URL
	return w
}

// full starts a dashboard over seven hours of synthetic events and a few that
// are hostile.
func full(t *testing.T) *world {
	t.Helper()
	w := empty(t)
	var lines []string
	for e := range simulate.New(1, simulate.Options{Start: noon.Add(-7 * time.Hour), Rate: 0.3}).All() {
		if e.Time > noon.Add(-time.Minute).UnixMilli() {
			break
		}
		lines = append(lines, string(e.Data))
	}
	w.put(append(lines, corpus()...)...)
	return w
}

// corpus returns events with text that would do harm as markup, is written from right
// to left, or has no spaces to break at.
func corpus() (lines []string) {
	for i, text := range []string{
		hostile, `"><svg onload=alert(1)>`, `javascript:alert(1)`, `{{constructor.constructor('alert(1)')()}}`, "\u202egnp.exe", "منارة خليج الصدف",
		"מגדלור נמל הצדף", "夕凪町の灯台", strings.Repeat("W", 250), "a\nb\tc", `</script><script>window.hacked=1</script>`, "&lt;b&gt;", "%00", "x' OR 1=1",
	} {
		at := noon.Add(-time.Duration(50-i) * time.Second)
		lines = append(lines, fmt.Sprintf(`{"meta":{"id":"corpus-%d","dt":%q,"domain":"en.wikipedia.org","stream":"mediawiki.recentchange"},"type":"edit","wiki":"enwiki",`+
			`"server_url":"https://en.wikipedia.org","title":%[3]q,"user":%[3]q,"comment":%[4]q,"namespace":0,"bot":false,"length":{"old":2000,"new":1000},"revision":{"old":1,"new":2}}`,
			i, at.Format(time.RFC3339), jsonSafe(text), jsonSafe("/* "+text+" */ [["+text+"]] "+text)))
	}
	return lines
}

// jsonSafe is a text that %q writes as JSON does.
func jsonSafe(s string) string { return strings.ToValidUTF8(strings.ReplaceAll(s, "\x00", ""), "") }

// put indexes events, which are searchable at once.
func (w *world) put(lines ...string) {
	w.t.Helper()
	pattern, err := es.ParseIndexPattern(es.DefaultIndex)
	if err != nil {
		w.t.Fatal(err)
	}
	if _, err := w.store.InitIndex(w.t.Context(), pattern, es.TemplateOptions{}); err != nil {
		w.t.Fatal(err)
	}
	b := bulk.NewWriter(w.store, bulk.Options{Index: pattern})
	for _, line := range lines {
		if err := b.Put(w.t.Context(), event.New([]byte(line))); err != nil {
			w.t.Fatal(err)
		}
	}
	if err := b.Close(w.t.Context()); err != nil {
		w.t.Fatal(err)
	}
}

// add indexes one edit by a user, dated now, and returns its title.
func (w *world) add(user string) string {
	w.t.Helper()
	n := w.next.Add(1)
	title := fmt.Sprintf("Added %d", n)
	w.put(fmt.Sprintf(`{"meta":{"id":"added-%d","dt":%q,"domain":"en.wikipedia.org","stream":"mediawiki.recentchange"},"type":"edit","wiki":"enwiki",`+
		`"server_url":"https://en.wikipedia.org","title":%q,"user":%q,"comment":"","namespace":0,"bot":false,"length":{"old":1,"new":2},"revision":{"old":1,"new":2}}`,
		n, w.clock().Add(time.Duration(n)*time.Millisecond).Format("2006-01-02T15:04:05.000Z"), title, user))
	return title
}

func (w *world) clock() time.Time { return noon.Add(time.Duration(w.now.Load()) * time.Second) }

// tick advances the clock, so that cached answers are not reused.
func (w *world) tick(seconds int64) { w.now.Add(seconds) }
