// Wm-cut turns NDJSON events into readable lines, TSV, CSV or smaller JSON
// objects.
package main

import (
	"fmt"
	"os"
	"time"

	"github.com/urfave/cli/v2"

	"github.com/wmtools/wm/lib/app"
	"github.com/wmtools/wm/lib/ndjson"
)

func main() {
	app.Main(&cli.App{
		Name:  "wm-cut",
		Usage: "print a readable line for each event, or chosen fields as a table",
		Description: `  wm-tail | wm-grep -k wiki=enwiki -k bot=false | wm-cut
  wm-cut -f @timestamp,wiki,title,wm.user,wm.delta --csv < day.ndjson > day.csv`,
		UsageText: "wm-cut [flags] [FILE...]",
		Before:    app.CheckStdout,
		Flags:     flags(),
		Action:    run,
	})
}

func run(c *cli.Context) error {
	set, err := parse(c)
	if err != nil {
		return err
	}
	begin := time.Now()
	app.WidenPipe(os.Stdout)
	live, stop := app.WatchStdout(c.Context)
	defer stop()
	p := &printer{settings: set, out: ndjson.NewWriter(os.Stdout), live: live}
	p.bad = app.Problems{Out: app.Stderr, Name: c.App.Name}
	if err := p.files(); err != nil {
		return err
	}
	p.noteWatermarks()
	if set.stats {
		fmt.Fprintf(app.Stderr, "wm-cut: %s\n", p.tally(time.Since(begin)))
	}
	return p.bad.Err()
}
