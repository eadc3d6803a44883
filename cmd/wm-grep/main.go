// Wm-grep prints the lines of NDJSON that match a regular expression and
// conditions on fields. Lines are printed unchanged.
package main

import (
	"os"
	"time"

	"github.com/urfave/cli/v2"

	"github.com/wmtools/wm/lib/app"
	"github.com/wmtools/wm/lib/ndjson"
)

func main() {
	app.Main(&cli.App{
		Name:  "wm-grep",
		Usage: "print the events that match",
		Description: `  wm-tail | wm-grep -k wiki=enwiki -k bot=false     humans on English Wikipedia
  wm-grep -c '.*en.wikipedia.*' < events.ndjson     count in a capture`,
		UsageText: `wm-grep [flags] PATTERN [FILE...]      PATTERN is a regular expression
       wm-grep [flags] -k FIELD=VALUE... [PATTERN] [FILE...]`,
		Flags:  flags(),
		Action: run,
	})
}

func run(c *cli.Context) error {
	set, err := parse(c)
	if err != nil {
		return err
	}
	if !set.quiet {
		if err := app.CheckStdout(c); err != nil {
			return err
		}
	}
	boundMemory(set.options.Workers, set.maxLine)
	begin := time.Now()
	app.WidenPipe(os.Stdout)
	live, stop := app.WatchStdout(c.Context)
	defer stop()
	s := &search{settings: set, out: ndjson.NewWriter(os.Stdout), live: live}
	s.bad = app.Problems{Out: app.Stderr, Name: c.App.Name}
	for _, name := range set.files {
		if s.enough() {
			break
		}
		if err := s.file(name); err != nil {
			return err
		}
	}
	if err := s.out.Flush(); err != nil {
		return err
	}
	s.printNotes(time.Since(begin))
	return s.result()
}

// result returns the exit code.
func (s *search) result() error {
	switch {
	case s.bad.Count() > 0 && !(s.quiet && s.total.Matched > 0):
		return app.Failed
	case s.total.Matched == 0:
		return app.NoMatch
	}
	return nil
}
