// Wm-es writes the events of its standard input to Elasticsearch, OpenSearch or
// wm-store, each exactly once unless it is rejected with a reason.
package main

import (
	"github.com/urfave/cli/v2"

	"github.com/wmtools/wm/cmd/internal/advice"
	"github.com/wmtools/wm/lib/app"
)

func main() {
	a := &cli.App{
		Name:  "wm-es",
		Usage: "write events to Elasticsearch or wm-store",
		Description: `  wm-tail | wm-es                                   index all changes live
  wm-grep -k wiki=enwiki < events.ndjson | wm-es    index part of a capture`,
		UsageText: `wm-es [flags]              index events from standard input
       wm-es COMMAND [flags]      see wm-es COMMAND -h
       connection: --user, --password-file, --api-key-file, --ca, --fingerprint`,
		Flags:  append(connection(), indexFlags()...),
		Before: flagsBefore,
		Action: index,
		Commands: []*cli.Command{
			initIndexCommand(), searchCommand(), topCommand(), countCommand(),
			pruneCommand(), rejectsCommand(), cursorCommand(), checkCommand(),
		},
	}
	a.Action = advised(a.Action)
	for _, c := range a.Commands {
		c.Action = advised(c.Action)
	}
	app.Main(a)
}

// advised adds hints to the errors of an action.
func advised(action cli.ActionFunc) cli.ActionFunc {
	return func(c *cli.Context) error { return advice.Elasticsearch(action(c)) }
}

// flagsBefore rejects flags before a command: it has flags of the same names, so
// they would have no effect.
func flagsBefore(c *cli.Context) error {
	if first := c.Args().First(); c.NumFlags() > 0 && c.App.Command(first) != nil {
		return app.Usage("flags must follow %s", first)
	}
	return nil
}
