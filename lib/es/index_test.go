package es

import (
	"strings"
	"testing"
	"time"

	"github.com/wmtools/wm/lib/event"
)

func TestIndexPatternNames(t *testing.T) {
	late := time.Date(2026, 3, 1, 0, 30, 0, 0, time.FixedZone("", 3600)) // still February in UTC
	tests := []struct{ pattern, event, name, wildcard string }{
		{DefaultIndex, `{"meta":{"stream":"mediawiki.recentchange"}}`, "wm-recentchange-2026.02.28", "wm-*-*.*.*"},
		{DefaultIndex, `{"meta":{"stream":"mediawiki.page_change.v1"}}`, "wm-page_change.v1-2026.02.28", "wm-*-*.*.*"},
		{DefaultIndex, `{"meta":{"stream":"Odd/Näme x"}}`, "wm-odd_n_me_x-2026.02.28", "wm-*-*.*.*"},
		{DefaultIndex, `{"meta":{"topic":"codfw.mediawiki.recentchange"}}`, "wm-recentchange-2026.02.28", "wm-*-*.*.*"},
		{DefaultIndex, `{"meta":{"topic":"eqiad.rdf-streaming-updater.mutation"}}`, "wm-rdf-streaming-updater.mutation-2026.02.28", "wm-*-*.*.*"},
		{"dasa", `{}`, "dasa", "dasa"},
		{"%Y-x", `{}`, "2026-x", "*-x"},
		{"{stream}", `{"meta":{"stream":"test"}}`, "test", "*"},
	}
	for _, tt := range tests {
		p, err := ParseIndexPattern(tt.pattern)
		if err != nil {
			t.Fatal(err)
		}
		got := string(p.appendName(nil, nameOfStream(t, tt.event), late))
		if got != tt.name || p.Wildcard() != tt.wildcard || p.String() != tt.pattern {
			t.Errorf("%s of %s: %q, wildcard %q, text %q", tt.pattern, tt.event, got, p.Wildcard(), p)
		}
		if err := p.Writable(); err != nil {
			t.Errorf("%s: %v", tt.pattern, err)
		}
	}
}

func TestIndexPatternRefuses(t *testing.T) {
	bad := []string{
		"", ".", "..", "-a", "_a", "+a", "Wm", "a b", "a,b", `a\b`, "a/b", "a?b", `a"b`, "a<b", "a>b", "a|b", "a#b", "a:b", "a\x01",
		"wm-%H", "wm-{wiki}", "wm-%", "wm-{stream", strings.Repeat("a", 256),
	}
	for _, text := range bad {
		if p, err := ParseIndexPattern(text); err == nil {
			t.Errorf("%q: accepted as %q", text, p)
		}
	}
}

func TestIndexPatternOfReader(t *testing.T) {
	p, err := ParseIndexPattern("wm-*")
	if err != nil || p.Wildcard() != "wm-*" {
		t.Fatalf("%q, %v", p.Wildcard(), err)
	}
	if p.Writable() == nil {
		t.Error("a pattern with * is writable")
	}
}

func TestIndexPatternDay(t *testing.T) {
	for _, tt := range []struct{ pattern, name, day string }{
		{DefaultIndex, "wm-recentchange-2026.11.23", "2026-11-23"},
		{DefaultIndex, "wm-page_change.v1-2026.11.23", "2026-11-23"},
		{DefaultIndex, "wm-recentchange-2026.11.23-old", ""},
		{DefaultIndex, "wm-recentchange-2026.13.23", ""},
		{DefaultIndex, "wm-recentchange-2026.02.30", ""},
		{DefaultIndex, "wm-recentchange", ""},
		{DefaultIndex, "other-recentchange-2026.11.23", ""},
		{"x%d%m%Y", "x23112026", "2026-11-23"},
		{"wm-%Y.%m", "wm-2026.11", ""},
		{"all", "all", ""},
	} {
		day, ok := mustPattern(t, tt.pattern).Day(tt.name)
		if got := day.Format("2006-01-02"); ok != (tt.day != "") || ok && got != tt.day {
			t.Errorf("%s of %s: %s, %v, want %q", tt.name, tt.pattern, got, ok, tt.day)
		}
	}
	if !mustPattern(t, DefaultIndex).Daily() || mustPattern(t, "wm-%Y.%m").Daily() {
		t.Error("Daily is wrong")
	}
}

func nameOfStream(t *testing.T, line string) string {
	t.Helper()
	var s event.Scanned
	if err := s.Scan([]byte(line)); err != nil {
		t.Fatal(err)
	}
	return streamName(&s)
}
