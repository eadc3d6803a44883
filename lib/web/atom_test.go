package web

import (
	"encoding/xml"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"github.com/wmtools/wm/lib/es"
	"github.com/wmtools/wm/lib/es/query"
)

// TestAtom checks the feed of a view: that the page links to it, that it has the changes
// that the page shows, and that text of events is only text in it.
func TestAtom(t *testing.T) {
	c, err := es.New(es.Options{URLs: []string{serveStore(t)}})
	if err != nil {
		t.Fatal(err)
	}
	const id = "0a1b2c3d-0000-4000-8000-000000000001"
	event := func(id, title, user string) string {
		return `{"meta":{"id":"` + id + `","dt":"2026-11-23T11:59:00Z","domain":"en.wikipedia.org","stream":"mediawiki.recentchange"},"type":"edit","wiki":"enwiki",` +
			`"server_url":"https://en.wikipedia.org","title":"` + title + `","user":"` + user + `","comment":"/* History */ <b>typo\u0001","namespace":0,"bot":false,"minor":true,` +
			`"length":{"old":100,"new":90},"revision":{"old":1,"new":2}}`
	}
	put(t, c, es.DefaultIndex, event(id, "A & B", "Quiet Otter"), event("a b", "Other", ""), strings.Replace(event("no", "No", "X"), `"enwiki"`, `"dewiki"`, 1))
	public, _ := url.Parse("https://tools.example/wm/")
	d := dash(t, query.NewReader(c), func(o *Options) { o.PublicURL = public })
	page := serve(t, d, "/?range=3h&split=kind&q=wiki%3Denwiki").Body.String()
	link := regexp.MustCompile(`<link rel="alternate" type="application/atom\+xml"[^>]* href="([^"]*)"`).FindStringSubmatch(page)
	if link == nil || link[1] != "api/v1/atom?q=wiki%3Denwiki&amp;range=3h" {
		t.Fatalf("the page links to the feed as %q", link)
	}
	res := serve(t, d, "/"+strings.ReplaceAll(link[1], "&amp;", "&"))
	if res.Code != http.StatusOK || res.Header().Get("Content-Type") != "application/atom+xml; charset=utf-8" {
		t.Fatalf("status %d, %v", res.Code, res.Header())
	}
	var f struct {
		ID      string `xml:"id"`
		Title   string `xml:"title"`
		Updated string `xml:"updated"`
		Link    []struct {
			Rel  string `xml:"rel,attr"`
			Href string `xml:"href,attr"`
		} `xml:"link"`
		Entry []struct {
			ID      string `xml:"id"`
			Title   string `xml:"title"`
			Content string `xml:"content"`
			Author  string `xml:"author>name"`
			Link    struct {
				Href string `xml:"href,attr"`
			} `xml:"link"`
		} `xml:"entry"`
	}
	if err := xml.Unmarshal(res.Body.Bytes(), &f); err != nil {
		t.Fatalf("%v in %s", err, res.Body)
	}
	if f.ID != "https://tools.example/wm/api/v1/atom?q=wiki%3Denwiki&range=3h" || f.Link[1].Href != "https://tools.example/wm/?q=wiki%3Denwiki&range=3h" ||
		f.Title != "Wikimedia changes: wiki=enwiki" || f.Updated != "2026-11-23T11:59:00Z" || len(f.Entry) != 2 {
		t.Errorf("feed %+v", f)
	}
	for _, e := range f.Entry {
		if e.Title == "enwiki: Other" && (e.ID != "urn:x-wm:a%20b" || e.Author != "hidden") {
			t.Errorf("entry %+v", e)
		}
		if e.Title == "enwiki: A & B" && (e.ID != "urn:uuid:"+id || e.Author != "Quiet Otter" || !strings.HasPrefix(e.Link.Href, "https://en.wikipedia.org/w/index.php?") ||
			e.Content != "edit, m, −10 bytes: History: <b>typo\ufffd") {
			t.Errorf("entry %+v", e)
		}
	}
	if empty := serve(t, d, "/api/v1/atom?stream=page-create"); empty.Code != http.StatusOK || strings.Contains(empty.Body.String(), "<entry>") {
		t.Errorf("the feed of an empty index: %d %s", empty.Code, empty.Body)
	}
}
