package main

import (
	"fmt"
	"io"
	"time"

	"github.com/urfave/cli/v2"

	"github.com/wmtools/wm/cmd/internal/advice"
	"github.com/wmtools/wm/cmd/internal/period"
	"github.com/wmtools/wm/lib/app"
	"github.com/wmtools/wm/lib/cursor"
	"github.com/wmtools/wm/lib/event"
	"github.com/wmtools/wm/lib/stream"
)

func flags() []cli.Flag {
	return []cli.Flag{
		&cli.StringFlag{Name: "since", Usage: "begin at time `T`: 2026-01-31, 2026-01-31T12:00:00Z, 2h (ago)"},
		&cli.StringFlag{Name: "until", Usage: "end at time `T`"},
		&cli.GenericFlag{Name: "n", Value: app.Bounded(app.ParseInt, "", "1", ""), Usage: "end after `N` events"},
		&cli.StringFlag{Name: "cursor", Usage: "keep the place in the stream in `FILE`, and go on from there"},
		&cli.StringFlag{Name: "resume", Usage: "go on from the place in `FILE`, which wm-es keeps"},
		&cli.GenericFlag{Name: "watermark", Value: app.Bounded(event.ParseDuration, "5s", "0s", "1d"), Usage: "with --resume, mark the place each `TIME`"},
		&cli.GenericFlag{Name: "overlap", Value: app.Bounded(event.ParseDuration, stream.DefaultOverlap.String(), "0s", "1d"), Usage: "after a cut, ask for the last `TIME` again"},
		&cli.BoolFlag{Name: "canary", Usage: "print the service's own test events too"},
		&cli.StringFlag{Name: "contact", Usage: "`ADDRESS` of yours (mail or page), for Wikimedia to reach you"},
		&cli.GenericFlag{Name: "idle", Value: app.Bounded(event.ParseDuration, stream.DefaultIdle.String(), "1ms", "1d"), Usage: "give up a connection silent for `TIME`"},
		&cli.GenericFlag{Name: "retry-for", Value: app.Bounded(event.ParseDuration, "", "1ms", "3650d"), Usage: "give up when an outage lasts for `TIME`", DefaultText: "never"},
		&cli.GenericFlag{Name: "max-event", Value: app.Bounded(event.ParseSize, "16MiB", "1KiB", "1GiB"), Usage: "skip events of more than `SIZE`"},
		&cli.StringFlag{Name: "url", Value: stream.DefaultURL, Usage: "`URL` of the service"},
		&cli.BoolFlag{Name: "list", Usage: "print the streams that the service offers"},
		&cli.StringFlag{Name: "input", Usage: "read `FILE` (-: stdin) with a stream that curl has saved"},
		&cli.StringFlag{Name: "metrics", Usage: "serve /metrics and /healthz at `ADDR`"},
		&cli.BoolFlag{Name: "q", Usage: "quiet: no messages about outages, no progress, no tally"},
	}
}

// settings are what the command line says.
type settings struct {
	stream.Config
	n              int64 // 0: no limit
	list           bool
	input, metrics string
	cursor, resume string // files
	watermark      time.Duration
}

func parse(c *cli.Context) (*settings, error) {
	s := &settings{
		n: c.Int64("n"), list: c.Bool("list"), input: c.String("input"), metrics: c.String("metrics"),
		cursor: c.String("cursor"), resume: c.String("resume"), watermark: c.Duration("watermark"),
	}
	s.Config = stream.Config{
		URL: c.String("url"), Streams: c.Args().Slice(), UserAgent: userAgent(c.String("contact")),
		Canary: c.Bool("canary"), Overlap: c.Duration("overlap"), Idle: c.Duration("idle"), RetryFor: c.Duration("retry-for"),
	}
	if err := s.parseBounds(c); err != nil {
		return nil, err
	}
	if err := s.check(c); err != nil {
		return nil, err
	}
	return s, s.loadCursor()
}

func (s *settings) parseBounds(c *cli.Context) error {
	var err error
	if s.Since, s.Until, err = period.Parse(c, time.Now()); err != nil {
		return err
	}
	s.MaxEvent = int(c.Int64("max-event"))
	return nil
}

// check refuses what cannot be meant.
func (s *settings) check(c *cli.Context) error {
	replay := !s.Since.IsZero() || s.cursor != "" || s.resume != ""
	switch {
	case s.cursor != "" && s.resume != "":
		return app.Usage("--cursor keeps the place itself, with --resume wm-es does: give one of them")
	case !s.Until.IsZero() && !replay && s.input == "" && s.Until.Before(time.Now()):
		return app.Usage("--until %s is over: give --since too", c.String("until"))
	case s.input != "" && (replay && s.Since.IsZero() || len(s.Streams) > 0 || c.IsSet("url") || s.list):
		return app.Usage("--input reads a file: no STREAM, --url, --cursor, --resume or --list beside it")
	}
	return nil
}

// loadCursor reads the position at which an earlier run stopped, if there was
// one.
func (s *settings) loadCursor() error {
	name := s.cursor + s.resume // one of them is empty
	if name == "" || s.list {
		return nil
	}
	c, err := cursor.Load(name)
	s.Cursor = c
	return advice.Cursor(err)
}

// tell has the notices and outages of the stream printed, and what is lost even
// where there should be no messages.
func (s *settings) tell(name string, messages, always io.Writer) {
	s.OnLoss = func(loss error) { app.PrintError(always, name, loss) }
	outages := &app.Outages{Out: messages, Name: name}
	s.OnOutage = outages.Report
	s.OnNotice = func(notice error) { app.PrintError(messages, name, notice) }
	if s.Cursor != nil && !s.Since.IsZero() {
		s.OnNotice(fmt.Errorf("%s: going on from there, not from --since", s.cursor+s.resume))
	}
}

func (s *settings) limit(src event.Source) event.Source {
	if s.n == 0 {
		return src
	}
	return event.Limit(src, s.n)
}

func userAgent(contact string) string {
	about := app.URL
	if contact != "" {
		about += "; " + contact
	}
	return fmt.Sprintf("wm-tail/%s (%s)", app.Version(), about)
}
