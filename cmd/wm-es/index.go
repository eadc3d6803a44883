package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"time"

	"github.com/urfave/cli/v2"

	"github.com/wmtools/wm/cmd/internal/advice"
	"github.com/wmtools/wm/lib/app"
	"github.com/wmtools/wm/lib/es"
	"github.com/wmtools/wm/lib/es/bulk"
	"github.com/wmtools/wm/lib/event"
)

// indexFlags are the flags of wm-es without a command.
func indexFlags() []cli.Flag {
	return []cli.Flag{
		&cli.StringFlag{Name: "cursor", Usage: "save progress in `FILE` (needs wm-tail --resume)"},
		&cli.StringFlag{Name: "rejects", Usage: "append rejected events and the reasons to `FILE`", DefaultText: "CURSOR.rejects", Hidden: true},
		&cli.GenericFlag{Name: "n", Value: app.Bounded(app.ParseInt, "", "1", ""), Usage: "stop after `N` events"},
		&cli.GenericFlag{Name: "workers", Value: app.Bounded(app.ParseInt, fmt.Sprint(bulk.DefaultWorkers()), "1", "256"), Usage: "send `N` batches concurrently", Hidden: true},
		&cli.GenericFlag{Name: "batch-bytes", Value: app.Bounded(event.ParseSize, "5MiB", "1B", "1GiB"), Usage: "send a batch at `SIZE`", Hidden: true},
		&cli.GenericFlag{Name: "flush", Value: app.Bounded(event.ParseDuration, bulk.DefaultFlush.String(), "1ms", "1h"), Usage: "send a batch `TIME` after its first event", Hidden: true},
		&cli.BoolFlag{Name: "gzip", Usage: "compress requests", DefaultText: "for https to another machine", Hidden: true},
		&cli.GenericFlag{Name: "retry-for", Value: app.Bounded(event.ParseDuration, "", "1ms", "3650d"), Usage: "give up when an outage lasts longer than `TIME`", DefaultText: "never", Hidden: true},
		&cli.GenericFlag{Name: "drain", Value: app.Bounded(event.ParseDuration, app.DefaultDrain.String(), "0s", "1d"), Usage: "after Ctrl-C, continue for at most `TIME`", Hidden: true},
		&cli.GenericFlag{Name: "max-line", Value: app.Bounded(event.ParseSize, "16MiB", "1KiB", "1GiB"), Usage: "reject lines longer than `SIZE`", Hidden: true},
		&cli.StringFlag{Name: "metrics", Usage: "serve Prometheus metrics and /healthz at `ADDR`", Hidden: true},
		&cli.BoolFlag{Name: "canary", Usage: "also write the service's test events", Hidden: true},
		&cli.BoolFlag{Name: "q", Usage: "quiet: no outages, no summary"},
	}
}

// settings are the flags of indexing.
type settings struct {
	bulk.Options
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
	s.Options = bulk.Options{
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
		return app.Usage("%q is not a command, and events are read from standard input", c.Args().First())
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
	s.OnOutage = func(err error, wait time.Duration) {
		outages.Report(advice.Elasticsearch(err), wait)
		app.Ready() // the first attempt is enough: the cluster may be away for long
	}
	s.OnRecover = outages.Over
	read, work := app.Stages(c.Context, os.Stdin, s.drain)
	start := time.Now()
	if err := s.ensureTemplate(work, client, messages); err != nil {
		return err
	}
	app.Ready()
	s.OnReject, s.OnMark = keep.reject, keep.mark
	latency := s.observe()
	sink := bulk.NewWriter(client, s.Options)
	if err := s.monitor(c.Context, messages, sink, latency); err != nil {
		return err
	}
	app.OnStateSignal(func() string { return progressText(sink.Status(), time.Since(start)) })
	progress.Start(state(os.Stdin, sink))
	err = event.Copy(read, work, sink, s.source(c.App.Name), func(bad error) { refuse(work, sink, bad) })
	err = advice.Input(err, "-", "wm-es")
	progress.Stop()
	return keep.finish(err, sink.Ledger(), messages, time.Since(start))
}

// refuse rejects a line that cannot be read. If that fails, the next Put fails
// too.
func refuse(ctx context.Context, sink *bulk.Writer, bad error) {
	if line, ok := errors.AsType[*event.LineError](bad); ok {
		_ = sink.Refuse(ctx, line.Number, line.Err.Error())
	}
}

// source yields the events of standard input, at most -n.
func (s *settings) source(name string) event.Source {
	app.WidenPipe(os.Stdin)
	all := newInput(os.Stdin, int(s.maxLine), func(dropped error) { app.PrintError(app.Stderr, name, dropped) })
	if s.count == 0 {
		return all
	}
	return event.Limit(all, s.count)
}

// finish saves the last cursor, even if not all events are settled, and prints the
// summary.
func (k *keeper) finish(err error, l bulk.Ledger, messages io.Writer, took time.Duration) error {
	if saveErr := k.save(true); err == nil {
		err = saveErr
	}
	fmt.Fprintf(messages, "wm-es: %s\n", tally(l, took))
	if k.cursor != nil && !k.marked && l.Read > 0 {
		fmt.Fprintf(messages, "wm-es: the input has no watermarks, so %s is unchanged\n"+
			"wm-es: hint: wm-tail --resume %s sends them\n", k.cursor.Name(), k.cursor.Name())
	}
	if l.Rejected > 0 && k.rejects != "" {
		fmt.Fprintf(messages, "wm-es: hint: wm-es rejects %s prints the rejected events\n", k.rejects)
	}
	if err == nil {
		err = k.problems.Err()
	}
	return err
}

// ensureTemplate puts the index template if it is missing, and reports that. It
// waits for the server before anything is read.
func (s *settings) ensureTemplate(ctx context.Context, client *es.Client, messages io.Writer) error {
	t, err := bulk.EnsureTemplate(ctx, client, s.Options)
	if err != nil {
		return err
	}
	switch t.State {
	case es.TemplateCreated:
		fmt.Fprintf(messages, "wm-es: created index template %s\n", t.Name)
	case es.TemplateForeign:
		fmt.Fprintf(messages, "wm-es: index template %s differs from this version's; keeping it\n"+
			"wm-es: hint: wm-es init-index --diff shows the differences, wm-es init-index replaces it\n", t.Name)
	case es.TemplateForbidden:
		fmt.Fprintf(messages, "wm-es: this user may not read or create index template %s; continuing without it\n", t.Name)
	}
	return nil
}

func tally(l bulk.Ledger, took time.Duration) string {
	return fmt.Sprintf("read %d created %d present %d rejected %d skipped %d in %.1fs",
		l.Read, l.Created, l.Present, l.Rejected, l.Skipped, took.Seconds())
}
