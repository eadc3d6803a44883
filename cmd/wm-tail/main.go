// Wm-tail prints the events of Wikimedia EventStreams as NDJSON, one event a
// line, byte for byte as the server sent it. It goes on for ever, across the
// ends of connections, without losing an event.
package main

import (
	"fmt"
	"os"
	"time"

	"github.com/urfave/cli/v2"

	"github.com/wmtools/wm/lib/app"
	"github.com/wmtools/wm/lib/event"
	"github.com/wmtools/wm/lib/ndjson"
	"github.com/wmtools/wm/lib/stream"
)

func main() {
	app.Main(&cli.App{
		Name:  "wm-tail",
		Usage: "print Wikimedia's live changes as NDJSON",
		Description: `  wm-tail | wm-grep -k wiki=enwiki           watch English Wikipedia
  wm-tail -n 1000 page-create > new.ndjson   keep the next 1000 new pages`,
		UsageText: "wm-tail [flags] [STREAM...]      STREAM is " + stream.DefaultStream + " unless named",
		Flags: []cli.Flag{
			&cli.StringFlag{Name: "url", Value: stream.DefaultURL, Usage: "`URL` of the service, or of a whole stream"},
			&cli.Int64Flag{Name: "n", Usage: "end after `N` events"},
			&cli.BoolFlag{Name: "canary", Usage: "print the service's own test events too"},
			&cli.StringFlag{Name: "contact", Usage: "`ADDRESS` of yours (mail or page), sent along so that Wikimedia can reach you"},
			&cli.BoolFlag{Name: "q", Usage: "quiet: no messages about outages, no tally"},
		},
		Action: tail,
	})
}

func tail(c *cli.Context) error {
	out := ndjson.NewWriter(os.Stdout)
	messages := app.Messages(c)
	outages := app.Outages{Out: messages, Name: c.App.Name}
	s, err := stream.New(stream.Config{
		URL:       c.String("url"),
		Streams:   c.Args().Slice(),
		UserAgent: userAgent(c.String("contact")),
		Canary:    c.Bool("canary"),
		Drained:   out.Flush,
		OnOutage:  outages.Report,
	})
	if err != nil {
		return err
	}
	var src event.Source = s
	if n := c.Int64("n"); c.IsSet("n") {
		if n < 1 {
			return app.Usage("-n %d: at least 1 event", n)
		}
		src = event.Limit(s, n)
	}
	read, stop := app.WatchStdout(c.Context)
	defer stop()
	bad := app.Problems{Out: os.Stderr, Name: c.App.Name}
	start := time.Now()
	if err := event.Copy(read, read, out, src, bad.Report); err != nil {
		return err
	}
	fmt.Fprintf(messages, "wm-tail: %s\n", tally(s.Stats(), time.Since(start)))
	return bad.Status()
}

func userAgent(contact string) string {
	about := app.URL
	if contact != "" {
		about += "; " + contact
	}
	return fmt.Sprintf("wm-tail/%s (%s)", app.Version(), about)
}

func tally(n stream.Stats, took time.Duration) string {
	return fmt.Sprintf("%d events in %.1fs, %d reconnects, %d repeats dropped, %d canaries dropped",
		n.Events, took.Seconds(), n.Reconnects, n.Repeats, n.Canaries)
}
