package table

import (
	"regexp"
	"strings"
	"testing"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/mattn/go-runewidth"
)

// lineTests has an event of each kind of change and of each stream.
var lineTests = []struct{ name, event, want string }{
	{"edit", `{"type":"edit","meta":{"dt":"2026-11-23T10:00:00.123Z","domain":"en.wikipedia.org"},"wiki":"enwiki","title":"Harlow Bay","user":"Pebblewright",
		"minor":true,"bot":false,"patrolled":false,"comment":"/* History */ see [[Marlow|the town]]","length":{"old":100,"new":1234},"revision":{"old":1,"new":2}}`,
		"2026-11-23T10:00:00Z  enwiki    m!   Harlow Bay  +1134  Pebblewright  →History: see the town  https://en.wikipedia.org/w/index.php?diff=2&oldid=1"},
	{"new page by a bot", `{"type":"new","dt":"2026-11-23T10:00:00Z","wiki":"commonswiki","title":"File:A.jpg","user":"B","bot":true,"length":{"new":5},"revision":{"new":2},"server_url":"https://commons.wikimedia.org"}`,
		"2026-11-23T10:00:00Z  commonswiki  Nb   File:A.jpg  +5  B  https://commons.wikimedia.org/w/index.php?oldid=2"},
	{"log entry", `{"type":"log","timestamp":1764000000,"wiki":"enwiki","title":"User:X","user":"Admin","log_type":"block","log_action":"reblock","log_id":7,"comment":"spam","server_url":"https://en.wikipedia.org"}`,
		"2025-11-24T16:00:00Z  enwiki         block/reblock User:X  Admin  spam  https://en.wikipedia.org/w/index.php?title=Special%3ALog&logid=7"},
	{"categorize", `{"type":"categorize","wiki":"enwiki","title":"Category:Bridges","user":"U","comment":"[[:Tay Bridge]] added to category"}`,
		"--------------------  enwiki         Category:Bridges  U  Tay Bridge added to category"},
	{"hidden user", `{"type":"edit","wiki":"enwiki","title":"A","length":{"old":5,"new":5}}`,
		"--------------------  enwiki         A  0  (username removed)"},
	{"revision-create", `{"meta":{"stream":"mediawiki.revision-create","dt":"2026-01-01T00:00:00Z","domain":"de.wikipedia.org"},"database":"dewiki","page_title":"A_b","rev_id":5,"rev_parent_id":4,"rev_minor_edit":true,"performer":{"user_text":"U","user_is_bot":true},"comment":"c"}`,
		"2026-01-01T00:00:00Z  dewiki    mb   A b  U  c  https://de.wikipedia.org/w/index.php?diff=5&oldid=4"},
	{"page-create", `{"meta":{"stream":"mediawiki.page-create","dt":"2026-01-01T00:00:00Z"},"database":"dewiki","page_title":"A","rev_id":5,"performer":{"user_text":"U"}}`,
		"2026-01-01T00:00:00Z  dewiki    N    A  U"},
	{"page-delete", `{"meta":{"stream":"mediawiki.page-delete"},"database":"dewiki","page_title":"A","performer":{"user_text":"U"},"comment":"why"}`,
		"--------------------  dewiki         delete A  U  why"},
	{"page-undelete", `{"meta":{"stream":"mediawiki.page-undelete"},"database":"dewiki","page_title":"A","performer":{"user_text":"U"}}`,
		"--------------------  dewiki         undelete A  U"},
	{"page-move", `{"meta":{"stream":"mediawiki.page-move"},"database":"dewiki","page_title":"New_t","prior_state":{"page_title":"Old_t"},"performer":{"user_text":"U"},"comment":"c"}`,
		"--------------------  dewiki         move New t  U  c  from Old t"},
	{"page-properties-change", `{"meta":{"stream":"mediawiki.page-properties-change"},"database":"dewiki","page_title":"A","added_properties":{"p":1,"q":2},"removed_properties":{"r":1}}`,
		"--------------------  dewiki         A  properties +p +q -r"},
	{"page-links-change", `{"meta":{"stream":"mediawiki.page-links-change"},"database":"dewiki","page_title":"A","added_links":[{"link":"x"},{"link":"y"}]}`,
		"--------------------  dewiki         A  links +2 -0"},
	{"revision-tags-change", `{"meta":{"stream":"mediawiki.revision-tags-change"},"database":"dewiki","page_title":"A","rev_id":5,"tags":["visualeditor","mw-reverted"],"prior_state":{"tags":["visualeditor","x"]}}`,
		"--------------------  dewiki         A  tags +mw-reverted -x"},
	{"revision-visibility-change", `{"meta":{"stream":"mediawiki.revision-visibility-change"},"database":"dewiki","page_title":"A","visibility":{"text":false,"user":false,"comment":true},"performer":{"user_text":"U"}}`,
		"--------------------  dewiki         visibility change A  U  hidden: text, user"},
	{"page_change", `{"meta":{"stream":"mediawiki.page_change.v1"},"wiki_id":"dewiki","page_change_kind":"move","page":{"page_title":"B"},"prior_state":{"page":{"page_title":"A"}},"performer":{"user_text":"U"}}`,
		"--------------------  dewiki         move B  U  from A"},
	{"page_change, a new page", `{"meta":{"stream":"mediawiki.page_change.v1"},"wiki_id":"dewiki","page_change_kind":"create","page":{"page_title":"B"},"performer":{"user_text":"U"}}`,
		"--------------------  dewiki    N    B  U"},
	{"revert risk", `{"meta":{"stream":"mediawiki.page_revert_risk_prediction_change.v1","domain":"en.wikipedia.org"},"dt":"2026-11-23T10:00:00Z","wiki_id":"enwiki","page_change_kind":"edit","page":{"page_title":"A"},"performer":{"user_text":"~2026-1","is_temp":true},
		"revision":{"rev_id":5,"rev_parent_id":4,"comment":"c"},"predicted_classification":{"model_name":"revertrisk-language-agnostic","predictions":["true"],"probabilities":{"true":0.934}}}`,
		"2026-11-23T10:00:00Z  enwiki         A  ~2026-1  risk 0.93  c  https://en.wikipedia.org/w/index.php?diff=5&oldid=4"},
	{"topics", `{"wiki_id":"enwiki","page":{"page_title":"A"},"predicted_classification":{"model_name":"outlink-topic-model","predictions":["Geography","Women"]}}`,
		"--------------------  enwiki         A  predicted: Geography, Women"},
	{"revision-score", `{"database":"enwiki","page_title":"A","scores":{"damaging":{"probability":{"true":0.126,"false":0.874}}}}`,
		"--------------------  enwiki         A  damaging 0.13"},
	{"nothing known", `{"a":1}`, "--------------------"},
	{"bad types", `{"type":1,"title":[],"user":{},"comment":3,"length":"x"}`, "--------------------"},

	{"control characters", `{"wiki":"enwiki","title":"A\u001b[31mB\u0007","user":"\u009bX\u007f","comment":"one\ntwo\tthree\r\u2028four"}`,
		`--------------------  enwiki         A\x1b[31mB\x07  \u009bX\x7f  one\x0atwo\x09three\x0d\u2028four`},
	{"direction overrides", `{"wiki":"enwiki","title":"\u202egnp.exe\u2066","user":"U"}`, `--------------------  enwiki         \u202egnp.exe\u2066  U`},
	{"right to left", `{"wiki":"hewiki","title":"צרפת","user":"U","comment":"/* א */ b"}`,
		"--------------------  hewiki         \u2068צרפת\u2069  U  \u2068→א: b\u2069"},
}

