// Wm-tail prints the events of Wikimedia EventStreams as NDJSON, one event a
// line, byte for byte as the server sent it. It goes on for ever, across the
// ends of connections and its own, without losing an event.
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
		Description: `  wm-tail | wm-grep -k wiki=enwiki             watch English Wikipedia
  wm-tail --cursor c.json >> events.ndjson     collect all, across restarts`,
		UsageText: "wm-tail [flags] [STREAM...]      STREAM is " + stream.DefaultStream + " unless named",
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
		return list(c.Context, s.Config)
	}
	// There is next to no garbage but the buffers of large events, and those the
	// collector would let lie: twice such an event is all that is ever needed.
	debug.SetMemoryLimit(2*int64(s.MaxEvent) + 8<<20)
	show := app.NewProgress(os.Stderr, c.Bool("q"))
	messages := show.Writer(app.Messages(c))
	s.tell(c.App.Name, messages, show.Writer(app.Stderr))
	out, err := openOutput(s)
	if err != nil {
		return err
	}
	defer out.release()
	s.Drained = out.drained
	src, read, err := openSource(c.Context, s)
	if err != nil {
		return err
	}
	out.follow(src)
	app.WidenPipe(os.Stdout)
	read, stop := app.WatchStdout(read)
	defer stop()
	if err := s.monitor(read, messages, src); err != nil {
		return err
	}
	bad := app.Problems{Out: show.Writer(app.Stderr), Name: c.App.Name}
	start := time.Now()
	show.Start(s.progress(src))
	err = event.Copy(read, read, out, s.limit(src), bad.Report)
	show.Stop()
	if err != nil {
		return err
	}
	fmt.Fprintf(messages, "wm-tail: %s\n", tally(src.Status().Stats, time.Since(start)))
	return bad.Err()
}

func tally(n stream.Stats, took time.Duration) string {
	text := fmt.Sprintf("%d events in %.1fs, %d reconnects, %d repeats dropped, %d canaries dropped",
		n.Events, took.Seconds(), n.AllReconnects(), n.Repeats, n.Canaries)
	for _, more := range []struct {
		count int64
		what  string
	}{{n.Outside, "outside the time asked for"}, {n.Gaps, "missing in the server's numbering"}, {n.Skipped, "skipped"}} {
		if more.count > 0 {
			text += fmt.Sprintf(", %d %s", more.count, more.what)
		}
	}
	return text
}
