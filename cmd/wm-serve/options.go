package main

import (
	"errors"
	"fmt"
	"io/fs"
	"net"
	"net/http"
	"net/url"
	"strings"

	"github.com/urfave/cli/v2"

	"github.com/wmtools/wm/cmd/internal/advice"
	"github.com/wmtools/wm/cmd/internal/esconn"
	"github.com/wmtools/wm/lib/app"
	"github.com/wmtools/wm/lib/es"
	"github.com/wmtools/wm/lib/es/query"
	"github.com/wmtools/wm/lib/event"
	"github.com/wmtools/wm/lib/web"
)

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
	if err := app.ReadYAML(file, &list); errors.Is(err, fs.ErrNotExist) {
		return nil, err
	} else if err != nil {
		return nil, event.WithHint(err, "it is a list of views, each with a name and a url")
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