func TestLines(t *testing.T) {
	p := NewLines(LineOptions{}).Printer()
	for _, tt := range lineTests {
		got, err := p.Append(nil, []byte(strings.ReplaceAll(tt.event, "\n", "")))
		if err != nil || string(got) != tt.want+"\n" {
			t.Errorf("%s:\ngot  %q, %v\nwant %q", tt.name, got, err, tt.want)
		}
	}
}

var escapes = regexp.MustCompile("\x1b\\[[0-9;]*m|\x1b\\]8;;[^\x1b]*\x1b\\\\")

// The line of any event fits the terminal, with the columns before the summary
// in their places.
func TestLinesFit(t *testing.T) {
	events := []string{
		`{"wiki":"a_very_long_wiki_name","title":"` + strings.Repeat("漢字", 40) + `","user":"` + strings.Repeat("ü", 80) + `","comment":"` + strings.Repeat("word ", 80) + `","length":{"new":123456789}}`,
		`{"wiki":"enwiki","title":"` + strings.Repeat("👩‍👩‍👧‍👦", 30) + `","user":"e\u0301e\u0301","comment":"👍🏽"}`,
		`{"wiki":"hewiki","title":"` + strings.Repeat("צרפת ", 30) + `","user":"אבג","comment":"` + strings.Repeat("צרפת ", 30) + `"}`,
	}
	for _, tt := range lineTests {
		events = append(events, strings.ReplaceAll(tt.event, "\n", ""))
	}
	for _, width := range []int{20, 40, 80, 99, 100, 120, 200, 400} {
		p := NewLines(LineOptions{Width: width, Color: true, Links: true}).Printer()
		for _, e := range events {
			out, err := p.Append(nil, []byte(e))
			if err != nil {
				t.Fatal(err)
			}
			line := strings.TrimSuffix(string(escapes.ReplaceAll(out, nil)), "\n")
			if w := runewidth.StringWidth(line); w > width && width >= 80 {
				t.Errorf("width %d: %d columns: %s", width, w, line)
			}
			if strings.ContainsFunc(line, func(r rune) bool { return unicode.IsControl(r) || r == utf8.RuneError }) {
				t.Errorf("width %d: a control character or half a character: %q", width, line)
			}
			if strings.Count(line, firstStrongIsolate) != strings.Count(line, popIsolate) {
				t.Errorf("width %d: an isolate stays open: %q", width, line)
			}
		}
	}
}

