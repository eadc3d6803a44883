// Wm-serve serves a live dashboard of the events in Elasticsearch.
package main

import (
	"context"
	"time"

	"github.com/urfave/cli/v2"

	"github.com/wmtools/wm/cmd/internal/esconn"
	"github.com/wmtools/wm/lib/app"
	"github.com/wmtools/wm/lib/es"
	"github.com/wmtools/wm/lib/web"
)

func main() {
	app.Main(&cli.App{
		Name:  "wm-serve",
		Usage: "a live dashboard of Wikimedia's changes",
		Description: `  wm-serve                                     show what wm-es has indexed here
  wm-serve --es https://search.example:9200    show what is in a cluster`,
		UsageText: "wm-serve [flags]",
		Flags:     flags(),
		Action:    serve,
	})
}

func flags() []cli.Flag {
	return append(esconn.Flags(),
		&cli.StringFlag{Name: "index", Value: es.DefaultIndex, Usage: "`PATTERN` of the indices that wm-es writes"},
		&cli.StringFlag{Name: "listen", Value: "127.0.0.1:8080", Usage: "`ADDRESS` of the page; port 0 takes a free one"},
		&cli.StringFlag{Name: "views", Usage: "offer the named views in `FILE`, in YAML"},
		&cli.StringFlag{Name: "users", Usage: "admit the users in `FILE`: lines NAME:BCRYPT-HASH"},
		&cli.StringFlag{Name: "hosts", Usage: "also answer to these host `NAMES`, separated by commas"},
		&cli.StringFlag{Name: "public-url", Usage: "the proxy serves the page at `URL`, such as https://tools.example/wm/"},
		&cli.BoolFlag{Name: "behind-proxy", Usage: "trust X-Forwarded-For for limits by client"},
		&cli.StringFlag{Name: "title", Usage: "`TEXT` at the top of the page", DefaultText: "Wikimedia changes"},
		&cli.StringFlag{Name: "metrics", Usage: "serve /metrics and /healthz at `ADDRESS`"},
		&cli.BoolFlag{Name: "q", Usage: "quiet: no messages"})
}

// searchTimeout is how long the server may not respond to a search.
const searchTimeout = 30 * time.Second

func serve(c *cli.Context) error {
	if c.NArg() > 0 {
		return app.Usage("unexpected argument %q", c.Args().First())
	}
	client, err := esconn.Connect(c, searchTimeout)
	if err != nil {
		return err
	}
	o, err := options(c, client)
	if err != nil {
		return err
	}
	guard, err := newGuard(c, o.PublicURL)
	if err != nil {
		return err
	}
	page, err := web.New(o)
	if err != nil {
		return err
	}
	defer context.AfterFunc(c.Context, page.Close)()
	ln, err := guard.Listen(c.String("listen"))
	if err != nil {
		return err
	}
	if address := c.String("metrics"); address != "" {
		if err := app.Monitor(c.Context, address, app.Messages(c), c.App.Name, page.Health, page.WriteMetrics); err != nil {
			return err
		}
	}
	return app.Serve(c.Context, ln, guard.Handler(page), app.Messages(c), c.App.Name, "reading "+client.Address())
}
