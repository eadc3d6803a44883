package main

import (
	"fmt"
	"time"

	"github.com/urfave/cli/v2"

	"github.com/wmtools/wm/lib/app"
	"github.com/wmtools/wm/lib/es"
)

func countCommand() *cli.Command {
	return &cli.Command{
		Name:  "count",
		Usage: "print how many events match",
		Description: `  wm-es count                                     all events
  wm-es count --since 1h wiki=enwiki bot=false    humans on English Wikipedia in the last hour`,
		UsageText: "wm-es count [flags] [QUERY]      put -- in front of a QUERY that begins with -",
		Flags:     selection(),
		Before:    app.CheckStdout,
		Action:    count,
	}
}

func count(c *cli.Context) error {
	s, err := parseSelection(c, c.Args().Slice(), time.Time{}, es.Select, es.Pipeline{Grep: []string{"-c"}})
	if err != nil {
		return err
	}
	n, err := s.client.Count(c.Context, s.index, s.query)
	if err = noIndex(c, err); err != nil {
		return err
	}
	_, err = fmt.Println(n)
	return err
}
