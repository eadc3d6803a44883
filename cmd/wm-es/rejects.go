package main

import (
	"errors"
	"os"

	"github.com/urfave/cli/v2"

	"github.com/wmtools/wm/lib/app"
	"github.com/wmtools/wm/lib/es"
	"github.com/wmtools/wm/lib/event"
	"github.com/wmtools/wm/lib/ndjson"
)

func rejectsCommand() *cli.Command {
	return &cli.Command{
		Name:  "rejects",
		Usage: "print events that were refused",
		Description: `  wm-es rejects c.json.rejects | wm-es       try them again, when what was wrong is mended
  jq -r .reason c.json.rejects | sort | uniq -c   why they were refused`,
		UsageText: "wm-es rejects FILE      the events come out as they went in",
		Before:    app.CheckStdout,
		Action:    printRejects,
	}
}

// printRejects prints the events in a file of rejects.
func printRejects(c *cli.Context) error {
	if c.NArg() != 1 {
		return app.Usage("rejects takes one file")
	}
	f, err := os.Open(c.Args().First())
	if err != nil {
		return err
	}
	defer f.Close()
	problems := app.Problems{Out: app.Stderr, Name: "wm-es"}
	in := ndjson.NewReader(f, ndjson.Options{Name: f.Name(), MaxLine: es.MaxReject})
	out := ndjson.NewWriter(os.Stdout)
	for e, err := range in.Events(c.Context) {
		if err == nil {
			err = printReject(out, in, e)
		}
		if bad, ok := errors.AsType[*event.LineError](err); ok {
			problems.Report(bad)
		} else if err != nil {
			return errors.Join(err, out.Flush())
		}
	}
	if err := out.Flush(); err != nil {
		return err
	}
	return problems.Err()
}

func printReject(out *ndjson.Writer, in *ndjson.Reader, e event.Event) error {
	r, err := es.DecodeReject(e.Line())
	if err != nil {
		return &event.LineError{Place: in.Place(e.Number()), Err: err}
	}
	return out.WriteLine(r.Document)
}
