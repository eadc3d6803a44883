package es

import (
	"strings"
	"testing"
	"time"
)

func mustPattern(t testing.TB, text string) IndexPattern {
	t.Helper()
	p, err := ParseIndexPattern(text)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func TestIndexPatternNames(t *testing.T) {
	late := time.Date(2026, 3, 1, 0, 30, 0, 0, time.FixedZone("", 3600)) // still February in UTC
	tests := []struct{ pattern, stream, name, wildcard string }{
		{DefaultIndex, "recentchange", "wm-recentchange-2026.02.28", "wm-*-*.*.*"},
		{DefaultIndex, "page_change.v1", "wm-page_change.v1-2026.02.28", "wm-*-*.*.*"},
		{DefaultIndex, "Odd/Näme x", "wm-odd_n_me_x-2026.02.28", "wm-*-*.*.*"},
		{DefaultIndex, ".hidden", "wm-hidden-2026.02.28", "wm-*-*.*.*"},
		{DefaultIndex, "-_.a.", "wm-a.-2026.02.28", "wm-*-*.*.*"},
		{DefaultIndex, "", "", "wm-*-*.*.*"},
		{DefaultIndex, "_.-/", "", "wm-*-*.*.*"},
		{DefaultIndex, strings.Repeat("a", 300), "", "wm-*-*.*.*"},
		{"dasa", "", "dasa", "dasa"},
		{"%Y-x", "", "2026-x", "*-x"},
		{"{stream}", "test", "test", "*"},
	}
	for _, tt := range tests {
		p := mustPattern(t, tt.pattern)
		got, ok := p.AppendName(nil, tt.stream, late)
		if ok != (tt.name != "") || ok && string(got) != tt.name || p.Wildcard() != tt.wildcard || p.String() != tt.pattern {
			t.Errorf("%s of %q: %q, %v, wildcard %q, text %q", tt.pattern, tt.stream, got, ok, p.Wildcard(), p)
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
