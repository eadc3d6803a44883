package event_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/wmtools/wm/lib/event"
)

func TestParseTime(t *testing.T) {
	now := time.Date(2026, 11, 24, 12, 0, 0, 0, time.UTC)
	for text, want := range map[string]string{
		"now":                       "2026-11-24T12:00:00Z",
		"2h":                        "2026-11-24T10:00:00Z",
		"90m":                       "2026-11-24T10:30:00Z",
		"1d12h":                     "2026-11-23T00:00:00Z",
		"2w":                        "2026-11-10T12:00:00Z",
		"1w1d":                      "2026-11-16T12:00:00Z",
		"1.5h":                      "2026-11-24T10:30:00Z",
		"2026-11-01":                "2026-11-01T00:00:00Z",
		"2026-11-01T10:20:30+02:00": "2026-11-01T08:20:30Z",
		"2026-11-01T10:20:30.125Z":  "2026-11-01T10:20:30.125Z",
	} {
		got, err := event.ParseTime(text, now)
		if err != nil || got.UTC().Format(time.RFC3339Nano) != want {
			t.Errorf("%q: %v, error %v, want %s", text, got, err, want)
		}
	}
	for text, hint := range map[string]string{
		"":              "write 2026-01-31",
		"yesterday":     "write 2026-01-31",
		"-2h":           "write 2026-01-31",
		"0":             "write 2026-01-31",
		"2026-02-30":    "write 2026-01-31",
		"1724299342":    "did you mean 2024-08-22T04:02:22Z?",
		"1724299342125": "did you mean 2024-08-22T04:02:22.125Z?",
		"20250107":      "did you mean 2025-01-07?",
		"99999999999d":  "write 2026-01-31",
		"1d1w":          "write 2026-01-31",
	} {
		_, err := event.ParseTime(text, now)
		if h, ok := errors.AsType[*event.Hint](err); !ok || !strings.Contains(h.Hint(), hint) {
			t.Errorf("%q: error %v, want the hint %q", text, err, hint)
		}
	}
}

func TestParseSize(t *testing.T) {
	for text, want := range map[string]int64{
		"0": 0, "100": 100, "16MiB": 16 << 20, "16mib": 16 << 20, "5MB": 5e6, "512 KiB": 512 << 10, "1g": 1 << 30, "7b": 7,
		"9223372036854775807": 1<<63 - 1,
	} {
		if got, err := event.ParseSize(text); err != nil || got != want {
			t.Errorf("%q: %d, error %v, want %d", text, got, err, want)
		}
	}
	for _, text := range []string{"", "MiB", "-1", "1.5MiB", "9223372036854775808", "9007199254740992k", "1TiB", "0x10"} {
		if got, err := event.ParseSize(text); err == nil {
			t.Errorf("%q is taken for %d", text, got)
		}
	}
}

// Every duration, sum and time that a user can write is bounded: none wraps
// around into the future.
func TestTimeBounds(t *testing.T) {
	now := time.Date(2026, 11, 24, 12, 0, 0, 0, time.UTC)
	for _, text := range []string{"20000w", "5218w", "5214w400d", "36501d", "5000w20000d", "2562047h47m", "106751d24h", "99999999999999999999w",
		"10000-01-01", "10000-01-01T00:00:00Z", "9999-12-31T23:59:59-01:00", "0000-01-01", "0001-01-01T00:00:00+01:00"} {
		if got, err := event.ParseTime(text, now); err == nil {
			t.Errorf("time %q is taken for %v", text, got)
		}
		if got, err := event.ParseDuration(text); err == nil {
			t.Errorf("duration %q is taken for %v", text, got)
		}
	}
	for text, want := range map[string]time.Duration{"5214w2d": 36500 * 24 * time.Hour, "876000h": 36500 * 24 * time.Hour, "0s": 0, "1d": 24 * time.Hour} {
		if got, err := event.ParseDuration(text); err != nil || got != want {
			t.Errorf("%q: %v, error %v, want %v", text, got, err, want)
		}
	}
}

func TestAppendTimestamp(t *testing.T) {
	for _, at := range []time.Time{
		time.Unix(0, 0), time.UnixMilli(1795428000007), time.Date(987, 12, 31, 23, 59, 59, 999_999_999, time.FixedZone("", 3600)),
	} {
		if got, want := string(event.AppendTimestamp(nil, at)), at.UTC().Format(event.TimestampLayout); got != want {
			t.Errorf("%s, want %s", got, want)
		}
	}
}