func TestLinesOnTerminal(t *testing.T) {
	zone := time.FixedZone("", 2*60*60)
	e := []byte(strings.ReplaceAll(lineTests[0].event, "\n", ""))
	for _, tt := range []struct {
		o    LineOptions
		want string
	}{
		{LineOptions{Width: 80, Location: zone}, "12:00:00 enwiki   m!  Harlow Bay        +1134 Pebblewright →History: see the to…"},
		{LineOptions{Width: 120, Location: zone}, "Nov 23 12:00:00 enwiki       m!   Harlow Bay                +1134 Pebblewright       →History: see the town"},
		{LineOptions{Width: 60}, "10:00:00 enwiki   m!  Harlow Bay          +1134 Pebblewright"},
	} {
		out, err := NewLines(tt.o).Printer().Append(nil, e)
		if err != nil || strings.TrimRight(string(out), " \n") != tt.want {
			t.Errorf("width %d:\ngot  %q, %v\nwant %q", tt.o.Width, out, err, tt.want)
		}
	}
	out, _ := NewLines(LineOptions{Width: 80, Color: true, Links: true}).Printer().Append(nil, e)
	for _, want := range []string{
		"\x1b]8;;https://en.wikipedia.org/w/index.php?diff=2&oldid=1\x1b\\\x1b[1mHarlow Bay\x1b[m\x1b]8;;\x1b\\",
		"\x1b[1;32m+1134\x1b[m",
		"\x1b]8;;https://en.wikipedia.org/w/index.php?title=Special%3AContributions%2FPebblewright\x1b\\Pebblewright\x1b]8;;\x1b\\",
	} {
		if !strings.Contains(string(out), want) {
			t.Errorf("%q\nis not in %q", want, out)
		}
	}
}
