package mediawiki

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/wmtools/wm/lib/event"
)

func Example() {
	e := event.New([]byte(`{"type":"edit","title":"Harlow Bay","user":"Pebblewright","minor":true,"comment":"/* History */ see [[Marlow]]",` +
		`"revision":{"old":1,"new":2},"server_url":"https://en.wikipedia.org"}`))
	fmt.Println(Flags(e, e.Derive().UserKind), Title(e))
	fmt.Println(SiteOf(e).Change(e))
	for _, s := range AppendSummary(nil, Comment(e)) {
		fmt.Printf("%q ", s.Text)
	}
	// Output:
	// m Harlow Bay
	// https://en.wikipedia.org/w/index.php?diff=2&oldid=1
	// "History" " see " "Marlow"
}

func TestFlags(t *testing.T) {
	for line, want := range map[string]string{
		`{"type":"new","bot":true,"minor":true,"patrolled":false}`: "Nmb!",
		`{"type":"edit","patrolled":true}`:                         "",
		`{"meta":{"stream":"mediawiki.page_change.v1"},"page_change_kind":"create","performer":{"user_text":"B","is_bot":true}}`: "Nb",
		`{"rev_minor_edit":true}`:                   "m",
		`{"revision":{"is_minor_edit":true}}`:       "m",
		`{"minor":"true","bot":1,"patrolled":null}`: "",
	} {
		e := event.New([]byte(line))
		if got := Flags(e, e.Derive().UserKind); got != want {
			t.Errorf("%s: %q, want %q", line, got, want)
		}
	}
}

func TestLog(t *testing.T) {
	for line, want := range map[string][2]string{
		`{"log_type":"block","log_action":"reblock"}`:   {"Block log", "block/reblock"},
		`{"log_type":"delete"}`:                         {"Deletion log", "delete"},
		`{"log_type":"newusers","log_action":"create"}`: {"User creation log", "newusers/create"},
		`{"log_type":"some_thing"}`:                     {"Some thing log", "some_thing"},
		`{"log_type":1}`:                                {},
		`{"type":"edit"}`:                               {},
	} {
		if name, action := Log(event.New([]byte(line))); name != want[0] || action != want[1] {
			t.Errorf("%s: %q, %q", line, name, action)
		}
	}
}

func TestAppendSummary(t *testing.T) {
	text := func(s string) Segment { return Segment{Text: s} }
	tests := []struct {
		summary string
		want    []Segment
	}{
		{"", nil},
		{"typo", []Segment{text("typo")}},
		{"/* History */ typo", []Segment{{Section, "History", "History"}, text(" typo")}},
		{"fix /* A */", []Segment{text("fix "), {Section, "A", "A"}}},
		{"see [[B c]].", []Segment{text("see "), {Link, "B c", "B c"}, text(".")}},
		{"[[Special:Contributions/~2026-1|~2026-1]]", []Segment{{Link, "~2026-1", "Special:Contributions/~2026-1"}}},
		{"[[:Category:X]]", []Segment{{Link, "Category:X", ":Category:X"}}},
		{"[[A|]]", []Segment{{Link, "A", "A"}}},
		{"[[]] [[|x]] [[:]] [[a", []Segment{text("[[]] [[|x]] [[:]] [[a")}},
		{"/**/ /* open", []Segment{text("/**/ /* open")}},
		{"[[a<b>]] [[c]]", []Segment{text("[[a<b>]] "), {Link, "c", "c"}}},
		{"/* [[x]] */", []Segment{{Section, "[[x]]", "[[x]]"}}},
		{"/* wbsetlabel-add:1|nl */ station", []Segment{{Kind: Message, Text: "Added [nl] label:"}, text(" station")}},
		{"/* wbsetclaim-create:2||1 */ [[Property:P31]]: [[Q5]]", []Segment{{Kind: Message, Text: "Created claim:"}, text(" "), {Link, "Property:P31", "Property:P31"}, text(": "), {Link, "Q5", "Q5"}}},
		{"/* wbeditentity-update-languages-short:0||de, fr */", []Segment{{Kind: Message, Text: "Changed label, description and/or aliases in de, fr"}}},
		{"/* wbmergeitems-from:0||Q1 */", []Segment{{Kind: Message, Text: "Merged Item from Q1"}}},
		{"/* wbsetlabel-add */", []Segment{{Section, "wbsetlabel-add", "wbsetlabel-add"}}},
		{"/* wbsomething-new:1|x */", []Segment{{Section, "wbsomething-new:1|x", "wbsomething-new:1|x"}}},
		{"1/2 [x]", []Segment{text("1/2 [x]")}},
	}
	for _, tt := range tests {
		if got := AppendSummary(nil, tt.summary); !slices.Equal(got, tt.want) {
			t.Errorf("%q: got %v, want %v", tt.summary, got, tt.want)
		}
	}
}

// FuzzSummaryLosesNothing: plain text stays as it is and in order, and every
// segment shows something.
func FuzzSummaryLosesNothing(f *testing.F) {
	f.Add("/* A */ b [[c|d]] e")
	f.Add("[[a]][[b]]/**//*/*/")
	f.Add("/* wbsetlabel-add:1|nl */ x")
	f.Fuzz(func(t *testing.T, summary string) {
		rest := summary
		for _, s := range AppendSummary(nil, summary) {
			start, end := s.Text, ""
			switch s.Kind {
			case Section, Message:
				start, end = "/*", "*/"
			case Link:
				start, end = "[[", "]]"
			}
			after, ok := strings.CutPrefix(rest, start)
			inside, after, closed := strings.Cut(after, end)
			if s.Text == "" || !ok || !closed || s.Kind != Message && !strings.Contains(start+inside, s.Text) {
				t.Fatalf("%q: segment %q of %q", summary, s.Text, rest)
			}
			rest = after
		}
		if rest != "" {
			t.Fatalf("%q: %q is lost", summary, rest)
		}
	})
}
