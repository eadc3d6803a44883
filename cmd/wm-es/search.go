package main

import (
	"os"
	"strconv"
	"time"

	"github.com/urfave/cli/v2"

	"github.com/wmtools/wm/lib/app"
	"github.com/wmtools/wm/lib/es"
	"github.com/wmtools/wm/lib/ndjson"
)

func searchCommand() *cli.Command {
	return &cli.Command{
		Name:  "search",
		Usage: "print the events that match",
		Description: `  wm-es search --since 1h wiki=enwiki -k bot=false     the newest humans of English Wikipedia
  wm-es search --all '"main page"' | wm-grep -c .      all events with these words, through a filter`,
		UsageText: "wm-es search [flags] [QUERY]      put -- in front of a QUERY that begins with -",
		Flags: append(selection(),
			&cli.GenericFlag{Name: "n", Value: app.Bounded(app.ParseInt, "100", "1", ""), Usage: "print at most `N` events"},
			&cli.BoolFlag{Name: "all", Usage: "print all events"},
			&cli.StringFlag{Name: "sort", Value: "newest", Usage: "`ORDER`: newest or oldest first"},
			&cli.BoolFlag{Name: "derived", Usage: "keep the fields that wm-es put in front"},
		),
		Before: app.CheckStdout,
		Action: search,
	}
}

// search prints documents as the lines that they were made of.
func search(c *cli.Context) error {
	n, order, err := parseOrder(c)
	if err != nil {
		return err
	}
	s, err := parseSelection(c, c.Args().Slice(), time.Time{}, es.Select, otherwiseSearch(c, n))
	if err != nil {
		return err
	}
	app.WidenPipe(os.Stdout)
	live, stop := app.WatchStdout(c.Context)
	defer stop()
	out := ndjson.NewWriter(os.Stdout)
	var line []byte
	err = s.client.Each(live, s.index, s.query, order, n, func(h es.Hit) error {
		if c.Bool("derived") {
			return out.WriteLine(h.Source)
		}
		line = es.AppendLine(line[:0], h.Source)
		return out.WriteLine(line)
	})
	if flushed := out.Flush(); err == nil {
		err = flushed
	}
	if live.Err() != nil {
		return nil // told to stop: what was found until then is printed
	}
	return noIndex(c, err)
}

// otherwiseSearch does what search is asked for where an index cannot.
func otherwiseSearch(c *cli.Context, n int) (p es.Pipeline) {
	if n != es.All {
		p.Grep = []string{"-m", strconv.Itoa(n)}
	}
	if c.IsSet("sort") {
		p.Search = append(p.Search, "--sort", c.String("sort"))
	}
	if c.Bool("derived") {
		p.Search = append(p.Search, "--derived")
	}
	return p
}

// parseOrder reads how many events are wanted, and in which order.
func parseOrder(c *cli.Context) (n int, order []es.Sort, err error) {
	n = int(c.Int64("n"))
	switch {
	case c.Bool("all") && c.IsSet("n"):
		return 0, nil, app.Usage("--all and -n %d: one of them", n)
	case c.Bool("all"):
		n = es.All
	}
	switch c.String("sort") {
	case "newest":
		return n, es.ByTime(true), nil
	case "oldest":
		return n, es.ByTime(false), nil
	}
	return 0, nil, app.Usage("--sort %s: newest or oldest", c.String("sort"))
}
