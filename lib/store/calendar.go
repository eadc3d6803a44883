package store

import "time"

// CalendarUnit is the width of calendar-aligned buckets of a DateHistogram.
type CalendarUnit string

// The calendar units, by Elasticsearch's names.
const (
	Minute  CalendarUnit = "minute"
	Hour    CalendarUnit = "hour"
	Day     CalendarUnit = "day"
	Week    CalendarUnit = "week" // begins on Monday
	Month   CalendarUnit = "month"
	Quarter CalendarUnit = "quarter"
	Year    CalendarUnit = "year"

	second CalendarUnit = "second" // of date math
)

// floor returns the start of the unit that contains a time, in the time's zone.
func (u CalendarUnit) floor(t time.Time) time.Time {
	y, m, d := t.Date()
	switch u {
	case Year:
		return time.Date(y, time.January, 1, 0, 0, 0, 0, t.Location())
	case Quarter:
		return time.Date(y, m-(m-1)%3, 1, 0, 0, 0, 0, t.Location())
	case Month:
		return time.Date(y, m, 1, 0, 0, 0, 0, t.Location())
	case Week:
		return time.Date(y, m, d-(int(t.Weekday())+6)%7, 0, 0, 0, 0, t.Location())
	case Day:
		return time.Date(y, m, d, 0, 0, 0, 0, t.Location())
	}
	return floorTime(t, u.clock())
}

// clock returns the length of an hour, a minute or a second.
func (u CalendarUnit) clock() time.Duration {
	switch u {
	case Hour:
		return time.Hour
	case Minute:
		return time.Minute
	}
	return time.Second
}

// floorTime rounds local time down to a multiple of d. The repeated hour at the
// end of summer time counts as two. As Elasticsearch does, it does not round
// across a change of the clock with the new offset: it rounds the last moment
// before the change instead. A local time that the change skips becomes the
// change.
func floorTime(t time.Time, d time.Duration) time.Time {
	for {
		local := floorDiv(localMillis(t), d.Milliseconds()) * d.Milliseconds()
		start := atOffset(local, t)
		change, _ := t.ZoneBounds()
		if change.IsZero() || !start.Before(change) {
			return start
		}
		before := change.Add(-time.Millisecond)
		if !atOffset(local, before).Before(change) {
			return change
		}
		t = before
	}
}

// localMillis returns the local time as if it were UTC, in milliseconds since 1970.
func localMillis(t time.Time) int64 {
	_, offset := t.Zone()
	return t.UnixMilli() + int64(offset)*1000
}

// atOffset returns the time at which it is a local time with the offset of t.
func atOffset(local int64, t time.Time) time.Time {
	_, offset := t.Zone()
	return time.UnixMilli(local - int64(offset)*1000).In(t.Location())
}

// addUnits adds n units to a time. The day is limited to the length of the month.
func addUnits(t time.Time, u CalendarUnit, n int) time.Time {
	switch u {
	case Year:
		return addMonths(t, 12*n)
	case Quarter:
		return addMonths(t, 3*n)
	case Month:
		return addMonths(t, n)
	case Week:
		return t.AddDate(0, 0, 7*n)
	case Day:
		return t.AddDate(0, 0, n)
	}
	return t.Add(time.Duration(n) * u.clock())
}

func addMonths(t time.Time, n int) time.Time {
	first := time.Date(t.Year(), t.Month(), 1, t.Hour(), t.Minute(), t.Second(), t.Nanosecond(), t.Location()).AddDate(0, n, 0)
	last := first.AddDate(0, 1, -first.Day()).Day()
	return first.AddDate(0, 0, min(t.Day(), last)-1)
}

// rounding assigns times to the buckets of a DateHistogram.
type rounding struct {
	unit   CalendarUnit // "": fixed
	width  int64        // of a fixed bucket, ms
	offset int64        // ms
	zone   *time.Location
}

// bucket returns the start of the bucket that contains a time, and of the next one.
func (r rounding) bucket(ms int64) (start, next int64) {
	if r.unit == "" && r.zone == time.UTC {
		start = floorDiv(ms-r.offset, r.width)*r.width + r.offset
		return start, start + r.width
	}
	t := time.UnixMilli(ms - r.offset).In(r.zone)
	if r.unit == "" {
		width := time.Duration(r.width) * time.Millisecond
		s := floorTime(t, width)
		return s.UnixMilli() + r.offset, nextStart(s, width).UnixMilli() + r.offset
	}
	s := r.unit.floor(t)
	end := addUnits(s, r.unit, 1)
	if r.unit == Hour || r.unit == Minute {
		return s.UnixMilli() + r.offset, nextStart(s, r.unit.clock()).UnixMilli() + r.offset
	}
	return s.UnixMilli() + r.offset, r.unit.floor(end).UnixMilli() + r.offset
}

// nextStart returns the start of the bucket after one of width d, by local time,
// that begins at start.
func nextStart(start time.Time, d time.Duration) time.Time {
	end := afterLocal(start, d)
	_, change := start.ZoneBounds()
	switch {
	case change.IsZero() || end.Before(change):
		return end
	case floorTime(change, d).Equal(change):
		return change
	}
	return afterLocal(change, d)
}

// afterLocal returns the first multiple of d in local time after t, with the offset
// of t.
func afterLocal(t time.Time, d time.Duration) time.Time {
	return atOffset((floorDiv(localMillis(t), d.Milliseconds())+1)*d.Milliseconds(), t)
}
