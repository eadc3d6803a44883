package main

import (
	"os"
	"strconv"
	"time"

	"github.com/urfave/cli/v2"

	"github.com/wmtools/wm/lib/app"
	"github.com/wmtools/wm/lib/es/bulk"
	"github.com/wmtools/wm/lib/es/query"
	"github.com/wmtools/wm/lib/ndjson"
)

func searchCommand() *cli.Command {
	return &cli.Command{
		Name:  "search",
		Usage: "print the events that match",
		Description: `  wm-es search --since 1h wiki=enwiki bot=false       the newest edits by humans
  wm-es search --all '"main page"' | wm-cut           all events with a phrase`,
		UsageText: "wm-es search [flags] [QUERY]      write -- before -TERM",
		Flags: selection(
			&cli.GenericFlag{Name: "n", Value: app.Bounded(app.ParseInt, "100", "1", ""), Usage: "print at most `N` events"},
			&cli.BoolFlag{Name: "all", Usage: "print all events"},
			&cli.StringFlag{Name: "sort", Value: "newest", Usage: "`ORDER`: newest or oldest first"},
			&cli.BoolFlag{Name: "derived", Usage: "include the fields that wm-es added"},
		),
		Before: app.CheckStdout,
		Action: search,
	}
}

// search prints documents as the lines that they were made from.
func search(c *cli.Context) error {
	n, order, err := parseOrder(c)
	if err != nil {
		return err
	}
	s, err := parseSelection(c, c.Args().Slice(), time.Time{}, query.Select, searchInstead(c, n))
	if err != nil {
		return err
	}
	app.WidenPipe(os.Stdout)
	live, stop := app.WatchStdout(c.Context)
	defer stop()
	out := ndjson.NewWriter(os.Stdout)
	var line []byte
	hits := 0
	answered := sayWaiting(c, s.client)
	defer answered()
	err = s.reader().Each(live, s.index, s.clause, order, n, func(h query.Hit) error {
		answered()
		hits++
		if c.Bool("derived") {
			return out.WriteLine(h.Source)
		}
		line = bulk.AppendOriginal(line[:0], h.Source)
		return out.WriteLine(line)
	})
	if flushed := out.Flush(); err == nil {
		err = flushed
	}
	if live.Err() != nil {
		return nil // interrupted: what was found until then is printed
	}
	if err == nil && hits == 0 {
		explainNothing(app.Messages(c), s.terms)
	}
	return noIndex(c, err)
}

// searchInstead returns the pipeline for a search that an index cannot answer.
func searchInstead(c *cli.Context, n int) (p pipeline) {
	if n != query.All {
		p.grep = []string{"-m", strconv.Itoa(n)}
	}
	if c.IsSet("sort") {
		p.search = append(p.search, "--sort", c.String("sort"))
	}
	if c.Bool("derived") {
		p.search = append(p.search, "--derived")
	}
	return p
}

// parseOrder reads how many events to print, and in which order.
func parseOrder(c *cli.Context) (n int, order []query.Sort, err error) {
	n = int(c.Int64("n"))
	switch {
	case c.Bool("all") && c.IsSet("n"):
		return 0, nil, app.Usage("--all and -n %d: use only one", n)
	case c.Bool("all"):
		n = query.All
	}
	switch c.String("sort") {
	case "newest":
		return n, query.ByTime(true), nil
	case "oldest":
		return n, query.ByTime(false), nil
	}
	return 0, nil, app.Usage("--sort %s: must be newest or oldest", c.String("sort"))
}
