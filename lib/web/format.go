package web

import (
	"math"
	"strconv"
	"strings"
	"time"
)

// This file formats figures for the page as it is before its script runs, in the
// same way as static/js/format.js does in the browser.

// whole formats an integer with groups of three digits and a minus sign.
func whole(n float64) string {
	digits := strconv.FormatFloat(math.Abs(math.Round(n)), 'f', 0, 64)
	var b strings.Builder
	if n <= -0.5 {
		b.WriteString("−")
	}
	for i, c := range digits {
		if i > 0 && (len(digits)-i)%3 == 0 {
			b.WriteByte(',')
		}
		b.WriteRune(c)
	}
	return b.String()
}

// signed is like whole, with a plus sign.
func signed(n int64) string {
	if n > 0 {
		return "+" + whole(float64(n))
	}
	return whole(float64(n))
}

// size formats a number of bytes with three digits and an SI unit.
func size(n float64) string {
	units := [...]string{"B", "kB", "MB", "GB", "TB"}
	v, u := math.Abs(n), 0
	for v >= 999.5 && u < len(units)-1 {
		v /= 1000
		u++
	}
	digits := 0
	if u > 0 {
		digits = max(0, 2-int(math.Floor(math.Log10(max(v, 1)))))
	}
	sign := ""
	if n < 0 {
		sign = "−"
	}
	return sign + strconv.FormatFloat(v, 'f', digits, 64) + "\u00a0" + units[u]
}

// percent formats a share with one decimal.
func percent(part float64) string {
	switch {
	case part == 0:
		return "0%"
	case part == 1:
		return "100%"
	case part < 0.001:
		return "<0.1%"
	}
	return strconv.FormatFloat(100*part, 'f', 1, 64) + "%"
}

// Text formats the figure.
func (f figure) Text() string {
	switch f.Kind {
	case bytesKind:
		return size(f.Value)
	case shareKind:
		return percent(f.Value)
	case rateKind:
		if f.Value < 100 {
			return strconv.FormatFloat(f.Value, 'f', 1, 64)
		}
	}
	return whole(f.Value)
}

func clock(ms int64) string { return time.UnixMilli(ms).UTC().Format("15:04:05") }

func iso(ms int64) string { return time.UnixMilli(ms).UTC().Format(time.RFC3339) }

// period formats the times of a window: "24 Nov, 08:25 – 14:27 UTC".
func period(w times) string {
	from, to := time.UnixMilli(w.From).UTC(), time.UnixMilli(w.To).UTC()
	if from.Format(time.DateOnly) == to.Format(time.DateOnly) {
		return from.Format("2 Jan, 15:04") + " – " + to.Format("15:04") + " UTC"
	}
	return from.Format("2 Jan, 15:04") + " – " + to.Format("2 Jan, 15:04") + " UTC"
}
