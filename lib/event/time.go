package event

import (
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"
)

// ParseTime reads a time as users write it: RFC 3339, a date (00:00 UTC), a
// duration such as "2h", "90m" or "1d12h" (that long before now), or "now". It
// rejects numbers: seconds, milliseconds and compact dates look alike. The
// result is in the years 1 to 9999.
func ParseTime(text string, now time.Time) (time.Time, error) {
	if text == "now" {
		return now, nil
	}
	for _, layout := range [...]string{time.RFC3339Nano, time.DateOnly} {
		if t, err := time.Parse(layout, text); err == nil {
			return inRange(text, t)
		}
	}
	if ago, ok := parseDuration(text); ok {
		return inRange(text, now.Add(-ago))
	}
	return time.Time{}, WithHint(fmt.Errorf("not a time: %q", text), timeHint(text))
}

// inRange returns t, the time that text denotes, if its year has four digits.
func inRange(text string, t time.Time) (time.Time, error) {
	if y := t.UTC().Year(); y < 1 || y > 9999 {
		return time.Time{}, WithHint(fmt.Errorf("time out of range: %q", text), "use a time in the years 1 to 9999")
	}
	return t, nil
}

// timeHint says how to write a time. It rewrites a number that may be a Unix
// time or a compact date.
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
		return forms + "; did you mean " + time.UnixMilli(n).UTC().Format(TimestampLayout) + "?"
	}
	return forms
}

// maxDuration is the longest duration that a user can write: 100 years. Sums
// and differences with it and the times of ParseTime do not overflow.
const maxDuration = 100 * 365 * 24 * time.Hour

// ParseDuration reads a duration as users write it: "90m", "1d12h", "1w". It is
// not negative and at most 100 years.
func ParseDuration(text string) (time.Duration, error) {
	if text == "0" {
		return 0, nil
	}
	d, ok := parseDuration(text)
	if !ok {
		return 0, WithHint(fmt.Errorf("not a duration: %q", text), "write 10m, 1h, 1d or 1d12h, at most 5200w")
	}
	return d, nil
}

// FormatDuration formats a duration, rounded to seconds, so that ParseDuration can
// read it: "2h5m", or rounded to minutes "12d7h" from two days on.
func FormatDuration(d time.Duration) string {
	const day = 24 * time.Hour
	text := ""
	if d = d.Round(time.Second); d >= 2*day {
		d = d.Round(time.Minute)
		text = fmt.Sprintf("%dd", d/day)
		if d %= day; d == 0 {
			return text
		}
	}
	rest := d.String()
	if strings.HasSuffix(rest, "m0s") {
		rest = strings.TrimSuffix(rest, "0s")
	}
	if strings.HasSuffix(rest, "h0m") {
		rest = strings.TrimSuffix(rest, "0m")
	}
	return text + rest
}

// parseDuration reads what time.ParseDuration does, after optional weeks and
// days.
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
		count, err := strconv.ParseInt(text[:n], 10, 64)
		if err != nil || count > int64(maxDuration/unit.size) {
			return 0, false
		}
		sum += time.Duration(count) * unit.size
		if text = text[n+1:]; text == "" {
			return sum, sum <= maxDuration
		}
	}
	rest, err := time.ParseDuration(text)
	if err != nil || rest < 0 || text == "0" || rest > math.MaxInt64-sum {
		return 0, false
	}
	return sum + rest, sum+rest <= maxDuration
}
