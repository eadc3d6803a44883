package main

import (
	"fmt"
	"time"

	"github.com/urfave/cli/v2"
)

func countCommand() *cli.Command {
	return &cli.Command{
		Name:  "count",
		Usage: "print how many events match",
		Description: `  wm-es count                                     all events
  wm-es count --since 1h wiki=enwiki bot=false    humans on English Wikipedia in the last hour`,
		UsageText: "wm-es count [flags] [QUERY]      put -- in front of a QUERY that begins with -",
		Flags:     selection(),
		Action:    count,
	}
}

func count(c *cli.Context) error {
	s, err := parseSelection(c, c.Args().Slice(), time.Time{})
	if err != nil {
		return err
	}
	n, err := s.client.Count(c.Context, s.index, s.query)
	if err != nil {
		return err
	}
	_, err = fmt.Println(n)
	return err
}
