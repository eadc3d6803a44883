package main

import (
	"fmt"
	"time"

	"github.com/urfave/cli/v2"

	"github.com/wmtools/wm/lib/app"
	"github.com/wmtools/wm/lib/cursor"
	"github.com/wmtools/wm/lib/event"
)

func cursorCommand() *cli.Command {
	return &cli.Command{
		Name:  "cursor",
		Usage: "print a cursor made from the index",
		Description: `  wm-es cursor > c.json                    the file of the cursor was lost: go on from the newest events
  wm-es cursor --back 1d > c.json          and read the last day again`,
		UsageText: "wm-es cursor [flags]      for wm-tail --resume",
		Flags: append(connection(),
			&cli.GenericFlag{Name: "back", Value: app.Bounded(event.ParseDuration, "1h", "0s", "3650d"), Usage: "begin `TIME` before the newest event"}),
		Before: app.CheckStdout,
		Action: printCursor,
	}
}

// printCursor prints a cursor without positions: it says from when on to read,
// which is before the newest event of the stream that is furthest behind. An
// event of the future does not count: all between it and the one before would be
// lost.
func printCursor(c *cli.Context) error {
	if c.NArg() > 0 {
		return app.Usage("cursor takes no argument")
	}
	back := c.Duration("back")
	client, pattern, err := connectReader(c)
	if err != nil {
		return err
	}
	now := time.Now()
	list, err := client.NewestEvents(c.Context, pattern.Wildcard(), now)
	if err != nil {
		return err
	}
	if len(list) == 0 {
		return event.WithHint(fmt.Errorf("%s: no events in %s", client.Address(), pattern.Wildcard()), "begin with wm-tail --since")
	}
	made := cursor.Cursor{From: now.UnixMilli(), Saved: now.UnixMilli()}
	for _, at := range list {
		made.Streams = append(made.Streams, at.Stream)
		made.From = min(made.From, at.Newest.Add(-back).UnixMilli())
	}
	fmt.Printf("%s\n", made.Encode())
	return nil
}
