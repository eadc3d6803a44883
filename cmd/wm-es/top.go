package main

import (
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/urfave/cli/v2"

	"github.com/wmtools/wm/lib/app"
	"github.com/wmtools/wm/lib/es/query"
	"github.com/wmtools/wm/lib/event"
	"github.com/wmtools/wm/lib/match"
	"github.com/wmtools/wm/lib/table"
)

func topCommand() *cli.Command {
	return &cli.Command{
		Name:  "top",
		Usage: "rank a field's values by number of events",
		Description: `  wm-es top wm.user --by removed -k bot=false    who removed the most
  wm-es top wm.wiki,bot --per 1h                 hour, wiki and bot`,
		UsageText: "wm-es top [flags] FIELD[,FIELD...] [QUERY]      write -- before -TERM",
		Flags: selection(
			&cli.GenericFlag{Name: "n", Value: app.Bounded(app.ParseInt, "20", "1", "10000"), Usage: "print `N` values of each field"},
			&cli.StringFlag{Name: "by", Value: "count", Usage: "rank by `MEASURE`: count, users, added, removed, net, revert-share"},
			&cli.GenericFlag{Name: "per", Value: app.Bounded(event.ParseDuration, "", "1s", "3650d"), Usage: "also by intervals of `TIME`; default period: the last 24h"},
			&cli.BoolFlag{Name: "csv", Usage: "print CSV, not a table (terminal) or NDJSON (pipe)"},
			&cli.BoolFlag{Name: "fields", Usage: "print the fields that can be ranked", Hidden: true},
			&cli.BoolFlag{Name: "q", Usage: "quiet: suppress the approximate-count warning"},
		),
		Before: app.CheckStdout,
		Action: top,
	}
}

// maxFields is how many fields can be ranked together: their values multiply.
const maxFields = 4

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
	return printGrid(c, gridOf(r, ranks.List), len(r.Fields))
}

// printGrid prints a ranking as CSV, or as a table on a terminal, or else as
// NDJSON.
func printGrid(c *cli.Context, g table.Grid, values int) error {
	var text []byte
	switch {
	case c.Bool("csv"):
		text = g.AppendCSV(nil)
	case app.IsTerminal(os.Stdout):
		text = forTerminal(g, values).AppendText(nil)
	default:
		text = g.AppendJSON(nil)
	}
	_, err := os.Stdout.Write(text)
	return err
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
	r = query.Ranking{N: int(c.Int64("n")), By: query.Measure(c.String("by"))}
	switch {
	case c.Args().First() == "":
		return r, since, app.Usage("name a FIELD to rank, such as wiki, wm.page or wm.user")
	case !slices.Contains(query.Measures, r.By):
		return r, since, app.Usage("--by %s: must be count, users, added, removed, net or revert-share", r.By)
	}
	for field := range strings.SplitSeq(c.Args().First(), ",") {
		if _, err := match.ParseTerm(field); err != nil && strings.HasPrefix(field, "wm.") {
			return r, since, err
		}
		r.Fields = append(r.Fields, field)
	}
	if len(r.Fields) > maxFields {
		return r, since, app.Usage("%d fields to rank: at most %d", len(r.Fields), maxFields)
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
