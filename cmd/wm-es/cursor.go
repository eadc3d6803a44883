package main

import (
	"fmt"
	"time"

	"github.com/urfave/cli/v2"

	"github.com/wmtools/wm/lib/app"
	"github.com/wmtools/wm/lib/cursor"
	"github.com/wmtools/wm/lib/es/query"
	"github.com/wmtools/wm/lib/event"
)

func cursorCommand() *cli.Command {
	return &cli.Command{
		Name:  "cursor",
		Usage: "rebuild a lost cursor from the newest indexed events",
		Description: `  wm-es cursor > c.json                    continue from the newest events, less an hour
  wm-es cursor --back 1d > c.json          also read the last day again`,
		UsageText: "wm-es cursor [flags]      the cursor is for wm-tail --resume",
		Flags: commandFlags(
			&cli.GenericFlag{Name: "back", Value: app.Bounded(event.ParseDuration, "1h", "0s", "3650d"), Usage: "start `TIME` before the newest event"}),
		Before: app.CheckStdout,
		Action: printCursor,
	}
}

// printCursor prints a cursor without positions. It starts before the newest event
// of the stream that has lagged most. Events dated in the future do not count:
// everything up to them would be lost.
func printCursor(c *cli.Context) error {
	if c.NArg() > 0 {
		return app.Usage("cursor takes no arguments")
	}
	back := c.Duration("back")
	client, pattern, err := connectReader(c)
	if err != nil {
		return err
	}
	now := time.Now()
	defer sayWaiting(c, client)()
	list, err := query.NewReader(client).NewestEvents(c.Context, pattern.Wildcard(), now)
	if err != nil {
		return err
	}
	if len(list) == 0 {
		return event.WithHint(fmt.Errorf("%s: no events in %s", client.Address(), pattern.Wildcard()), "start with wm-tail --since")
	}
	made := cursor.Cursor{From: now.UnixMilli(), Saved: now.UnixMilli()}
	for _, at := range list {
		made.Streams = append(made.Streams, at.Stream)
		made.From = min(made.From, at.Newest.Add(-back).UnixMilli())
	}
	fmt.Printf("%s\n", made.Encode())
	return nil
}
