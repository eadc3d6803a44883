package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"time"

	"github.com/urfave/cli/v2"

	"github.com/wmtools/wm/cmd/internal/advice"
	"github.com/wmtools/wm/lib/app"
	"github.com/wmtools/wm/lib/es"
	"github.com/wmtools/wm/lib/event"
	"github.com/wmtools/wm/lib/ndjson"
)

// indexFlags are those of wm-es without a subcommand.
func indexFlags() []cli.Flag {
	return []cli.Flag{
		&cli.StringFlag{Name: "cursor", Usage: "save progress in `FILE` (needs wm-tail --resume)"},
		&cli.StringFlag{Name: "rejects", Usage: "append what cannot be written, and why, to `FILE`", DefaultText: "CURSOR.rejects", Hidden: true},
		&cli.GenericFlag{Name: "n", Value: app.Bounded(app.ParseInt, "", "1", ""), Usage: "end after `N` events"},
		&cli.GenericFlag{Name: "workers", Value: app.Bounded(app.ParseInt, fmt.Sprint(es.DefaultWorkers()), "1", "256"), Usage: "send `N` batches at the same time", Hidden: true},
		&cli.GenericFlag{Name: "batch-bytes", Value: app.Bounded(event.ParseSize, "5MiB", "1B", "1GiB"), Usage: "send when there is `SIZE` of documents", Hidden: true},
		&cli.GenericFlag{Name: "flush", Value: app.Bounded(event.ParseDuration, es.DefaultFlush.String(), "1ms", "1h"), Usage: "send when the first document has waited for `TIME`", Hidden: true},
		&cli.BoolFlag{Name: "gzip", Usage: "compress requests", DefaultText: "for https to another machine", Hidden: true},
		&cli.GenericFlag{Name: "retry-for", Value: app.Bounded(event.ParseDuration, "", "1ms", "3650d"), Usage: "give up when an outage lasts longer than `TIME`", DefaultText: "never", Hidden: true},
		&cli.GenericFlag{Name: "drain", Value: app.Bounded(event.ParseDuration, app.DefaultDrain.String(), "0s", "1d"), Usage: "go on for `TIME` at most when told to stop", Hidden: true},
		&cli.GenericFlag{Name: "max-line", Value: app.Bounded(event.ParseSize, "16MiB", "1KiB", "1GiB"), Usage: "skip lines of more than `SIZE`", Hidden: true},
		&cli.StringFlag{Name: "metrics", Usage: "serve figures for Prometheus and /healthz at `ADDR`", Hidden: true},
		&cli.BoolFlag{Name: "canary", Usage: "write the service's own test events too", Hidden: true},
		&cli.BoolFlag{Name: "q", Usage: "quiet: no messages about outages, no tally"},
	}
}

// settings are what the command line of indexing says.
type settings struct {
	es.BulkOptions
	cursor, rejects string // files
	metrics         string
	drain           time.Duration
	count           int64 // events; 0: all
	maxLine         int64
}

func parse(c *cli.Context, pattern es.IndexPattern, client *es.Client) *settings {
	s := &settings{
		cursor: c.String("cursor"), rejects: c.String("rejects"), metrics: c.String("metrics"),
		drain: c.Duration("drain"), count: c.Int64("n"), maxLine: c.Int64("max-line"),
	}
	if s.rejects == "" && s.cursor != "" {
		s.rejects = s.cursor + ".rejects"
	}
	s.BulkOptions = es.BulkOptions{
		Index: pattern, BatchBytes: int(c.Int64("batch-bytes")), Workers: int(c.Int64("workers")), Flush: c.Duration("flush"),
		RetryFor: c.Duration("retry-for"), Gzip: client.Remote(), Canary: c.Bool("canary"),
	}
	if c.IsSet("gzip") {
		s.Gzip = c.Bool("gzip")
	}
	return s
}

// index writes standard input.
func index(c *cli.Context) error {
	if c.NArg() > 0 {
		return app.Usage("%q is no subcommand, and events come from standard input", c.Args().First())
	}
	client, pattern, err := connect(c)
	if err != nil {
		return err
	}
	s := parse(c, pattern, client)
	keep, err := newKeeper(s)
	if err != nil {
		return err
	}
	defer keep.release()
	progress := app.NewProgress(os.Stderr, c.Bool("q"))
	messages := progress.Writer(app.Messages(c))
	keep.problems.Out = progress.Writer(app.Stderr)
	outages := app.Outages{Out: messages, Name: c.App.Name}
	read, work := app.Stages(c.Context, os.Stdin, s.drain)
	start := time.Now()
	if err := s.ensureTemplate(work, client, outages.Report, messages); err != nil {
		return err
	}
	s.OnReject, s.OnMark, s.OnOutage = keep.reject, keep.mark, outages.Report
	latency := s.observe()
	sink := es.NewBulk(client, s.BulkOptions)
	if err := s.monitor(c.Context, messages, sink, latency); err != nil {
		return err
	}
	progress.Start(state(os.Stdin, sink))
	bad := app.Problems{Out: progress.Writer(app.Stderr), Name: c.App.Name}
	err = advice.Input(event.Copy(read, work, sink, s.source(), bad.Report), "-", "wm-es")
	progress.Stop()
	return keep.finish(err, sink.Ledger(), &bad, messages, time.Since(start))
}

// source yields the events of standard input, as many as are wanted.
func (s *settings) source() event.Source {
	app.WidenPipe(os.Stdin)
	all := ndjson.NewReader(os.Stdin, ndjson.Options{MaxLine: int(s.maxLine), EventsOnly: true})
	if s.count == 0 {
		return all
	}
	return event.Limit(all, s.count)
}

// finish tells how it went: what is settled is kept even if not all is.
func (k *keeper) finish(err error, l es.Ledger, bad *app.Problems, messages io.Writer, took time.Duration) error {
	if saveErr := k.save(true); err == nil {
		err = saveErr
	}
	fmt.Fprintf(messages, "wm-es: %s\n", tally(l, took))
	if k.cursor != nil && !k.marked && l.Read > 0 {
		fmt.Fprintf(messages, "wm-es: no watermark was in the input, so %s stays as it is\n"+
			"wm-es: hint: wm-tail --resume %s sends them\n", k.cursor.Name(), k.cursor.Name())
	}
	if l.Rejected > 0 && k.rejects != "" {
		fmt.Fprintf(messages, "wm-es: hint: wm-es rejects %s prints what was refused\n", k.rejects)
	}
	if err == nil {
		err = k.problems.Err()
	}
	if err == nil {
		err = bad.Err()
	}
	return err
}

// ensureTemplate puts the index template if there is none, and says so. It
// waits for the server, before anything is read.
func (s *settings) ensureTemplate(ctx context.Context, client *es.Client, report func(error, time.Duration), messages io.Writer) error {
	name, state, err := client.EnsureTemplate(ctx, s.Index, s.RetryFor, report)
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
