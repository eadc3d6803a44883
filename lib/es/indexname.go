package es

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Daily reports whether the names of a pattern tell the day.
func (p IndexPattern) Daily() bool {
	for _, kind := range []partKind{year, month, day} {
		if !slices.ContainsFunc(p.parts, func(p part) bool { return p.kind == kind }) {
			return false
		}
	}
	return true
}

// Day returns the day, in UTC, whose events an index has. ok is false for a
// name that cannot come of the pattern, and where the pattern is not Daily.
func (p IndexPattern) Day(name string) (date time.Time, ok bool) {
	date, ok = p.read(name)
	return date, ok && p.Daily()
}

// Makes reports whether the pattern, which must be Writable, could have made
// the name of an index.
func (p IndexPattern) Makes(name string) bool {
	_, ok := p.read(name)
	return ok
}

// read reads the date in a name, with a 1 for what is not there. The name is
// made again of what was read: so there is no 31st of February, and what comes
// twice in a pattern is the same twice.
func (p IndexPattern) read(name string) (date time.Time, ok bool) {
	found := p.expression().FindStringSubmatch(name)
	if found == nil {
		return time.Time{}, false
	}
	values := [...]string{literal: "", stream: "", year: "1", month: "1", day: "1"}
	for i, part := range p.parts {
		values[part.kind] = found[i+1]
	}
	number := func(k partKind) int {
		n, _ := strconv.Atoi(values[k]) // digits only
		return n
	}
	date = time.Date(number(year), time.Month(number(month)), number(day), 0, 0, 0, 0, time.UTC)
	return date, string(p.appendName(nil, values[stream], date)) == name
}

// expression matches what may be a name made by the pattern, with a group for
// each of its parts. A name with a dot in front is one of the server's own.
func (p IndexPattern) expression() *regexp.Regexp {
	var b strings.Builder
	for _, part := range p.parts {
		switch part.kind {
		case literal:
			b.WriteString("(" + regexp.QuoteMeta(part.text) + ")")
		case stream:
			b.WriteString("([a-z0-9_][a-z0-9._-]*)")
		case year:
			b.WriteString("([0-9]{4})")
		case month, day:
			b.WriteString("([0-9]{2})")
		}
	}
	return regexp.MustCompile("^" + b.String() + "$")
}
