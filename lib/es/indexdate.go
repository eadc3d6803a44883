package es

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Dated reports whether index names contain a year, a month or a day of which
// the events are: %Y, or %Y and %m, or all of %Y, %m and %d.
func (p IndexPattern) Dated() bool {
	return p.has(year) && (p.has(month) || !p.has(day))
}

func (p IndexPattern) has(kind partKind) bool {
	return slices.ContainsFunc(p.parts, func(p part) bool { return p.kind == kind })
}

// Period returns the time, in UTC, of the events in an index: from <= t < to. ok
// is false for a name that the pattern cannot make, and unless p is Dated.
func (p IndexPattern) Period(name string) (from, to time.Time, ok bool) {
	from, ok = p.read(name)
	switch {
	case !ok || !p.Dated():
		return time.Time{}, time.Time{}, false
	case p.has(day):
		return from, from.AddDate(0, 0, 1), true
	case p.has(month):
		return from, from.AddDate(0, 1, 0), true
	}
	return from, from.AddDate(1, 0, 0), true
}

// Makes reports whether the pattern, which must be Writable, can make the name of
// an index.
func (p IndexPattern) Makes(name string) bool {
	_, ok := p.read(name)
	return ok
}

// read reads the date in a name; a missing year, month or day counts as 1. A
// date that does not exist is refused, and so is a placeholder that occurs twice
// with different values.
func (p IndexPattern) read(name string) (date time.Time, ok bool) {
	found := p.expression().FindStringSubmatch(name)
	if found == nil {
		return time.Time{}, false
	}
	values := map[partKind]string{year: "0001", month: "01", day: "01"}
	for i, part := range p.parts {
		values[part.kind] = found[i+1]
	}
	for i, part := range p.parts {
		if part.kind != literal && found[i+1] != values[part.kind] {
			return time.Time{}, false
		}
	}
	number := func(k partKind) int {
		n, _ := strconv.Atoi(values[k]) // digits only
		return n
	}
	date = time.Date(number(year), time.Month(number(month)), number(day), 0, 0, 0, 0, time.UTC)
	return date, int(date.Month()) == number(month) && date.Day() == number(day)
}

// expression matches names that the pattern may have made, with a group for each
// part. Names beginning with a dot belong to the server. Older versions of wm
// did not remove a dot in front of the stream.
func (p IndexPattern) expression() *regexp.Regexp {
	var b strings.Builder
	for i, part := range p.parts {
		switch part.kind {
		case literal:
			b.WriteString("(" + regexp.QuoteMeta(part.text) + ")")
		case stream:
			if i == 0 {
				b.WriteString("([a-z0-9][a-z0-9._-]*)")
			} else {
				b.WriteString("([a-z0-9._-]+)")
			}
		case year:
			b.WriteString("([0-9]{4})")
		case month, day:
			b.WriteString("([0-9]{2})")
		}
	}
	return regexp.MustCompile("^" + b.String() + "$")
}
