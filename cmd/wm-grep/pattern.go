package main

import (
	"fmt"
	"os"
	"regexp"

	"github.com/wmtools/wm/lib/app"
	"github.com/wmtools/wm/lib/event"
)

// fileName matches what is more likely the name of a file than a pattern.
var fileName = regexp.MustCompile(`^[\w./~-]+\.(nd)?json(l|\.gz|\.zst)?$`)

// checkPattern rejects a first argument that was meant as a file: the search
// would silently read stdin, or wait for the terminal, instead.
func (s *settings) checkPattern(pattern string) error {
	if len(s.files) > 0 {
		return nil
	}
	if s.query.Fields != nil && fileName.MatchString(pattern) {
		_, err := os.Open(pattern)
		return event.WithHint(err, "to search for this text, write -e "+pattern)
	}
	if !app.IsTerminal(os.Stdin) {
		return nil
	}
	if s.query.Fields == nil && isFile(pattern) || fileName.MatchString(pattern) {
		return event.WithHint(app.Usage("%s: no PATTERN is given", pattern), "write wm-grep PATTERN "+pattern)
	}
	fmt.Fprintf(app.Stderr, "wm-grep: note: searching for %s in what you type; end with Ctrl-D\n", pattern)
	return nil
}
