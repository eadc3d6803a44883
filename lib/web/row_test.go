package web

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/wmtools/wm/lib/event"
)

func TestRows(t *testing.T) {
	const meta = `"meta":{"id":"i","dt":"2026-11-23T10:00:00.5Z","domain":"en.wikipedia.org","stream":"mediawiki.recentchange"}`
	const when = `"id":"i","time":1795428000500,`
	tests := []struct{ name, event, want string }{
		{"edit",
			`{` + meta + `,"type":"edit","wiki":"enwiki","title":"A","user":"Quiet Otter","comment":"c","bot":false,"minor":true,"patrolled":false,
			  "length":{"old":100,"new":40},"revision":{"old":1,"new":2},"server_url":"https://en.wikipedia.org"}`,
			`{` + when + `"wiki":"enwiki","type":"edit","flags":"m!","title":"A","url":"https://en.wikipedia.org/w/index.php?diff=2&oldid=1",
			  "user":"Quiet Otter","user_url":"https://en.wikipedia.org/w/index.php?title=Special%3AContributions%2FQuiet+Otter",
			  "user_kind":"registered","delta":-60,"comment":"c"}`},
		{"new page by a bot",
			`{` + meta + `,"type":"new","wiki":"enwiki","title":"A","user":"B","bot":true,"patrolled":true,"length":{"new":0},"server_url":"https://evil.example"}`,
			`{` + when + `"wiki":"enwiki","type":"new","flags":"Nb","title":"A","user":"B","user_kind":"bot","delta":0,"comment":""}`},
		{"log, user removed, text with line breaks",
			`{` + meta + `,"type":"log","wiki":"enwiki","title":"A","comment":"a\nb","log_type":"move","log_action":"move_redir","log_params":[],"server_url":"x"}`,
			`{` + when + `"wiki":"enwiki","type":"log","flags":"","title":"A","user":"","user_kind":"hidden","delta":null,"log":"move/move_redir","comment":"a\nb"}`},
		{"revision-create",
			`{"meta":{"id":"i","dt":"2026-11-23T10:00:00.5Z","domain":"de.wikipedia.org","stream":"mediawiki.revision-create"},"database":"dewiki",
			  "page_title":"A_b","rev_id":5,"rev_parent_id":4,"rev_minor_edit":true,"performer":{"user_text":"~2026-1-2","user_is_bot":false},"comment":"x"}`,
			`{` + when + `"wiki":"dewiki","type":"","flags":"m","title":"A b","url":"https://de.wikipedia.org/w/index.php?diff=5&oldid=4",
			  "user":"~2026-1-2","user_url":"https://de.wikipedia.org/w/index.php?title=Special%3AContributions%2F~2026-1-2","user_kind":"temp","delta":null,"comment":"x"}`},
		{"page-create by a bot",
			`{"meta":{"id":"i","dt":"2026-11-23T10:00:00.5Z","stream":"mediawiki.page-create"},"database":"dewiki","performer":{"user_text":"B","user_is_bot":true}}`,
			`{` + when + `"wiki":"dewiki","type":"","flags":"Nb","title":"","user":"B","user_kind":"bot","delta":null,"comment":""}`},
		{"page_change, redacted",
			`{"meta":{"id":"i","domain":"de.wikipedia.org","stream":"mediawiki.page_change.v1"},"dt":"2026-11-23T10:00:00.5Z","wiki_id":"dewiki",
			  "page_change_kind":"create","page":{"page_title":"A_b"},"revision":{"rev_id":5,"comment":"y"},"performer":{}}`,
			`{` + when + `"wiki":"dewiki","type":"","flags":"N","title":"A b","url":"https://de.wikipedia.org/w/index.php?oldid=5",
			  "user":"","user_kind":"hidden","delta":null,"comment":"y"}`},
		{"a time of its own", `{"@timestamp":"2026-11-23T10:00:00.5Z","timestamp":1}`,
			`{` + when + `"wiki":"","type":"","flags":"","title":"","user":"","user_kind":"","delta":null,"comment":""}`},
		{"fields of other types", `{"@timestamp":"2026-11-23T10:00:00.5Z","title":{"a":1},"comment":7,"user":["x"],"minor":"true","log_type":1}`,
			`{` + when + `"wiki":"","type":"","flags":"","title":"","user":"","user_kind":"","delta":null,"comment":""}`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, err := json.Marshal(newRow("i", event.New([]byte(tt.event))))
			if err != nil {
				t.Fatal(err)
			}
			sameJSON(t, got, tt.want)
		})
	}
}

// sameJSON compares JSON by its values.
func sameJSON(t *testing.T, got []byte, want string) {
	t.Helper()
	var g, w any
	if err := json.Unmarshal(got, &g); err != nil {
		t.Fatalf("%v in %s", err, got)
	}
	if err := json.Unmarshal([]byte(want), &w); err != nil {
		t.Fatalf("%v in %s", err, want)
	}
	a, _ := json.Marshal(g)
	b, _ := json.Marshal(w)
	if string(a) != string(b) {
		t.Errorf("got  %s\nwant %s", a, b)
	}
}

func newEvent(t *testing.T, fields map[string]any) event.Event {
	t.Helper()
	line, err := json.Marshal(fields)
	if err != nil {
		t.Fatal(err)
	}
	return event.New(line)
}

func TestClip(t *testing.T) {
	for _, tt := range []struct {
		text  string
		limit int
		want  string
	}{
		{"abc", 3, "abc"}, {"abcd", 3, "abc…"}, {"äöü", 3, "äöü"}, {"äöüß", 3, "äöü…"}, {"🦊🦊", 1, "🦊…"}, {"", 0, ""},
	} {
		if got := clip(tt.text, tt.limit); got != tt.want {
			t.Errorf("clip(%q, %d) = %q, want %q", tt.text, tt.limit, got, tt.want)
		}
	}
	r := newRow("i", newEvent(t, map[string]any{"title": strings.Repeat("t", 1e6), "comment": strings.Repeat("c", 1e6), "user": strings.Repeat("u", 1e6)}))
	if n := len(r.Title) + len(r.Comment) + len(r.User); n > 2000 {
		t.Errorf("a row of huge texts has %d bytes", n)
	}
}
