package web

import (
	"strconv"
	"time"

	"github.com/wmtools/wm/lib/event"
)

// span is a range up to now that the page offers.
type span struct {
	Value, Label string // "6h", "6 hours"
	length       time.Duration
}

// spans are the ranges that the page offers, the shortest first. An address may have any
// other.
var spans = []span{
	{"15m", "15 minutes", 15 * time.Minute},
	{"1h", "1 hour", time.Hour},
	{"6h", "6 hours", 6 * time.Hour},
	{"24h", "24 hours", 24 * time.Hour},
	{"3d", "3 days", 3 * 24 * time.Hour},
	{"7d", "7 days", 7 * 24 * time.Hour},
	{"30d", "30 days", 30 * 24 * time.Hour},
}

// The shortest range up to now, and the longest of any range.
const (
	shortest = time.Minute
	longest  = 10 * 366 * 24 * time.Hour
)

// parseSpan reads a range as the query language writes durations.
func parseSpan(text string) (time.Duration, error) {
	length, err := event.ParseDuration(text)
	if err != nil || length < shortest || length > longest {
		return 0, bad("range", "%q is not a range", text).hint("write it like 15m, 6h, 1d12h or 4w, from 1m to 520w, or give from and to")
	}
	return length.Truncate(time.Second), nil
}

// spanValue returns a length as an address has it: "90m".
func spanValue(length time.Duration) string {
	for _, s := range spans {
		if s.length == length {
			return s.Value
		}
	}
	n, unit := inUnits(length)
	return strconv.FormatInt(n, 10) + unit[:1]
}

// spanLabel returns a length in words: "90 minutes".
func spanLabel(length time.Duration) string {
	for _, s := range spans {
		if s.length == length {
			return s.Label
		}
	}
	n, unit := inUnits(length)
	if n != 1 {
		unit += "s"
	}
	return strconv.FormatInt(n, 10) + " " + unit
}

// inUnits returns a length of whole seconds in the largest unit that divides it.
func inUnits(length time.Duration) (n int64, unit string) {
	for _, u := range []struct {
		name string
		size time.Duration
	}{{"day", 24 * time.Hour}, {"hour", time.Hour}, {"minute", time.Minute}} {
		if length%u.size == 0 {
			return int64(length / u.size), u.name
		}
	}
	return int64(length / time.Second), "second"
}
