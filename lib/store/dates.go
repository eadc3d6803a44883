package store

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
)

// A Format is the format of a date: one or more of Elasticsearch's names, or
// patterns such as "yyyy-MM-dd HH:mm:ss", joined by "||". They are tried in order
// to parse a date; the first one formats it.
type Format struct {
	names string
	forms []dateForm
}

// dateForm is one of the alternatives of a Format.
type dateForm struct {
	kind   dateKind
	layout string        // of a pattern, as package time has it
	open   time.Duration // the range that the pattern leaves unspecified
}

type dateKind int

const (
	isoDate dateKind = iota
	epochMillis
	epochSecond
	patternDate
)

var dateKinds = map[string]dateKind{
	"strict_date_optional_time":       isoDate,
	"strict_date_optional_time_nanos": isoDate,
	"date_optional_time":              isoDate,
	"iso8601":                         isoDate,
	"epoch_millis":                    epochMillis,
	"epoch_second":                    epochSecond,
}

// datePatterns are the patterns that have names; each name also exists with the
// prefix "strict_".
var datePatterns = map[string]string{
	"date":                    "yyyy-MM-dd",
	"basic_date":              "yyyyMMdd",
	"date_time":               "yyyy-MM-dd'T'HH:mm:ss.SSSXXX",
	"date_time_no_millis":     "yyyy-MM-dd'T'HH:mm:ssXXX",
	"date_hour_minute_second": "yyyy-MM-dd'T'HH:mm:ss",
	"date_hour_minute":        "yyyy-MM-dd'T'HH:mm",
	"year_month":              "yyyy-MM",
	"year":                    "yyyy",
}

// defaultFormat is the format of a date field without one.
var defaultFormat = Format{"strict_date_optional_time||epoch_millis", []dateForm{{kind: isoDate}, {kind: epochMillis}}}

// millis is the format of numbers without one.
var millis = Format{"epoch_millis", []dateForm{{kind: epochMillis}}}

// ParseFormat parses the name of a format. The empty name is the zero Format, which
// means the field's own.
func ParseFormat(names string) (Format, error) {
	f := Format{names: names}
	if names == "" {
		return f, nil
	}
	for name := range strings.SplitSeq(names, "||") {
		form, ok := parseForm(name)
		if !ok {
			return Format{}, refuse(BadArgument, "Invalid format: [%s]: unknown date format", names)
		}
		f.forms = append(f.forms, form)
	}
	return f, nil
}

func parseForm(name string) (dateForm, bool) {
	if kind, ok := dateKinds[name]; ok {
		return dateForm{kind: kind}, true
	}
	if pattern, ok := datePatterns[strings.TrimPrefix(name, "strict_")]; ok {
		name = pattern
	}
	return parsePattern(name)
}

// patternLetters are the runs of letters that a pattern may contain, each with its
// layout in package time and the range that is unspecified if nothing smaller
// follows.
var patternLetters = map[string]struct {
	layout string
	open   time.Duration
}{
	"yyyy": {"2006", 24 * time.Hour}, "uuuu": {"2006", 24 * time.Hour}, "yy": {"06", 24 * time.Hour},
	"MM": {"01", 24 * time.Hour}, "M": {"1", 24 * time.Hour}, "MMM": {"Jan", 24 * time.Hour}, "MMMM": {"January", 24 * time.Hour},
	"dd": {"02", 24 * time.Hour}, "d": {"2", 24 * time.Hour}, "EEE": {"Mon", 24 * time.Hour}, "EEEE": {"Monday", 24 * time.Hour},
	"HH": {"15", time.Hour}, "hh": {"03", time.Hour}, "a": {"PM", time.Hour},
	"mm": {"04", time.Minute}, "ss": {"05", time.Second}, "SSS": {"000", time.Millisecond},
	"X": {"Z07", 24 * time.Hour}, "XX": {"Z0700", 24 * time.Hour}, "XXX": {"Z07:00", 24 * time.Hour},
	"Z": {"-0700", 24 * time.Hour}, "xx": {"-0700", 24 * time.Hour}, "xxx": {"-07:00", 24 * time.Hour},
}

// parsePattern parses a pattern of Java's DateTimeFormatter.
func parsePattern(pattern string) (dateForm, bool) {
	form := dateForm{kind: patternDate, open: 24 * time.Hour}
	for pattern != "" {
		n := 1
		for n < len(pattern) && pattern[n] == pattern[0] {
			n++
		}
		switch c := pattern[0]; {
		case 'a' <= c|0x20 && c|0x20 <= 'z':
			l, ok := patternLetters[pattern[:n]]
			if !ok || l.layout == "000" && !strings.HasSuffix(form.layout, ".") && !strings.HasSuffix(form.layout, ",") {
				return form, false
			}
			form.layout += l.layout
			form.open = min(form.open, l.open)
		case c == '\'':
			end := strings.IndexByte(pattern[1:], '\'')
			if end < 0 {
				return form, false
			}
			form.layout += pattern[1 : 1+end]
			n = end + 2
		case '0' <= c && c <= '9':
			return form, false
		default:
			form.layout += pattern[:n]
		}
		pattern = pattern[n:]
	}
	return form, form.layout != ""
}

