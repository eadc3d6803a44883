package es

import (
	"testing"
	"time"
)

// Only names that a pattern can make are its own, and they contain the period of
// their events.
func TestIndexPatternReadsNames(t *testing.T) {
	const no = "no"
	tests := []struct{ pattern, name, period string }{
		{DefaultIndex, "wm-recentchange-2026.11.01", "2026-11-01 2026-11-02"},
		{DefaultIndex, "wm-page_change.v1-2026.12.31", "2026-12-31 2027-01-01"},
		{DefaultIndex, "wm-rdf-streaming-updater.mutation-2024.02.29", "2024-02-29 2024-03-01"},
		{DefaultIndex, "wm-a-2026.11.01-2026.11.02", "2026-11-02 2026-11-03"}, // of a stream with an odd name
		{DefaultIndex, "wm-.hidden-2026.11.01", "2026-11-01 2026-11-02"},      // made by an earlier version
		{DefaultIndex, "wm-recentchange-2026.02.29", no},
		{DefaultIndex, "wm-recentchange-2026.13.01", no},
		{DefaultIndex, "wm-recentchange-2026.00.10", no},
		{DefaultIndex, "wm-recentchange-2026.11.1", no},
		{DefaultIndex, "wm-recentchange-2026.11.01-old", no},
		{DefaultIndex, "wm-recentchange-2026x11.01", no},
		{DefaultIndex, "xwm-recentchange-2026.11.01", no},
		{DefaultIndex, "wm--2026.11.01", no},
		{DefaultIndex, "wm-2026.11.01", no},
		{DefaultIndex, "wm-recentchange", no},
		{"x%d%m%Y", "x23112026", "2026-11-23 2026-11-24"},
		{"%Y-%Y.%m.%d", "2026-2026.11.01", "2026-11-01 2026-11-02"},
		{"%Y-%Y.%m.%d", "2025-2026.11.01", no},
		{"wm-{stream}-%Y.%m", "wm-recentchange-2026.12", "2026-12-01 2027-01-01"},
		{"wm-{stream}-%Y.%m", "wm-recentchange-2026.13", no},
		{"%Y", "2026", "2026-01-01 2027-01-01"},
		{"%Y", "accounts", no},
		{"{stream}", "recentchange", ""},
		{"{stream}", ".security-7", no},
		{"wm-%d.%m", "wm-01.11", ""},
		{"wm-%Y-%d", "wm-2026-01", ""},
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
		from, to, ok := p.Period(tt.name)
		if ok {
			got = from.Format(time.DateOnly) + " " + to.Format(time.DateOnly)
		}
		if got != tt.period || ok && !p.Dated() {
			t.Errorf("%s of %s: %q, want %q", tt.name, tt.pattern, got, tt.period)
		}
	}
}
