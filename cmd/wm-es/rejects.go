package main

import (
	"errors"
	"fmt"
	"os"

	"github.com/urfave/cli/v2"

	"github.com/wmtools/wm/lib/app"
	"github.com/wmtools/wm/lib/es/bulk"
	"github.com/wmtools/wm/lib/event"
	"github.com/wmtools/wm/lib/ndjson"
)

func rejectsCommand() *cli.Command {
	return &cli.Command{
		Name:  "rejects",
		Usage: "print rejected events",
		Description: `  wm-es rejects c.json.rejects | wm-es       try them again, once the cause is fixed
  jq -r .reason c.json.rejects | sort | uniq -c   count the reasons`,
		UsageText: "wm-es rejects FILE      prints the events as they were read",
		Before:    app.CheckStdout,
		Action:    printRejects,
	}
}

// printRejects prints the events in a file of rejects.
func printRejects(c *cli.Context) error {
	if c.NArg() != 1 {
		return app.Usage("rejects takes one FILE")
	}
	f, err := os.Open(c.Args().First())
	if err != nil {
		return err
	}
	defer f.Close()
	problems := app.Problems{Out: app.Stderr, Name: "wm-es"}
	in := ndjson.NewReader(f, ndjson.Options{Name: f.Name(), MaxLine: bulk.MaxReject})
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
	r, err := bulk.DecodeReject(e.Line())
	if err != nil {
		return &event.LineError{Place: in.Place(e.Number()), Err: err}
	}
	if r.Document == nil {
		err := fmt.Errorf("line %d was not kept: %s", r.Line, r.Reason)
		return &event.LineError{Place: in.Place(e.Number()), Err: err}
	}
	return out.WriteLine(r.Document)
}
