// Wm-serve serves a live dashboard of the events in Elasticsearch.
package main

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"strings"
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

// options returns the options of the dashboard.
func options(c *cli.Context, client *es.Client) (web.Options, error) {
	trouble := app.Outages{Out: app.Messages(c), Name: c.App.Name}
	o := web.Options{
		Searcher: query.NewReader(client),
		Index:    c.String("index"),
		Source:   withoutScheme(client.Address()),
		Version:  app.Version(),
		Title:    c.String("title"),
		OnError:  func(err error) { trouble.Warn(advice.Elasticsearch(err)) },
		Commands: commands(esconn.Args(c, append(esconn.Flags(), &cli.StringFlag{Name: "index"}))),
	}
	if c.Bool("behind-proxy") {
		o.Client = forwardedFor
	}
	if text := c.String("public-url"); text != "" {
		u, err := url.Parse(text)
		if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" || u.RawQuery != "" || u.Fragment != "" {
			return o, app.Usage("--public-url %q is not the address of a page: write it like https://tools.example/wm/", text)
		}
		o.PublicURL = u
	}
	if file := c.String("views"); file != "" {
		views, err := readViews(file)
		if err != nil {
			return o, err
		}
		o.Views = views
	}
	return o, nil
}

// newGuard returns a guard that admits this machine, --hosts, and the host of the proxy.
func newGuard(c *cli.Context, public *url.URL) (g app.Guard, err error) {
	if g.Hosts, err = app.ParseHosts(c.String("hosts")); err != nil {
		return g, app.Usage("--hosts: %w", err)
	}
	if public != nil {
		g.Hosts = append(g.Hosts, strings.ToLower(public.Hostname()))
	}
	if file := c.String("users"); file != "" {
		g.Users, err = app.ReadUsers(file)
	}
	return g, err
}

// forwardedFor returns the client address set by the nearest proxy.
func forwardedFor(r *http.Request) string {
	all := strings.Split(strings.Join(r.Header.Values("X-Forwarded-For"), ","), ",")
	if last := strings.TrimSpace(all[len(all)-1]); last != "" {
		return last
	}
	host, _, err := net.SplitHostPort(r.RemoteAddr)
	if err != nil {
		return r.RemoteAddr
	}
	return host
}

func withoutScheme(address string) string {
	_, rest, ok := strings.Cut(address, "://")
	if !ok {
		return address
	}
	return rest
}

// readViews reads named views: a list of names and addresses, of which only the query
// is used.
func readViews(file string) ([]web.NamedView, error) {
	var list []struct{ Name, URL string }
	if err := app.ReadYAML(file, &list); err != nil {
		return nil, err
	}
	var views []web.NamedView
	for i, v := range list {
		_, params, _ := strings.Cut(v.URL, "?")
		if v.Name == "" || v.URL == "" {
			return nil, fmt.Errorf("%s: view %d: name or url is missing", file, i+1)
		}
		views = append(views, web.NamedView{Name: v.Name, Params: params})
	}
	return views, nil
}
