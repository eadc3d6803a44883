// Wm-grep prints the lines of NDJSON that match a regular expression and have
// the fields that are asked for, byte for byte as they came.
package main

import (
	"fmt"
	"os"

	"github.com/urfave/cli/v2"

	"github.com/wmtools/wm/lib/app"
	"github.com/wmtools/wm/lib/grep"
	"github.com/wmtools/wm/lib/match"
	"github.com/wmtools/wm/lib/ndjson"
)

func main() {
	app.Main(&cli.App{
		Name:  "wm-grep",
		Usage: "print the events that match",
		Description: `  wm-tail | wm-grep -k wiki=enwiki -k bot=false     humans on English Wikipedia
  wm-grep -c '.*en.wikipedia.*' < events.ndjson     count in a capture`,
		UsageText: `wm-grep [flags] PATTERN      a regular expression over the whole line
       wm-grep [flags] -k FIELD=VALUE... [PATTERN]`,
		Flags: []cli.Flag{
			&cli.StringSliceFlag{Name: "k", Usage: "`FIELD=VALUE` must hold, or FIELD!=VALUE; a|b is either; several -k: all must hold"},
			&cli.BoolFlag{Name: "i", Usage: "ignore case in PATTERN"},
			&cli.BoolFlag{Name: "v", Usage: "print the lines that do not match"},
			&cli.BoolFlag{Name: "c", Usage: "print only how many lines match"},
		},
		Action: run,
	})
}

func run(c *cli.Context) error {
	query, err := parse(c)
	if err != nil {
		return err
	}
	live, stop := app.WatchStdout(c.Context)
	defer stop()
	read, _ := app.Stages(live, os.Stdin, app.DefaultDrain)
	bad := app.Problems{Out: os.Stderr, Name: c.App.Name}
	out := ndjson.NewWriter(os.Stdout)
	in := ndjson.NewReader(os.Stdin, ndjson.Options{Drained: out.Flush})
	matched, err := grep.Run(read, in, query, out, grep.Options{
		Invert: c.Bool("v"), Count: c.Bool("c"), Report: bad.Report,
	})
	if err != nil {
		return err
	}
	if c.Bool("c") {
		err = out.WriteLine(fmt.Append(nil, matched))
	}
	if err == nil {
		err = out.Flush()
	}
	switch {
	case err != nil:
		return err
	case bad.Count() > 0:
		return app.Failed
	case matched == 0:
		return app.NoMatch
	}
	return nil
}

// parse makes the query of the command line.
func parse(c *cli.Context) (*match.Query, error) {
	query := &match.Query{}
	for _, text := range c.StringSlice("k") {
		term, err := match.ParseTerm(text)
		if err != nil {
			return nil, err
		}
		query.Terms = append(query.Terms, term)
	}
	switch {
	case c.NArg() > 1:
		return nil, app.Usage("one PATTERN, not %d: the events come from standard input", c.NArg())
	case c.NArg() == 0 && len(query.Terms) == 0:
		return nil, app.Usage("nothing to search for: give a PATTERN or -k FIELD=VALUE")
	case c.NArg() == 0:
		return query, nil
	}
	pattern, err := match.CompilePattern(c.Args().First(), c.Bool("i"))
	query.Pattern = pattern
	return query, err
}
