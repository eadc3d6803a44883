package store

import (
	"fmt"
	"strconv"
	"strings"
	"time"
)

// A Format is how a date is written: one or several of Elasticsearch's names
// joined by "||", tried in order when a date is read; the first writes.
type Format struct {
	names string
	kinds []dateKind
}

type dateKind int

const (
	isoDate dateKind = iota
	epochMillis
	epochSecond
)

var dateKinds = map[string]dateKind{
	"strict_date_optional_time":       isoDate,
	"strict_date_optional_time_nanos": isoDate,
	"epoch_millis":                    epochMillis,
	"epoch_second":                    epochSecond,
}

// defaultFormat is that of a date field that names none.
var defaultFormat = Format{"strict_date_optional_time||epoch_millis", []dateKind{isoDate, epochMillis}}

// millis is the format of numbers that come with none.
var millis = Format{"epoch_millis", []dateKind{epochMillis}}

// ParseFormat reads the name of a format; the empty name is the zero Format,
// which stands for the field's own.
func ParseFormat(names string) (Format, error) {
	f := Format{names: names}
	if names == "" {
		return f, nil
	}
	for name := range strings.SplitSeq(names, "||") {
		kind, ok := dateKinds[name]
		if !ok {
			return Format{}, refuse(BadArgument, "Invalid format: [%s]: unknown here; known are strict_date_optional_time, epoch_millis, epoch_second", names)
		}
		f.kinds = append(f.kinds, kind)
	}
	return f, nil
}

func (f Format) or(field Format) Format {
	if f.names == "" {
		return field
	}
	return f
}

// format writes a time given in milliseconds.
func (f Format) format(ms int64) string {
	switch f.kinds[0] {
	case epochMillis:
		return strconv.FormatInt(ms, 10)
	case epochSecond:
		s := strconv.FormatFloat(float64(ms)/1000, 'f', -1, 64)
		return s
	}
	return time.UnixMilli(ms).UTC().Format("2006-01-02T15:04:05.000Z07:00")
}

// parse reads a date as milliseconds; roundUp puts what a shorter form leaves
// out at its end rather than its beginning.
func (f Format) parse(s string, roundUp bool) (int64, error) {
	for _, kind := range f.kinds {
		var ms int64
		var ok bool
		switch kind {
		case isoDate:
			ms, ok = parseISO(s, roundUp)
		case epochMillis:
			ms, ok = parseDecimal(s, 0)
		case epochSecond:
			ms, ok = parseDecimal(s, 3)
		}
		if ok {
			return ms, nil
		}
	}
	err := fmt.Errorf("failed to parse date field [%s] with format [%s]", s, f.names)
	if strings.HasPrefix(s, "now") || strings.Contains(s, "||") {
		err = fmt.Errorf("%w: date math is not supported here", err)
	}
	return 0, err
}

// parseDecimal reads a decimal number times 10^shift, dropping what is left
// behind the point.
func parseDecimal(s string, shift int) (int64, bool) {
	whole, fraction, _ := strings.Cut(s, ".")
	if strings.Trim(fraction, "0123456789") != "" || strings.HasPrefix(whole, "+") {
		return 0, false
	}
	fraction = (fraction + "000")[:shift]
	n, err := strconv.ParseInt(whole+fraction, 10, 64)
	return n, err == nil
}

// isoLayouts are the forms of strict_date_optional_time by length of the part
// before the fraction and the zone.
var isoLayouts = map[int]string{
	len("2006"):                "2006",
	len("2006-01"):             "2006-01",
	len("2006-01-02"):          "2006-01-02",
	len("2006-01-02T15"):       "2006-01-02T15",
	len("2006-01-02T15:04"):    "2006-01-02T15:04",
	len("2006-01-02T15:04:05"): "2006-01-02T15:04:05",
}

func parseISO(s string, roundUp bool) (int64, bool) {
	stem, zone, ok := cutZone(s)
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
	t, err := time.Parse(layout, stem)
	if err != nil {
		return 0, false
	}
	ms := t.UnixMilli() - zone.Milliseconds()
	switch {
	case hasFraction:
		n, err := strconv.ParseUint((fraction + "00")[:3], 10, 16)
		return ms + int64(n), err == nil && strings.Trim(fraction, "0123456789") == ""
	case roundUp:
		ms += openEnd(len(stem))
	}
	return ms, true
}

// openEnd is how many milliseconds a form leaves open. A form without a day
// means the first of the month, as Elasticsearch has it.
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

// cutZone takes the zone (Z, +01, +0100, +01:00) from a date with a time.
func cutZone(s string) (stem string, offset time.Duration, ok bool) {
	if len(s) < len("2006-01-02T15") {
		return s, 0, true
	}
	if stem, ok := strings.CutSuffix(s, "Z"); ok {
		return stem, 0, true
	}
	i := strings.LastIndexAny(s, "+-")
	if i < len("2006-01-02T15") {
		return s, 0, true
	}
	for _, layout := range []string{"-07:00", "-0700", "-07"} {
		if t, err := time.Parse(layout, s[i:]); err == nil {
			_, seconds := t.Zone()
			return s[:i], time.Duration(seconds) * time.Second, true
		}
	}
	return "", 0, false
}
