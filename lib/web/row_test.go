package web

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/wmtools/wm/lib/event"
)

func TestRows(t *testing.T) {
	const meta = `"meta":{"id":"i","dt":"2026-11-23T10:00:00.5Z","domain":"en.wikipedia.org","stream":"mediawiki.recentchange"}`
	const when = `"id":"i","t":1795428000500,`
	const wiki = `https://en.wikipedia.org/w/index.php?`
	tests := []struct{ name, event, want string }{
		{"edit",
			`{` + meta + `,"type":"edit","wiki":"enwiki","title":"A","user":"Quiet Otter","comment":"/* B */ see [[C]]","bot":false,"minor":true,"patrolled":false,
			  "length":{"old":100,"new":40},"revision":{"old":1,"new":2},"server_url":"https://en.wikipedia.org"}`,
			`{` + when + `"wiki":"enwiki","type":"edit","flags":"m!","title":"A","page":"` + wiki + `title=A","diff":"` + wiki + `diff=2&oldid=1",
			  "hist":"` + wiki + `title=A&action=history","change":"` + wiki + `diff=2&oldid=1","user":"Quiet Otter","kind":"registered",
			  "talk":"` + wiki + `title=User+talk%3AQuiet+Otter","contribs":"` + wiki + `title=Special%3AContributions%2FQuiet+Otter","delta":-60,"rev":"enwiki:2",
			  "summary":[{"k":"section","t":"B","u":"` + wiki + `title=A#B"},{"t":" see "},{"k":"link","t":"C","u":"` + wiki + `title=C"}]}`},
		{"new page by a bot, from nowhere",
			`{` + meta + `,"type":"new","wiki":"enwiki","title":"A","user":"B","bot":true,"patrolled":true,"length":{"new":0},"server_url":"https://evil.example"}`,
			`{` + when + `"wiki":"enwiki","type":"new","flags":"Nb","title":"A","user":"B","kind":"bot","delta":0,"summary":[]}`},
		{"log, user removed, text with line breaks",
			`{` + meta + `,"type":"log","wiki":"enwiki","title":"A","comment":"a\nb","log_type":"move","log_action":"move_redir","log_params":[],"server_url":"x"}`,
			`{` + when + `"wiki":"enwiki","type":"log","flags":"","title":"A","user":"","kind":"hidden","delta":null,"log":"Move log","action":"move/move_redir","summary":[{"t":"a\nb"}]}`},
		{"fields of other types", `{"@timestamp":"2026-11-23T10:00:00.5Z","title":{"a":1},"comment":7,"user":["x"],"minor":"true","log_type":1}`,
			`{` + when + `"wiki":"","type":"","flags":"","title":"","user":"","kind":"","delta":null,"summary":[]}`},
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
	huge := strings.Repeat("t", 1e6)
	line, _ := json.Marshal(map[string]any{"title": huge, "comment": huge, "user": huge})
	row, _ := json.Marshal(newRow("i", event.New(line)))
	if len(row) > 2500 {
		t.Errorf("a row of huge texts has %d bytes", len(row))
	}
}
