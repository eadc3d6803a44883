package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"time"

	"github.com/urfave/cli/v2"

	"github.com/wmtools/wm/lib/app"
	"github.com/wmtools/wm/lib/es"
	"github.com/wmtools/wm/lib/event"
	"github.com/wmtools/wm/lib/ndjson"
)

// index writes standard input.
func index(c *cli.Context) error {
	switch {
	case c.NArg() > 0:
		return app.Usage("%q is no subcommand, and events come from standard input", c.Args().First())
	case c.Int64("batch-bytes") < 1:
		return app.Usage("--batch-bytes %d: at least 1 byte", c.Int64("batch-bytes"))
	case c.Duration("flush") <= 0:
		return app.Usage("--flush %v: more than nothing", c.Duration("flush"))
	}
	client, pattern, err := connect(c)
	if err != nil {
		return err
	}
	messages := app.Messages(c)
	outages := app.Outages{Out: messages, Name: c.App.Name}
	read, work := app.Stages(c.Context, os.Stdin, app.DefaultDrain)
	start := time.Now()
	if err := ensureTemplate(work, client, pattern, outages.Report, messages); err != nil {
		return err
	}
	// Two, for they are told from two goroutines: that of the sink and this one.
	rejects, bad := app.Problems{Out: os.Stderr, Name: c.App.Name}, app.Problems{Out: os.Stderr, Name: c.App.Name}
	sink := es.NewBulk(client, es.BulkOptions{
		Index:      pattern,
		BatchBytes: int(c.Int64("batch-bytes")),
		Flush:      c.Duration("flush"),
		Canary:     c.Bool("canary"),
		OnReject:   func(r es.Reject) { rejects.Report(fmt.Errorf("stdin:%d: %s", r.Line, r.Reason)) },
		OnOutage:   outages.Report,
	})
	err = event.Copy(read, work, sink, ndjson.NewReader(os.Stdin, ndjson.Options{}), bad.Report)
	fmt.Fprintf(messages, "wm-es: %s\n", tally(sink.Ledger(), time.Since(start)))
	if err == nil {
		err = rejects.Status()
	}
	if err == nil {
		err = bad.Status()
	}
	return err
}

// ensureTemplate puts the index template if there is none, and says so. It
// waits for the server, before anything is read.
func ensureTemplate(ctx context.Context, client *es.Client, p es.IndexPattern, report func(error, time.Duration), messages io.Writer) error {
	name, state, err := client.EnsureTemplate(ctx, p, report)
	if err != nil {
		return err
	}
	switch state {
	case es.TemplateCreated:
		fmt.Fprintf(messages, "wm-es: index template %s was missing: put\n", name)
	case es.TemplateForeign:
		fmt.Fprintf(messages, "wm-es: index template %s is not that of this version: left as it is\n"+
			"wm-es: hint: wm-es init-index replaces it\n", name)
	case es.TemplateForbidden:
		fmt.Fprintf(messages, "wm-es: no right to look after index template %s: going on without\n", name)
	}
	return nil
}

func tally(l es.Ledger, took time.Duration) string {
	return fmt.Sprintf("read %d created %d present %d rejected %d skipped %d in %.1fs",
		l.Read, l.Created, l.Present, l.Rejected, l.Skipped, took.Seconds())
}
