package main

import (
	"fmt"
	"regexp"
	"time"

	"github.com/wmtools/wm/cmd/internal/advice"
	"github.com/wmtools/wm/lib/app"
	"github.com/wmtools/wm/lib/grep"
)

// printNotes prints what the user may want to know after the search.
func (s *search) printNotes(took time.Duration) {
	if s.query.Witness != nil && s.total.Lines > 0 {
		for _, name := range s.query.Witness.Never() {
			fmt.Fprintf(app.Stderr, "wm-grep: note: no line has the field %s\n", name)
		}
	}
	if s.total.Matched == 0 && !s.quiet {
		for _, p := range s.patterns {
			if term.MatchString(p) {
				fmt.Fprintf(app.Stderr, "wm-grep: hint: %s is a regular expression here; to test the field, write -k %[1]s\n", p)
			}
		}
		for _, hint := range advice.NoMatch(s.terms) {
			fmt.Fprintf(app.Stderr, "wm-grep: hint: %s\n", hint)
		}
	}
	if s.stats {
		fmt.Fprintf(app.Stderr, "wm-grep: %s\n", tally(s.total, took))
	}
}

// term matches a pattern that is most likely meant for -k.
var term = regexp.MustCompile(`^!?[A-Za-z_@][\w.]*(=|!=|~|!~|<=?|>=?|@)[^\s"{}]+$`)

// tally summarizes a search in one line.
func tally(r grep.Result, took time.Duration) string {
	mib := float64(r.Bytes) / (1 << 20)
	return fmt.Sprintf("%d of %d lines matched, %.1f MiB in %.1fs, %.0f MiB/s",
		r.Matched, r.Lines, mib, took.Seconds(), mib/max(took.Seconds(), 0.001))
}
