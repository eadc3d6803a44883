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

// settings are the parsed command line.
type settings struct {
	query                  match.Search
	patterns               []string      // of query
	terms                  []*match.Term // of query
	files                  []string
	options                grep.Options
	count, quiet, stats    bool
	withNames, namesCounts bool
	maxLine                int
	drain                  time.Duration
}

func parse(c *cli.Context) (*settings, error) {
	if c.IsSet("n") {
		return nil, event.WithHint(app.Usage("-n is not supported"), "-m N stops after N lines; lines are printed unchanged, without numbers")
	}
	s := &settings{count: c.Bool("c"), quiet: c.Bool("q"), stats: c.Bool("stats"), withNames: c.Bool("H")}
	s.drain, s.maxLine = c.Duration("drain"), int(c.Int64("max-line"))
	s.options = grep.Options{Workers: int(c.Int64("j")), Invert: c.Bool("v"), Only: c.Bool("o"), Quiet: c.Bool("c") || c.Bool("q"), Max: c.Int64("m")}
	if s.quiet && !s.count {
		s.options.Max = 1
	}
	if err := s.parseQuery(c); err != nil {
		return nil, err
	}
	if s.options.Only && s.query.Pattern == nil {
		return nil, app.Usage("-o prints the matches of a PATTERN: none is given")
	}
	var err error
	if s.options.Color, err = app.Color(c.String("color")); err != nil {
		return nil, err
	}
	if s.query.Fields != nil && !s.quiet && app.IsTerminal(os.Stderr) {
		s.query.Witness = s.query.Fields.Witness()
	}
	s.namesCounts = s.withNames || len(s.files) > 1 && !c.Bool("no-filename")
	return s, nil
}
