// Wm-serve serves a live dashboard of the events in Elasticsearch.
package main

import (
	"time"

	"github.com/urfave/cli/v2"

	"github.com/wmtools/wm/cmd/internal/advice"
	"github.com/wmtools/wm/cmd/internal/esconn"
	"github.com/wmtools/wm/lib/app"
	"github.com/wmtools/wm/lib/es"
	"github.com/wmtools/wm/lib/es/query"
	"github.com/wmtools/wm/lib/web"
)

func main() {
	app.Main(&cli.App{
		Name:  "wm-serve",
		Usage: "a live dashboard of Wikimedia's changes",
		Description: `  wm-serve                                     show what wm-es has indexed here
  wm-serve --es https://search.example:9200    show what is in a cluster`,
		UsageText: "wm-serve [flags]",
		Flags: append(esconn.Flags(),
			&cli.StringFlag{Name: "index", Value: es.DefaultIndex, Usage: "`PATTERN` of the indices that wm-es writes"},
			&cli.StringFlag{Name: "listen", Value: "127.0.0.1:8080", Usage: "`ADDRESS` of the page; port 0 takes a free one"},
			&cli.BoolFlag{Name: "q", Usage: "quiet: no messages"}),
		Action: serve,
	})
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
	messages := app.Messages(c)
	trouble := app.Outages{Out: messages, Name: c.App.Name}
	page, err := web.Handler(web.Config{
		Searcher: query.NewReader(client),
		Index:    c.String("index"),
		Version:  app.Version(),
		Now:      time.Now,
		OnError:  func(err error) { trouble.Tell(advice.Elasticsearch(err)) },
	})
	if err != nil {
		return err
	}
	ln, err := app.Guard{}.Listen(c.String("listen"))
	if err != nil {
		return err
	}
	return app.Serve(c.Context, ln, app.Guard{}.Handler(page), messages, c.App.Name, "reading "+client.Address())
}
