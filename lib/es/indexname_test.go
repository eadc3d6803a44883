package es

import (
	"testing"
	"time"
)

// Only names that a pattern could have made are its own.
func TestIndexPatternReadsNames(t *testing.T) {
	const no = "no"
	tests := []struct{ pattern, name, day string }{
		{DefaultIndex, "wm-recentchange-2026.11.01", "2026-11-01"},
		{DefaultIndex, "wm-page_change.v1-2026.12.31", "2026-12-31"},
		{DefaultIndex, "wm-rdf-streaming-updater.mutation-2024.02.29", "2024-02-29"},
		{DefaultIndex, "wm-a-2026.11.01-2026.11.02", "2026-11-02"}, // of a stream with an odd name
		{DefaultIndex, "wm-recentchange-2026.02.29", no},
		{DefaultIndex, "wm-recentchange-2026.13.01", no},
		{DefaultIndex, "wm-recentchange-2026.00.10", no},
		{DefaultIndex, "wm-recentchange-2026.11.1", no},
		{DefaultIndex, "wm-recentchange-2026.11.01-old", no},
		{DefaultIndex, "wm-recentchange-2026x11.01", no},
		{DefaultIndex, "xwm-recentchange-2026.11.01", no},
		{DefaultIndex, "wm--2026.11.01", no},
		{DefaultIndex, "wm-2026.11.01", no},
		{"%Y-%Y.%m.%d", "2026-2026.11.01", "2026-11-01"},
		{"%Y-%Y.%m.%d", "2025-2026.11.01", no},
		{"wm-{stream}-%Y.%m", "wm-recentchange-2026.12", ""},
		{"%Y", "2026", ""},
		{"%Y", "accounts", no},
		{"{stream}", "recentchange", ""},
		{"{stream}", ".security-7", no},
		{"wm-%d.%m", "wm-01.11", ""},
		{"dasa", "dasa", ""},
		{"dasa", "dasa2", no},
		{"a.b", "axb", no},
	}
	for _, tt := range tests {
		p := mustPattern(t, tt.pattern)
		got := no
		if p.Makes(tt.name) {
			got = ""
		}
		if day, ok := p.Day(tt.name); ok {
			got = day.Format(time.DateOnly)
		}
		if got != tt.day {
			t.Errorf("%s of %s: %q, want %q", tt.name, tt.pattern, got, tt.day)
		}
	}
}
