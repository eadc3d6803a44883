// Wm-tail prints the events of Wikimedia EventStreams as NDJSON, one event per
// line, byte for byte as the server sent it. It runs until it is stopped, and
// loses no event when a connection ends or when it is started again.
package main

import (
	"fmt"
	"os"
	"runtime/debug"
	"time"

	"github.com/urfave/cli/v2"

	"github.com/wmtools/wm/lib/app"
	"github.com/wmtools/wm/lib/event"
	"github.com/wmtools/wm/lib/stream"
)

func main() {
	app.Main(&cli.App{
		Name:  "wm-tail",
		Usage: "print Wikimedia's live changes as NDJSON",
		Description: `  wm-tail | wm-grep -k wiki=enwiki           watch English Wikipedia
  wm-tail --cursor c.json >> events.ndjson   collect everything, across restarts`,
		UsageText: "wm-tail [flags] [STREAM...]      default STREAM: " + stream.DefaultStream,
		Flags:     flags(),
		Before:    app.CheckStdout,
		Action:    tail,
	})
}

func tail(c *cli.Context) error {
	s, err := parse(c)
	if err != nil {
		return err
	}
	if s.list {
		return s.advise(list(c.Context, s.Options))
	}
	// The only garbage is the buffers of large events, which the collector would
	// keep for long: memory for two of them is enough.
	debug.SetMemoryLimit(2*int64(s.MaxEvent) + 8<<20)
	show := app.NewProgress(os.Stderr, c.Bool("q"))
	messages := show.Writer(app.Messages(c))
	s.report(c.App.Name, messages, show.Writer(app.Stderr))
	out, err := openOutput(s)
	if err != nil {
		return err
	}
	defer out.release()
	var src source
	s.Drained = func() error {
		if src.Status().Connected {
			app.Ready()
		}
		return out.drained()
	}
	src, read, err := openSource(c.Context, s)
	if err != nil {
		return s.advise(err)
	}
	out.follow(src)
	start := time.Now()
	app.OnStateSignal(func() string { return state(src.Status(), time.Since(start)) })
	app.WidenPipe(os.Stdout)
	read, stop := app.WatchStdout(read)
	defer stop()
	if err := s.monitor(read, messages, src); err != nil {
		return err
	}
	bad := app.Problems{Out: show.Writer(app.Stderr), Name: c.App.Name}
	show.Start(s.progress(src))
	err = event.Copy(read, read, out, s.limit(src), bad.Report)
	show.Stop()
	if err != nil {
		return s.advise(err)
	}
	fmt.Fprintf(messages, "wm-tail: %s\n", tally(src.Status().Stats, time.Since(start)))
	return bad.Err()
}

// tally summarizes a run. It always says what is missing, even if nothing is.
func tally(n stream.Stats, took time.Duration) string {
	text := fmt.Sprintf("%d events in %.1fs, %d reconnects, %d repeats dropped, %d canaries dropped",
		n.Events, took.Seconds(), n.AllReconnects(), n.Repeats, n.Canaries)
	if n.Outside > 0 {
		text += fmt.Sprintf(", %d outside the requested time", n.Outside)
	}
	if n.Skipped > 0 {
		text += fmt.Sprintf(", %d skipped", n.Skipped)
	}
	return text + fmt.Sprintf("; missing: %d events, %s of history", n.Gaps, event.FormatDuration(n.Missing))
}
