package mediawiki

import (
	"encoding/json"
	"net/url"
	"strings"
	"testing"

	"github.com/wmtools/wm/lib/event"
)

func TestSites(t *testing.T) {
	for server, want := range map[string]string{
		"https://en.wikipedia.org":                 "en.wikipedia.org",
		"https://www.wikidata.org/":                "www.wikidata.org",
		"https://wikisource.org":                   "wikisource.org",
		"https://be-tarask.wiktionary.org":         "be-tarask.wiktionary.org",
		"https://commons.wikimedia.org":            "commons.wikimedia.org",
		"http://en.wikipedia.org":                  "",
		"//en.wikipedia.org":                       "",
		"en.wikipedia.org":                         "",
		"javascript:alert(1)//en.wikipedia.org":    "",
		"JavaScript://en.wikipedia.org/%0aalert()": "",
		"data:text/html,<script>":                  "",
		"https://evilwikipedia.org":                "",
		"https://en.wikipedia.org.evil.example":    "",
		"https://en.wikipedia.org@evil.example":    "",
		"https://evil.example#.wikipedia.org":      "",
		"https://evil.example/.wikipedia.org":      "",
		"https://evil.example?.wikipedia.org":      "",
		"https://evil.example\\.wikipedia.org":     "",
		"https://en.wikipedia.org:8443":            "",
		"https://en.wikipedia.org/wiki/X":          "",
		"https://.wikipedia.org":                   "",
		"https://en.wikipediа.org":                 "", // a Cyrillic letter
		"https://EN.WIKIPEDIA.ORG":                 "",
		"https://auth.wikimedia.org":               "", // logins only
		"https://":                                 "",
	} {
		if got := SiteOf(newEvent(t, map[string]any{"server_url": server})).host; got != want {
			t.Errorf("%s: host %q, want %q", server, got, want)
		}
	}
}

func TestSiteOfDomain(t *testing.T) {
	for domain, want := range map[string]string{
		"de.wikipedia.org": "de.wikipedia.org", "canary": "", "": "", "evil.example": "", "x/de.wikipedia.org": "",
	} {
		e := newEvent(t, map[string]any{"meta": map[string]any{"domain": domain}})
		if got := SiteOf(e).host; got != want {
			t.Errorf("%q: host %q, want %q", domain, got, want)
		}
	}
	both := newEvent(t, map[string]any{"server_url": "javascript:x", "meta": map[string]any{"domain": "de.wikipedia.org"}})
	if got := SiteOf(both).host; got != "" {
		t.Errorf("a bad server_url led to %q", got)
	}
}

func TestChangeLinks(t *testing.T) {
	tests := []struct{ name, event, want string }{
		{"edit", `{"type":"edit","title":"A","revision":{"old":1,"new":2}}`, "diff=2&oldid=1"},
		{"new page", `{"type":"new","title":"A","revision":{"new":2}}`, "oldid=2"},
		{"log entry", `{"type":"log","title":"A","log_id":7,"log_type":"move"}`, "title=Special%3ALog&logid=7"},
		{"log without number", `{"type":"log","title":"A","log_id":0,"log_type":"abusefilter"}`,
			"title=Special%3ALog&type=abusefilter&page=A"},
		{"categorize", `{"type":"categorize","title":"Category:Bridges & tunnels"}`, "title=Category%3ABridges+%26+tunnels"},
		{"Flow", `{"type":"142","title":"Topic:X/Ä?#"}`, "title=Topic%3AX%2F%C3%84%3F%23"},
		{"revision-create", `{"rev_id":5,"rev_parent_id":4,"page_title":"A_b"}`, "diff=5&oldid=4"},
		{"page-create", `{"rev_id":5,"page_title":"A_b"}`, "oldid=5"},
		{"page_change", `{"revision":{"rev_id":5,"rev_parent_id":4},"page":{"page_title":"A_b"}}`, "diff=5&oldid=4"},
		{"page-delete", `{"page_title":"A_b"}`, "title=A+b"},
		{"revisions as text", `{"type":"edit","title":"A","revision":{"old":"1","new":"&x"}}`, "title=A"},
		{"nothing", `{}`, ""},
	}
	s := SiteAt("en.wikipedia.org")
	for _, tt := range tests {
		e := event.New([]byte(tt.event))
		got := strings.TrimPrefix(s.Change(e), "https://en.wikipedia.org/w/index.php?")
		if got != tt.want {
			t.Errorf("%s: got %s, want %s", tt.name, got, tt.want)
		}
		if link := (Site{}).Change(e); link != "" {
			t.Errorf("%s: no site, but a link: %s", tt.name, link)
		}
	}
}

func TestPage(t *testing.T) {
	s := SiteAt("en.wikipedia.org")
	for title, want := range map[string]string{
		"A b":            "title=A+b",
		":Category:X":    "title=Category%3AX",
		"A#Early life é": "title=A#Early_life_%C3%A9",
		"#top":           "",
		"":               "",
		"A?x=1&y=2":      "title=A%3Fx%3D1%26y%3D2",
	} {
		if got := strings.TrimPrefix(s.Page(title), "https://en.wikipedia.org/w/index.php?"); got != want {
			t.Errorf("%q: got %s, want %s", title, got, want)
		}
	}
}

func TestContributions(t *testing.T) {
	s := SiteAt("en.wikipedia.org")
	if got := s.Contributions("Ä & <b>"); got != "https://en.wikipedia.org/w/index.php?title=Special%3AContributions%2F%C3%84+%26+%3Cb%3E" {
		t.Error(got)
	}
	if got := s.Contributions(""); got != "" {
		t.Errorf("contributions of no user: %s", got)
	}
}

// FuzzLinksStayOnWikimedia: whatever an event holds, its links lead to index.php
// of a Wikimedia wiki by https, or there are none.
func FuzzLinksStayOnWikimedia(f *testing.F) {
	f.Add("https://en.wikipedia.org", "en.wikipedia.org", "Title#Section", "User", "log", int64(1))
	f.Add("https://en.wikipedia.org@evil.example", "", "javascript:alert(1)", "../../x", "edit", int64(0))
	f.Fuzz(func(t *testing.T, server, domain, title, user, kind string, id int64) {
		e := newEvent(t, map[string]any{
			"server_url": server, "meta": map[string]any{"domain": domain}, "title": title, "user": user,
			"type": kind, "log_id": id, "revision": map[string]any{"new": id, "old": id - 1},
		})
		s := SiteOf(e)
		for _, link := range []string{s.Change(e), s.Diff(e), s.Page(title), s.History(title), s.Contributions(user), s.Talk(user)} {
			if link == "" {
				continue
			}
			u, err := url.Parse(link)
			if err != nil || u.Scheme != "https" || u.User != nil || u.Path != "/w/index.php" {
				t.Fatalf("link %q, %v", link, err)
			}
			labels := strings.Split(u.Host, ".")
			if n := len(labels); n < 2 || !strings.Contains(strings.Join(families, " ")+" ", labels[n-2]+"."+labels[n-1]+" ") {
				t.Fatalf("host %q", u.Host)
			}
		}
	})
}

func newEvent(t *testing.T, fields map[string]any) event.Event {
	t.Helper()
	line, err := json.Marshal(fields)
	if err != nil {
		t.Fatal(err)
	}
	return event.New(line)
}

func TestQueryEscape(t *testing.T) {
	for c := range 256 {
		text := "a" + string([]byte{byte(c)}) + "ü"
		if got, want := string(appendQueryEscaped(nil, text)), url.QueryEscape(text); got != want {
			t.Errorf("%q: %s, want %s", text, got, want)
		}
	}
}
