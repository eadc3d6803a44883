package store

import (
	"strconv"
	"strings"
	"time"
)

// isoLayouts are the layouts of strict_date_optional_time by the length of the part
// before the fraction and the zone.
var isoLayouts = map[int]string{
	len("2006"):                "2006",
	len("2006-01"):             "2006-01",
	len("2006-01-02"):          "2006-01-02",
	len("2006-01-02T15"):       "2006-01-02T15",
	len("2006-01-02T15:04"):    "2006-01-02T15:04",
	len("2006-01-02T15:04:05"): "2006-01-02T15:04:05",
}

func parseISO(s string, roundUp bool, in *time.Location) (int64, bool) {
	if ms, ok := parseUsual(s); ok {
		return ms, true
	}
	stem, zone, ok := cutZone(s, in)
	if !ok {
		return 0, false
	}
	stem, fraction, hasFraction := strings.Cut(strings.Replace(stem, ",", ".", 1), ".")
	if len(stem) == len("2006-01-02T") {
		stem = strings.TrimSuffix(stem, "T")
	}
	layout, ok := isoLayouts[len(stem)]
	if !ok || hasFraction && (len(stem) != len("2006-01-02T15:04:05") || len(fraction) == 0 || len(fraction) > 9) {
		return 0, false
	}
	t, err := time.ParseInLocation(layout, stem, zone)
	if err != nil {
		return 0, false
	}
	ms := t.UnixMilli()
	switch {
	case hasFraction:
		n, err := strconv.ParseUint((fraction + "00")[:3], 10, 16)
		return ms + int64(n), err == nil && strings.Trim(fraction, "0123456789") == ""
	case roundUp:
		ms += openEnd(len(stem))
	}
	return ms, true
}

// openEnd returns the range in milliseconds that a form leaves unspecified. A form
// without a day means the first of the month, as in Elasticsearch.
func openEnd(stem int) int64 {
	open := time.Second
	switch {
	case stem <= len("2006-01-02"):
		open = 24 * time.Hour
	case stem == len("2006-01-02T15"):
		open = time.Hour
	case stem == len("2006-01-02T15:04"):
		open = time.Minute
	}
	return open.Milliseconds() - 1
}

// cutZone cuts the zone (Z, +01, +0100, +01:00) off a date with a time. Without one
// the zone is in; nil means UTC.
func cutZone(s string, in *time.Location) (stem string, zone *time.Location, ok bool) {
	if in == nil {
		in = time.UTC
	}
	if len(s) < len("2006-01-02T15") {
		return s, in, true
	}
	if stem, ok := strings.CutSuffix(s, "Z"); ok {
		return stem, time.UTC, true
	}
	i := strings.LastIndexAny(s, "+-")
	if i < len("2006-01-02T15") {
		return s, in, true
	}
	for _, layout := range []string{"-07:00", "-0700", "-07"} {
		if t, err := time.Parse(layout, s[i:]); err == nil {
			_, seconds := t.Zone()
			return s[:i], time.FixedZone("", seconds), true
		}
	}
	return "", nil, false
}

// parseUsual parses the forms 2006-01-02T15:04:05Z and 2006-01-02T15:04:05.000Z,
// which nearly all documents have, in a tenth of the time.
func parseUsual(s string) (ms int64, ok bool) {
	const form = "0000-00-00T00:00:00.000Z"
	if len(s) != len(form) && len(s) != len(form)-4 || s[len(s)-1] != 'Z' {
		return 0, false
	}
	var n [7]int
	field := 0
	for i := range len(s) - 1 {
		switch c := s[i]; {
		case form[i] == '0' && '0' <= c && c <= '9':
			n[field] = 10*n[field] + int(c-'0')
		case c == form[i]:
			field++
		default:
			return 0, false
		}
	}
	day, hour, minute, sec := n[2], n[3], n[4], n[5]
	if n[1] < 1 || n[1] > 12 || day < 1 || day > 28 || hour > 23 || minute > 59 || sec > 59 {
		return 0, false // the slow path knows the lengths of months
	}
	return daysTo(n[0], n[1], day)*86_400_000 + int64(hour*3600+minute*60+sec)*1000 + int64(n[6]), true
}

// daysTo returns the number of days from 1970-01-01 to a Gregorian date. Years
// begin in March here, so that the leap day is the last.
func daysTo(year, month, day int) int64 {
	if month <= 2 {
		year--
		month += 12
	}
	era := floorDiv(int64(year), 400)
	inEra := int64(year) - era*400
	inYear := int64((153*(month-3)+2)/5 + day - 1)
	return era*146_097 + inEra*365 + inEra/4 - inEra/100 + inYear - 719_468
}

func floorDiv(a, b int64) int64 {
	q := a / b
	if a%b < 0 {
		q--
	}
	return q
}
