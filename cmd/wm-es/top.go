package main

import (
	"fmt"
	"io"
	"os"
	"slices"
	"time"

	"github.com/urfave/cli/v2"
	"golang.org/x/term"

	"github.com/wmtools/wm/lib/app"
	"github.com/wmtools/wm/lib/es"
	"github.com/wmtools/wm/lib/event"
)

func topCommand() *cli.Command {
	return &cli.Command{
		Name:  "top",
		Usage: "print the values of a field that most events have",
		Description: `  wm-es top wiki --since 1h                       the busiest wikis of the last hour
  wm-es top wm.user --by removed -k bot=false     who removed most`,
		UsageText: "wm-es top [flags] FIELD [QUERY]      put -- in front of a QUERY that begins with -",
		Flags: append(selection(),
			&cli.GenericFlag{Name: "n", Value: app.Bounded(app.ParseInt, "20", "1", "10000"), Usage: "print `N` values"},
			&cli.StringFlag{Name: "by", Value: "count", Usage: "`MEASURE`: count (of events), users, added, removed or net (bytes)"},
			&cli.StringFlag{Name: "per", Usage: "print a row for each `TIME`, such as 1h; without --since of the last 24h"},
			&cli.BoolFlag{Name: "csv", Usage: "print CSV; else a table on a terminal, and NDJSON in a pipe"},
			&cli.BoolFlag{Name: "q", Usage: "quiet: do not say that counts are not exact"},
		),
		Before: app.CheckStdout,
		Action: top,
	}
}

// day is what --per covers without --since and --until.
const day = 24 * time.Hour

// top prints a ranking.
func top(c *cli.Context) error {
	r, since, err := parseRanking(c)
	if err != nil {
		return err
	}
	s, err := parseSelection(c, c.Args().Tail(), since, r.Select, r.Otherwise())
	if err != nil {
		return err
	}
	ranks, err := s.client.Top(c.Context, s.index, s.query, r)
	if err = noIndex(c, err); err != nil {
		return err
	}
	tellError(app.Messages(c), ranks.Error)
	t := tableOf(r, ranks.List)
	switch {
	case c.Bool("csv"):
		return t.csv(os.Stdout)
	case term.IsTerminal(int(os.Stdout.Fd())):
		return t.text(os.Stdout)
	}
	return t.ndjson(os.Stdout)
}

func parseRanking(c *cli.Context) (r es.Ranking, since time.Time, err error) {
	r = es.Ranking{Field: c.Args().First(), N: int(c.Int64("n")), By: es.Measure(c.String("by"))}
	switch {
	case r.Field == "":
		return r, since, app.Usage("top of what? give a FIELD, such as wiki, wm.page or wm.user")
	case !slices.Contains(es.Measures, r.By):
		return r, since, app.Usage("--by %s: count, users, added, removed or net", r.By)
	}
	if c.IsSet("per") {
		if r.Per, err = event.ParseDuration(c.String("per")); err != nil {
			return r, since, fmt.Errorf("--per: %w", err)
		}
		if r.Per < time.Second || r.Per%time.Second != 0 {
			return r, since, app.Usage("--per %s: whole seconds, at least one", c.String("per"))
		}
		since = time.Now().Add(-day)
	}
	return r, since, nil
}

// tellError says how far the figures can be off: where an index has several
// parts, each proposes values, and none knows those of the others.
func tellError(w io.Writer, bound int64) {
	switch {
	case bound > 0:
		fmt.Fprintf(w, "wm-es: not exact: the index has several parts, and a count may be too low by %d\n", bound)
	case bound < 0:
		fmt.Fprintln(w, "wm-es: not exact if the index has several parts: a value that is not near the top in one of them may lack its events there")
	}
}
