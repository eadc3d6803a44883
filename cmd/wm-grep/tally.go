package main

import (
	"fmt"
	"time"

	"github.com/wmtools/wm/lib/app"
	"github.com/wmtools/wm/lib/grep"
)

// note tells somebody at a terminal about fields that no line had.
func (s *search) note() {
	if s.query.Witness == nil || s.total.Lines == 0 {
		return
	}
	for _, name := range s.query.Witness.Never() {
		fmt.Fprintf(app.Stderr, "wm-grep: note: no line has the field %s\n", name)
	}
}

// tally is one line about a whole run.
func tally(r grep.Result, took time.Duration) string {
	mib := float64(r.Bytes) / (1 << 20)
	return fmt.Sprintf("%d of %d lines matched, %.1f MiB in %.1fs, %.0f MiB/s",
		r.Matched, r.Lines, mib, took.Seconds(), mib/max(took.Seconds(), 0.001))
}

// title is how an input is called in messages.
func title(name string) string {
	if name == "-" {
		return "stdin"
	}
	return name
}
