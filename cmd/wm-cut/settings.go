package main

import (
	"time"

	"github.com/urfave/cli/v2"

	"github.com/wmtools/wm/cmd/internal/period"
	"github.com/wmtools/wm/lib/match"
	"github.com/wmtools/wm/lib/table"
)

// settings are the flags and arguments, checked.
type settings struct {
	format  table.Format
	json    bool // the format is JSON objects,
	hasID   bool // which have meta.id
	options table.RunOptions
	max     int64 // events of all inputs; 0 means no limit
	names   []string
	stats   bool
	maxLine int
	drain   time.Duration
}

func parse(c *cli.Context) (*settings, error) {
	s := &settings{
		options: table.RunOptions{Workers: int(c.Int64("j"))},
		max:     c.Int64("n"),
		names:   c.Args().Slice(),
		stats:   c.Bool("stats"),
		maxLine: int(c.Int64("max-line")),
		drain:   c.Duration("drain"),
	}
	if len(s.names) == 0 {
		s.names = []string{"-"}
	}
	var err error
	if s.options.Events, err = events(c); err != nil {
		return nil, err
	}
	return s, s.setFormat(c)
}

// events returns the predicate of --since and --until, or nil.
func events(c *cli.Context) (*match.Predicate, error) {
	since, until, err := period.Parse(c, time.Now())
	if err != nil || since.IsZero() && until.IsZero() {
		return nil, err
	}
	return match.Compile(new(match.Query), match.Options{Since: since, Until: until})
}
