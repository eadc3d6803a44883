// Wm-es writes the events of its standard input to Elasticsearch or wm-store,
// each exactly once or not at all with a reason.
package main

import (
	"github.com/urfave/cli/v2"

	"github.com/wmtools/wm/lib/app"
)

func main() {
	app.Main(&cli.App{
		Name:  "wm-es",
		Usage: "write events to Elasticsearch or wm-store",
		Description: `  wm-tail | wm-es                                   index all changes live
  wm-grep -k wiki=enwiki < events.ndjson | wm-es    index part of a capture`,
		UsageText: `wm-es [flags]              index events from standard input
       wm-es COMMAND [flags]      see wm-es COMMAND -h`,
		Flags:  append(connection(), indexFlags()...),
		Before: flagsBehind,
		Action: index,
		Commands: []*cli.Command{
			initIndexCommand(), searchCommand(), topCommand(), countCommand(),
			pruneCommand(), rejectsCommand(), cursorCommand(), checkCommand(),
		},
	})
}
