package main

import (
	"os"
	"time"

	"github.com/urfave/cli/v2"

	"github.com/wmtools/wm/lib/app"
	"github.com/wmtools/wm/lib/event"
	"github.com/wmtools/wm/lib/grep"
	"github.com/wmtools/wm/lib/match"
)

// settings are what the command line says.
type settings struct {
	query                  match.Search
	files                  []string
	options                grep.Options
	count, quiet, stats    bool
	withNames, namesCounts bool
	maxLine                int
	drain                  time.Duration
}

func parse(c *cli.Context) (*settings, error) {
	s := &settings{count: c.Bool("c"), quiet: c.Bool("q"), stats: c.Bool("stats"), withNames: c.Bool("H"), drain: c.Duration("drain")}
	s.options = grep.Options{Workers: int(c.Int64("j")), Invert: c.Bool("v"), Only: c.Bool("o"), Quiet: c.Bool("c") || c.Bool("q"), Max: c.Int64("m")}
	if s.quiet && !s.count {
		s.options.Max = 1
	}
	if c.IsSet("n") {
		return nil, event.WithHint(app.Usage("-n is not supported"), "-m N ends after N lines; lines have no numbers, for they are printed as they came")
	}
	s.maxLine = int(c.Int64("max-line"))
	var err error
	if s.query, s.files, err = parseQuery(c); err != nil {
		return nil, err
	}
	if s.options.Only && s.query.Pattern == nil {
		return nil, app.Usage("-o prints what a pattern matches: give a PATTERN")
	}
	if s.options.Color, err = colored(c.String("color")); err != nil {
		return nil, err
	}
	if s.query.Fields != nil && !s.quiet && app.IsTerminal(os.Stderr) {
		s.query.Witness = s.query.Fields.Witness()
	}
	s.namesCounts = s.withNames || len(s.files) > 1 && !c.Bool("no-filename")
	return s, nil
}

// colored reports whether matches are painted.
func colored(when string) (bool, error) {
	switch when {
	case "always":
		return true, nil
	case "never":
		return false, nil
	case "auto":
		return app.IsTerminal(os.Stdout) && os.Getenv("NO_COLOR") == "" && os.Getenv("TERM") != "dumb", nil
	}
	return false, app.Usage("--color %s: auto, always or never", when)
}
