package store

import (
	"strings"
	"testing"
)

func TestNames(t *testing.T) {
	for _, name := range []string{"a", "wm-recentchange-2026.11.23", "вики", "a%2f", ".hidden", "con"} {
		if err := checkName(name); err != nil {
			t.Errorf("%q: %v", name, err)
		}
		if got, ok := indexName(fileName(name)); !ok || got != name {
			t.Errorf("%q -> %q -> %q", name, fileName(name), got)
		}
	}
	for _, name := range []string{"", ".", "..", "A", "_a", "-a", "+a", "a b", "a*", "a/b", `a\b`, "a,b", "a#", "a:b", strings.Repeat("a", 300)} {
		if checkName(name) == nil {
			t.Errorf("%q is a name", name)
		}
	}
	for _, file := range []string{"catalog.sqlite", "index-a.sqlite-wal", "index-%61.sqlite", "index-a"} {
		if name, ok := indexName(file); ok {
			t.Errorf("%s is taken for the index %s", file, name)
		}
	}
}

func TestWildcards(t *testing.T) {
	tests := []struct {
		pattern, name string
		want          bool
	}{
		{"a", "a", true}, {"a", "ab", false}, {"*", "", true}, {"a*", "a", true}, {"a*b", "ab", true}, {"a*a", "a", false},
		{"a*b*c", "a-b-b-c", true}, {"a*b*c", "acb", false}, {"**", "x", true}, {"*a*", "bab", true}, {"*a*b", "ba", false},
	}
	for _, tt := range tests {
		if got := wildcard(tt.pattern, tt.name); got != tt.want {
			t.Errorf("wildcard(%q, %q) = %v", tt.pattern, tt.name, got)
		}
		if got := overlap(tt.pattern, tt.name); got != tt.want { // a name is a pattern that matches only itself
			t.Errorf("overlap(%q, %q) = %v", tt.pattern, tt.name, got)
		}
	}
	if !overlap("a*", "*b") || overlap("a*b", "b*") || !overlap("*a*", "*b*") || overlap("ab*c", "ad*c") {
		t.Error("overlap of two patterns")
	}
	overlap(strings.Repeat("*a", 2000), strings.Repeat("*b", 2000)) // must not take exponential time
}
