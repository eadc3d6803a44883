package main

import (
	"fmt"
	"time"

	"github.com/urfave/cli/v2"

	"github.com/wmtools/wm/lib/app"
	"github.com/wmtools/wm/lib/es/query"
)

func countCommand() *cli.Command {
	return &cli.Command{
		Name:  "count",
		Usage: "print how many events match",
		Description: `  wm-es count                                     count all events
  wm-es count --since 1h wiki=enwiki bot=false    count edits by humans`,
		UsageText: "wm-es count [flags] [QUERY]      write -- before -TERM",
		Flags:     selection(),
		Before:    app.CheckStdout,
		Action:    count,
	}
}

func count(c *cli.Context) error {
	s, err := parseSelection(c, c.Args().Slice(), time.Time{}, query.Select, pipeline{grep: []string{"-c"}})
	if err != nil {
		return err
	}
	defer sayWaiting(c, s.client)()
	n, err := s.reader().Count(c.Context, s.index, s.clause)
	if err = noIndex(c, err); err != nil {
		return err
	}
	if n == 0 {
		explainNothing(app.Messages(c), s.terms)
	}
	_, err = fmt.Println(n)
	return err
}
