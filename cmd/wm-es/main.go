// Wm-es writes the events of its standard input to Elasticsearch or wm-store,
// each exactly once or not at all with a reason.
package main

import (
	"github.com/urfave/cli/v2"

	"github.com/wmtools/wm/lib/app"
	"github.com/wmtools/wm/lib/es"
)

func main() {
	app.Main(&cli.App{
		Name:  "wm-es",
		Usage: "write events to Elasticsearch or wm-store",
		Description: `  wm-tail | wm-es                                    index all changes as they happen
  wm-grep -k wiki=enwiki < events.ndjson | wm-es     index a part of a capture`,
		UsageText: `wm-es [flags]                the events come from standard input
       wm-es COMMAND [flags]        the commands are below; wm-es COMMAND -h shows more`,
		Flags: append(connection(),
			&cli.Int64Flag{Name: "batch-bytes", Value: es.DefaultBatchBytes, Usage: "send when there are `N` bytes of documents"},
			&cli.DurationFlag{Name: "flush", Value: es.DefaultFlush, Usage: "send when the first document has waited for `TIME`"},
			&cli.BoolFlag{Name: "canary", Usage: "write the service's own test events too"},
			&cli.BoolFlag{Name: "q", Usage: "quiet: no messages about outages, no tally"},
		),
		Before:   flagsBehind,
		Action:   index,
		Commands: []*cli.Command{initIndexCommand(), searchCommand(), countCommand(), topCommand()},
	})
}

// connection makes the flags that all subcommands have.
func connection() []cli.Flag {
	return []cli.Flag{
		&cli.StringFlag{Name: "es", Value: es.DefaultURL, Usage: "`URL` of Elasticsearch or wm-store"},
		&cli.StringFlag{Name: "index", Value: es.DefaultIndex, Usage: "`PATTERN` of the index's name, by the event's stream and time"},
	}
}

// flagsBehind refuses flags in front of a subcommand, which has flags of the
// same names: they would be ignored.
func flagsBehind(c *cli.Context) error {
	if first := c.Args().First(); c.NumFlags() > 0 && c.App.Command(first) != nil {
		return app.Usage("flags go behind %s, not in front of it", first)
	}
	return nil
}

// connect makes the client and the pattern of the command line, for those who
// write.
func connect(c *cli.Context) (*es.Client, es.IndexPattern, error) {
	client, pattern, err := connectReader(c)
	if err == nil {
		err = pattern.Writable()
	}
	return client, pattern, err
}

// connectReader is connect for those who read: "*" may stand in the pattern.
func connectReader(c *cli.Context) (*es.Client, es.IndexPattern, error) {
	pattern, err := es.ParseIndexPattern(c.String("index"))
	if err != nil {
		return nil, pattern, err
	}
	client, err := es.New(c.String("es"))
	return client, pattern, err
}
