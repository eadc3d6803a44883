package main

import (
	"fmt"
	"os"
	"time"

	"github.com/urfave/cli/v2"

	"github.com/wmtools/wm/cmd/internal/esconn"
	"github.com/wmtools/wm/lib/app"
	"github.com/wmtools/wm/lib/es"
	"github.com/wmtools/wm/lib/event"
)

// connection returns the flags of the connection and the index.
func connection() []cli.Flag {
	return append(esconn.Flags(),
		&cli.StringFlag{Name: "index", Value: es.DefaultIndex, Usage: "index name `PATTERN`"})
}

// commandFlags returns the flags that all commands with a connection have.
func commandFlags(more ...cli.Flag) []cli.Flag {
	return append(append(connection(), more...),
		&cli.GenericFlag{Name: "timeout", Value: app.Bounded(event.ParseDuration, "30s", "1ms", "1d"), Usage: "give up if the server does not respond for `TIME`", Hidden: true})
}

// connect returns the client and the index pattern of a command that writes.
func connect(c *cli.Context) (*es.Client, es.IndexPattern, error) {
	client, pattern, err := connectReader(c)
	if err == nil {
		err = pattern.Writable()
	}
	return client, pattern, err
}

// connectReader returns the client and the index pattern of a command that reads:
// the pattern may contain "*".
func connectReader(c *cli.Context) (*es.Client, es.IndexPattern, error) {
	pattern, err := es.ParseIndexPattern(c.String("index"))
	if err != nil {
		return nil, pattern, err
	}
	client, err := esconn.Connect(c, c.Duration("timeout")) // indexing has no such flag
	return client, pattern, err
}

// silentTime is how long a command waits before it says so.
const silentTime = 2 * time.Second

// sayWaiting prints at a terminal, after a while, that a command waits for the
// server, unless stop is called before.
func sayWaiting(c *cli.Context, client *es.Client) (stop func()) {
	if !app.IsTerminal(os.Stderr) {
		return func() {}
	}
	t := time.AfterFunc(silentTime, func() {
		fmt.Fprintf(app.Stderr, "wm-es: waiting for %s; giving up if it does not respond for %v\n", client.Address(), c.Duration("timeout"))
	})
	return func() { t.Stop() }
}
