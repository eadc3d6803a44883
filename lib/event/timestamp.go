package event

import (
	"time"

	"github.com/wmtools/wm/lib/jsonscan"
)

// TimestampLayout is how wm writes times, in UTC: as EventStreams does today.
const TimestampLayout = "2006-01-02T15:04:05.000Z"

// ParseTimestamp reads a time as events have it, RFC 3339 with any fraction and
// offset, and returns it in UTC.
func ParseTimestamp(text string) (time.Time, bool) {
	if text == "" {
		return time.Time{}, false
	}
	t, err := time.Parse(time.RFC3339, text)
	return t.UTC(), err == nil
}

// AppendTimestamp appends a time of the years 0 to 9999 in TimestampLayout. It
// is several times as fast as time.AppendFormat.
func AppendTimestamp(dst []byte, t time.Time) []byte {
	t = t.UTC()
	y, m, d := t.Date()
	hour, minute, second := t.Clock()
	dst = append(appendDigits(appendDigits(dst, y/100), y%100), '-')
	dst = append(appendDigits(dst, int(m)), '-')
	dst = append(appendDigits(dst, d), 'T')
	dst = append(appendDigits(dst, hour), ':')
	dst = append(appendDigits(dst, minute), ':')
	dst = append(appendDigits(dst, second), '.')
	ms := t.Nanosecond() / 1e6
	return append(appendDigits(append(dst, byte('0'+ms/100)), ms%100), 'Z')
}

// appendDigits appends a number from 0 to 99 as two digits.
func appendDigits(dst []byte, n int) []byte {
	return append(dst, byte('0'+n/10), byte('0'+n%10))
}

// time returns the time that a value holds.
func (v value) time() (time.Time, bool) { return ParseTimestamp(v.text()) }

// inYears reports whether Unix seconds are in the years 0 to 9999.
func inYears(seconds int64) bool { return minSeconds <= seconds && seconds <= maxSeconds }

// The first and last second of the years 0 to 9999, as Unix time.
const minSeconds, maxSeconds = -62_167_219_200, 253_402_300_799

// Time returns the event's time: meta.dt, else dt, else timestamp. It is zero
// if none of them can be read. It may be outside the years 0 to 9999.
func (e Event) Time() time.Time {
	if t, ok := value(jsonscan.View(jsonscan.Find(e.line, "meta", "dt"))).time(); ok {
		return t
	}
	f := e.fields()
	return f.laterTime()
}

// laterTime is the time of an event without meta.dt.
func (f *fields) laterTime() time.Time {
	if t, ok := f[fieldDT].time(); ok {
		return t
	}
	if ts := f[fieldTime]; ts.isNumber() {
		return time.Unix(ts.int(), 0).UTC()
	}
	return time.Time{}
}

// IndexTime returns the time under which the event is indexed: its own
// @timestamp if it has one that can be read, else Time.
func (e Event) IndexTime() time.Time {
	f := e.fields()
	return f.indexTime()
}

func (f *fields) indexTime() time.Time {
	for _, v := range [...]value{f[fieldTimestamp], f[fieldMetaDT]} {
		if t, ok := v.time(); ok {
			return t
		}
	}
	return f.laterTime()
}