func (f Format) or(field Format) Format {
	if f.names == "" {
		return field
	}
	return f
}

// format formats a time in milliseconds since 1970. A nil zone means UTC.
func (f Format) format(ms int64, zone *time.Location) string {
	if zone == nil {
		zone = time.UTC
	}
	switch form := f.forms[0]; form.kind {
	case epochMillis:
		return strconv.FormatInt(ms, 10)
	case epochSecond:
		return strconv.FormatFloat(float64(ms)/1000, 'f', -1, 64)
	case patternDate:
		return time.UnixMilli(ms).In(zone).Format(form.layout)
	}
	return time.UnixMilli(ms).In(zone).Format("2006-01-02T15:04:05.000Z07:00")
}

// parse returns a date in milliseconds since 1970.
func (f Format) parse(s string) (int64, error) { return f.parseIn(s, false, nil) }

// parseIn returns a date in milliseconds since 1970. For a date with unspecified
// parts it returns the start of the range, or with roundUp the end. A date without
// a zone is in zone; nil means UTC.
func (f Format) parseIn(s string, roundUp bool, zone *time.Location) (int64, error) {
	for _, form := range f.forms {
		var ms int64
		var ok bool
		switch form.kind {
		case isoDate:
			ms, ok = parseISO(s, roundUp, zone)
		case epochMillis:
			ms, ok = parseDecimal(s, 0)
		case epochSecond:
			ms, ok = parseDecimal(s, 3)
		case patternDate:
			ms, ok = form.parse(s, roundUp, zone)
		}
		if ok {
			return ms, nil
		}
	}
	return 0, fmt.Errorf("failed to parse date field [%s] with format [%s]", s, f.names)
}

func (form dateForm) parse(s string, roundUp bool, zone *time.Location) (int64, bool) {
	if zone == nil {
		zone = time.UTC
	}
	t, err := time.ParseInLocation(form.layout, s, zone)
	ms := t.UnixMilli()
	if roundUp {
		ms += form.open.Milliseconds() - 1
	}
	return ms, err == nil
}

// math parses a date or a date math expression: "now" or a date and "||", followed
// by steps such as +1d, -3h and /M, which rounds.
func (f Format) math(s string, now time.Time, roundUp bool, zone *time.Location) (int64, error) {
	if zone == nil {
		zone = time.UTC
	}
	t := now
	rest, isNow := strings.CutPrefix(s, "now")
	if !isNow {
		date, steps, isMath := strings.Cut(s, "||")
		ms, err := f.parseIn(date, roundUp && !isMath, zone)
		if err != nil || !isMath {
			return ms, err
		}
		t, rest = time.UnixMilli(ms), steps
	}
	t = t.In(zone)
	for rest != "" {
		var ok bool
		if t, rest, ok = dateStep(t, rest, roundUp); !ok {
			return 0, fmt.Errorf("failed to parse date field [%s] with format [%s]: [%s] is not date math", s, f.names, rest)
		}
	}
	return t.UnixMilli(), nil
}

// dateStep applies the first step of a date expression.
func dateStep(t time.Time, s string, roundUp bool) (out time.Time, rest string, ok bool) {
	op := s[0]
	digits := s[1:]
	end := strings.IndexFunc(digits, func(r rune) bool { return r < '0' || r > '9' })
	if end < 0 || !slices.Contains([]byte("+-/"), op) || op == '/' && end > 0 {
		return t, s, false
	}
	n := 1
	if end > 0 {
		var err error
		if n, err = strconv.Atoi(digits[:end]); err != nil || n > 1e6 {
			return t, s, false
		}
	}
	unit, known := dateUnits[digits[end]]
	switch {
	case !known:
		return t, s, false
	case op == '/':
		start := unit.floor(t)
		if roundUp {
			start = addUnits(start, unit, 1).Add(-time.Millisecond)
		}
		return start, digits[end+1:], true
	case op == '-':
		n = -n
	}
	return addUnits(t, unit, n), digits[end+1:], true
}

var dateUnits = map[byte]CalendarUnit{
	'y': Year, 'M': Month, 'w': Week, 'd': Day, 'h': Hour, 'H': Hour, 'm': Minute, 's': second,
}

// parseDecimal reads a decimal number times 10^shift, dropping further digits.
func parseDecimal(s string, shift int) (int64, bool) {
	whole, fraction, _ := strings.Cut(s, ".")
	if strings.Trim(fraction, "0123456789") != "" || strings.HasPrefix(whole, "+") {
		return 0, false
	}
	fraction = (fraction + "000")[:shift]
	n, err := strconv.ParseInt(whole+fraction, 10, 64)
	return n, err == nil
}
