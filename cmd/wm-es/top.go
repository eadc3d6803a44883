package main

import (
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/urfave/cli/v2"
	"golang.org/x/term"

	"github.com/wmtools/wm/lib/app"
	"github.com/wmtools/wm/lib/es/query"
	"github.com/wmtools/wm/lib/event"
	"github.com/wmtools/wm/lib/match"
)

func topCommand() *cli.Command {
	return &cli.Command{
		Name:  "top",
		Usage: "rank a field's values by number of events",
		Description: `  wm-es top wiki --since 1h                      the busiest wikis now
  wm-es top wm.user --by removed -k bot=false    who removed the most`,
		UsageText: "wm-es top [flags] FIELD [QUERY]      write -- before -TERM",
		Flags: selection(
			&cli.GenericFlag{Name: "n", Value: app.Bounded(app.ParseInt, "20", "1", "10000"), Usage: "print `N` values"},
			&cli.StringFlag{Name: "by", Value: "count", Usage: "rank by `MEASURE`: count, users, added, removed or net (bytes)"},
			&cli.GenericFlag{Name: "per", Value: app.Bounded(event.ParseDuration, "", "1s", "3650d"), Usage: "also by intervals of `TIME`; default period: the last 24h"},
			&cli.BoolFlag{Name: "csv", Usage: "print CSV, not a table (terminal) or NDJSON (pipe)"},
			&cli.BoolFlag{Name: "fields", Usage: "print the fields that can be ranked", Hidden: true},
			&cli.BoolFlag{Name: "q", Usage: "quiet: suppress the approximate-count warning"},
		),
		Before: app.CheckStdout,
		Action: top,
	}
}

// day is the default period of --per.
const day = 24 * time.Hour

// top prints a ranking.
func top(c *cli.Context) error {
	if c.Bool("fields") {
		return printFields(c)
	}
	r, since, err := parseRanking(c)
	if err != nil {
		return err
	}
	s, err := parseSelection(c, c.Args().Tail(), since, r.Select, countValues(r))
	if err != nil {
		return err
	}
	defer sayWaiting(c, s.client)()
	ranks, err := s.reader().Top(c.Context, s.index, s.clause, r)
	if err = noIndex(c, err); err != nil {
		return err
	}
	warn(app.Messages(c), ranks.Error)
	if len(ranks.List) == 0 {
		explainNothing(app.Messages(c), s.terms)
	}
	t := tableOf(r, ranks.List)
	switch {
	case c.Bool("csv"):
		return t.csv(os.Stdout)
	case term.IsTerminal(int(os.Stdout.Fd())):
		return t.text(os.Stdout)
	}
	return t.ndjson(os.Stdout)
}

// printFields prints the names of the fields that can be ranked.
func printFields(c *cli.Context) error {
	client, pattern, err := connectReader(c)
	if err != nil {
		return err
	}
	names, err := client.FieldNames(c.Context, pattern)
	if err != nil {
		return err
	}
	for _, name := range names {
		if _, err := fmt.Println(name); err != nil {
			return err
		}
	}
	return nil
}

func parseRanking(c *cli.Context) (r query.Ranking, since time.Time, err error) {
	r = query.Ranking{Field: c.Args().First(), N: int(c.Int64("n")), By: query.Measure(c.String("by"))}
	switch {
	case r.Field == "":
		return r, since, app.Usage("name a FIELD to rank, such as wiki, wm.page or wm.user")
	case !slices.Contains(query.Measures, r.By):
		return r, since, app.Usage("--by %s: must be count, users, added, removed or net", r.By)
	}
	if _, err := match.ParseTerm(r.Field); err != nil && strings.HasPrefix(r.Field, "wm.") {
		return r, since, err
	}
	if c.IsSet("per") {
		if r.Per = c.Duration("per"); r.Per%time.Second != 0 {
			return r, since, app.Usage("--per %s: must be a whole number of seconds", c.String("per"))
		}
		since = time.Now().Add(-day)
	}
	return r, since, nil
}

// warn reports how inexact the counts are. Each shard proposes its top values
// without knowing those of the others.
func warn(w io.Writer, bound int64) {
	switch {
	case bound > 0:
		fmt.Fprintf(w, "wm-es: approximate: the index has several shards, and a count may be too low by up to %d\n", bound)
	case bound < 0:
		fmt.Fprintln(w, "wm-es: approximate if the index has several shards: a value that is not near the top of a shard may lack its events there")
	}
}
