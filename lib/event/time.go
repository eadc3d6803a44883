package event

import (
	"fmt"
	"strconv"
	"time"
)

// ParseTime reads a time as users write it: RFC 3339, a date (00:00 UTC), a
// duration such as "2h", "90m" or "1d12h" (so long before now), or "now".
// Numbers alone are refused: seconds, milliseconds and compact dates look alike.
func ParseTime(text string, now time.Time) (time.Time, error) {
	if text == "now" {
		return now, nil
	}
	for _, form := range [...]string{time.RFC3339Nano, time.DateOnly} {
		if t, err := time.Parse(form, text); err == nil {
			return t, nil
		}
	}
	if ago, ok := parseDuration(text); ok {
		return now.Add(-ago), nil
	}
	return time.Time{}, WithHint(fmt.Errorf("not a time: %q", text), timeHint(text))
}

// timeHint says how a time is written; a number that may be Unix time it puts
// into the form that it should have.
func timeHint(text string) string {
	const forms = "write 2026-01-31T12:00:00Z, 2026-01-31, 2h (ago) or now"
	n, err := strconv.ParseInt(text, 10, 64)
	switch {
	case err != nil:
		return forms
	case len(text) == 8:
		if t, err := time.Parse("20060102", text); err == nil {
			return forms + "; did you mean " + t.Format(time.DateOnly) + "?"
		}
	case len(text) == 10:
		return forms + "; did you mean " + time.Unix(n, 0).UTC().Format(time.RFC3339) + "?"
	case len(text) == 13:
		return forms + "; did you mean " + time.UnixMilli(n).UTC().Format("2006-01-02T15:04:05.000Z") + "?"
	}
	return forms
}

// ParseDuration reads a length of time as users write it: "90m", "1d12h", "1w".
func ParseDuration(text string) (time.Duration, error) {
	d, ok := parseDuration(text)
	if !ok {
		return 0, WithHint(fmt.Errorf("not a length of time: %q", text), "write 10m, 1h, 1d or 1d12h")
	}
	return d, nil
}

// parseDuration reads what time.ParseDuration does, with days and weeks in front.
func parseDuration(text string) (time.Duration, bool) {
	var sum time.Duration
	for _, unit := range [...]struct {
		name byte
		size time.Duration
	}{{'w', 7 * 24 * time.Hour}, {'d', 24 * time.Hour}} {
		n := 0
		for n < len(text) && text[n] >= '0' && text[n] <= '9' {
			n++
		}
		if n == 0 || n == len(text) || text[n] != unit.name {
			continue
		}
		count, err := strconv.Atoi(text[:n])
		if err != nil || count > 100_000 {
			return 0, false // several lifetimes
		}
		sum += time.Duration(count) * unit.size
		if text = text[n+1:]; text == "" {
			return sum, true
		}
	}
	rest, err := time.ParseDuration(text)
	if err != nil || rest < 0 || text == "0" {
		return 0, false
	}
	return sum + rest, true
}
