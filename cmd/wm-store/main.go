// Wm-store stores events in one directory and serves the part of Elasticsearch's REST
// interface that wm-es, wm-serve and people with curl use.
package main

import (
	"errors"
	"fmt"
	"io"

	"github.com/urfave/cli/v2"

	"github.com/wmtools/wm/lib/app"
	"github.com/wmtools/wm/lib/eshttp"
	"github.com/wmtools/wm/lib/event"
	"github.com/wmtools/wm/lib/store"
)

func main() {
	app.Main(&cli.App{
		Name:  "wm-store",
		Usage: "a small Elasticsearch in one process and one directory",
		Description: `  wm-store                                 keep events for wm-es and wm-serve
  wm-store --data /var/lib/wm --keep 30d   elsewhere, and for a month`,
		UsageText: `wm-store [flags]               serve
       wm-store COMMAND DIR [flags]   see wm-store COMMAND -h`,
		Flags:    append(flags(), quiet()),
		Before:   flagsBefore,
		Action:   serve,
		Commands: []*cli.Command{verifyCommand(), rebuildCommand(), backupCommand()},
	})
}

func flags() []cli.Flag {
	return []cli.Flag{
		&cli.StringFlag{Name: "data", Usage: "keep everything in `DIR`", DefaultText: "~/.local/share/wm-store"},
		&cli.StringFlag{Name: "listen", Value: "127.0.0.1:9200", Usage: "listen on `ADDRESS`"},
		&cli.GenericFlag{Name: "keep", Value: app.Bounded(event.ParseDuration, "", "1h", "36500d"), Usage: "delete the indices of days older than `TIME`, such as 30d"},
		memory(),
		&cli.StringFlag{Name: "users", Usage: "admit the users in `FILE`: lines NAME:BCRYPT-HASH"},
		&cli.StringFlag{Name: "hosts", Usage: "also answer to these host `NAMES`, separated by commas"},
		&cli.StringFlag{Name: "metrics", Usage: "serve /metrics and /healthz at `ADDRESS`"},
	}
}

func quiet() cli.Flag { return &cli.BoolFlag{Name: "q", Usage: "quiet: no messages"} }

func memory() cli.Flag {
	return &cli.GenericFlag{Name: "memory", Value: app.Bounded(event.ParseSize, "512MiB", "32MiB", "1024GiB"), Usage: "use about `SIZE` of memory"}
}

// flagsBefore rejects flags before a command, where they would have no effect.
func flagsBefore(c *cli.Context) error {
	if first := c.Args().First(); c.NumFlags() > 0 && c.App.Command(first) != nil {
		return app.Usage("flags must follow %s", first)
	}
	return nil
}

func serve(c *cli.Context) error {
	if c.NArg() > 0 {
		return app.Usage("unexpected argument %q", c.Args().First())
	}
	guard, err := newGuard(c)
	if err != nil {
		return err
	}
	dir, err := dataDir(c)
	if err != nil {
		return err
	}
	ln, err := guard.Listen(c.String("listen"))
	if err != nil {
		return err
	}
	s, err := store.Open(dir, options(c))
	if err != nil {
		return errors.Join(err, ln.Close())
	}
	messages := app.Messages(c)
	w := newWatch(s, app.Stderr)
	h := w.count(eshttp.Handler(s, eshttp.Options{Version: app.Version(), Failed: w.failed, Recovered: w.recovered}))
	if err := start(c, s, w, messages); err != nil {
		return errors.Join(err, ln.Close(), s.Close())
	}
	err = app.Serve(c.Context, ln, guard.Handler(h), messages, c.App.Name, "data in "+dir)
	return errors.Join(err, s.Close())
}

// start starts the background work of the server.
func start(c *cli.Context, s *store.Store, w *watch, messages io.Writer) error {
	if address := c.String("metrics"); address != "" {
		if err := app.Monitor(c.Context, address, messages, c.App.Name, w.healthy, w.write); err != nil {
			return err
		}
	}
	if c.IsSet("keep") {
		report := func(format string, args ...any) { fmt.Fprintf(messages, "wm-store: "+format+"\n", args...) }
		go prune(c.Context, s, c.Duration("keep"), report)
	}
	return nil
}
