package main

import (
	"errors"
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
		&cli.StringFlag{Name: "since", Usage: "start at `T`: 2026-01-31, 2026-01-31T12:00:00Z or 2h (ago)"},
		&cli.StringFlag{Name: "until", Usage: "stop before `T`"},
		&cli.GenericFlag{Name: "n", Value: app.Bounded(app.ParseInt, "", "1", ""), Usage: "stop after `N` events"},
		&cli.StringFlag{Name: "cursor", Usage: "save the position in `FILE` and resume from it"},
		&cli.StringFlag{Name: "resume", Usage: "resume from the position in `FILE`, which wm-es saves"},
		&cli.GenericFlag{Name: "watermark", Value: app.Bounded(event.ParseDuration, "5s", "0s", "1d"), Usage: "with --resume, print the position every `TIME`"},
		&cli.GenericFlag{Name: "overlap", Value: app.Bounded(event.ParseDuration, stream.DefaultOverlap.String(), "0s", "1d"), Usage: "after a disconnect, re-request the last `TIME`"},
		&cli.BoolFlag{Name: "canary", Usage: "print the service's test events too"},
		&cli.StringFlag{Name: "contact", Usage: "your mail `ADDRESS` or web page, for Wikimedia to reach you"},
		&cli.GenericFlag{Name: "idle", Value: app.Bounded(event.ParseDuration, stream.DefaultIdle.String(), "1ms", "1d"), Usage: "reconnect after `TIME` without data"},
		&cli.GenericFlag{Name: "retry-for", Value: app.Bounded(event.ParseDuration, "", "1ms", "3650d"), Usage: "give up after an outage of `TIME`", DefaultText: "never"},
		&cli.GenericFlag{Name: "max-event", Value: app.Bounded(event.ParseSize, "16MiB", "1KiB", "1GiB"), Usage: "skip events larger than `SIZE`"},
		&cli.StringFlag{Name: "url", Value: stream.DefaultURL, Usage: "`URL` of the service"},
		&cli.BoolFlag{Name: "list", Usage: "print the streams that the service offers"},
		&cli.StringFlag{Name: "input", Usage: "read a stream saved by curl from `FILE` (- is stdin)"},
		&cli.StringFlag{Name: "metrics", Usage: "serve /metrics and /healthz at `ADDR`"},
		&cli.BoolFlag{Name: "q", Usage: "print no outages, progress or summary"},
	}
}

// settings are the parsed command line.
type settings struct {
	stream.Options
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
	s.Options = stream.Options{
		URL: c.String("url"), Streams: c.Args().Slice(), UserAgent: userAgent(c.String("contact")),
		Canary: c.Bool("canary"), Overlap: c.Duration("overlap"), Idle: c.Duration("idle"), RetryFor: c.Duration("retry-for"),
		MaxEvent: int(c.Int64("max-event")),
	}
	if s.Overlap == 0 {
		s.Overlap = -1 // none, where 0 would be the default
	}
	now := time.Now()
	var err error
	if s.Since, s.Until, err = period.Parse(c, now); err != nil {
		return nil, err
	}
	if err := s.check(c, now); err != nil {
		return nil, err
	}
	return s, s.loadCursor()
}

// check rejects invalid combinations.
func (s *settings) check(c *cli.Context, now time.Time) error {
	replay := !s.Since.IsZero() || s.cursor != "" || s.resume != ""
	switch {
	case s.cursor != "" && s.resume != "":
		return app.Usage("--cursor and --resume cannot be combined: wm-tail saves the first, wm-es the second")
	case s.Since.After(now) && s.input == "":
		return app.Usage("--since %s is in the future", c.String("since"))
	case !s.Until.IsZero() && !replay && s.input == "" && s.Until.Before(now):
		return app.Usage("--until %s is in the past: --since is missing", c.String("until"))
	case s.input != "" && (replay && s.Since.IsZero() || len(s.Streams) > 0 || c.IsSet("url") || s.list):
		return app.Usage("--input reads a file: it cannot be combined with STREAM, --url, --cursor, --resume or --list")
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

// report prints what the stream reports. Losses go to always, which -q does not
// silence.
func (s *settings) report(name string, messages, always io.Writer) {
	outages := &app.Outages{Out: messages, Name: name}
	s.OnOutage = func(err error, wait time.Duration) {
		outages.Report(s.advise(err), wait)
		app.Ready() // the first attempt is enough: the network may be away for long
	}
	s.OnRecovery = outages.Over
	s.OnNotice = func(notice error) { app.PrintError(messages, name, notice) }
	s.OnLoss = func(loss error) { app.PrintError(always, name, loss) }
	if s.Cursor != nil && !s.Since.IsZero() {
		s.OnNotice(errors.New("resuming from " + s.cursor + s.resume + "; --since is ignored"))
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
