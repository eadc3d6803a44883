// Wm-store is a small Elasticsearch in one process and one directory: the part
// of its REST API that wm-es and wm-serve use.
package main

import (
	"errors"

	"github.com/urfave/cli/v2"

	"github.com/wmtools/wm/lib/app"
	"github.com/wmtools/wm/lib/eshttp"
	"github.com/wmtools/wm/lib/store"
)

func main() {
	app.Main(&cli.App{
		Name:  "wm-store",
		Usage: "a small Elasticsearch in one process and one directory",
		Description: `  wm-store                                 keep events in ./wm-data, for wm-es and wm-serve
  wm-store --data /var/lib/wm --listen 127.0.0.1:9201`,
		UsageText: "wm-store [flags]",
		Flags: []cli.Flag{
			&cli.StringFlag{Name: "data", Value: "wm-data", Usage: "`DIR` that holds everything; made if need be"},
			&cli.StringFlag{Name: "listen", Value: "127.0.0.1:9200", Usage: "`ADDRESS` to listen on; port 0 takes a free one"},
			&cli.BoolFlag{Name: "q", Usage: "quiet: no messages"},
		},
		Action: run,
	})
}

func run(c *cli.Context) error {
	if c.NArg() > 0 {
		return app.Usage("unexpected argument %q", c.Args().First())
	}
	ln, err := app.Guard{}.Listen(c.String("listen"))
	if err != nil {
		return err
	}
	s, err := store.Open(c.String("data"), store.Options{})
	if err != nil {
		return errors.Join(err, ln.Close())
	}
	h := eshttp.Handler(s, eshttp.Options{Version: app.Version()})
	err = app.Serve(c.Context, ln, app.Guard{}.Handler(h), app.Messages(c), c.App.Name, "data in "+c.String("data"))
	return errors.Join(err, s.Close())
}
