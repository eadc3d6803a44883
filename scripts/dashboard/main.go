// Command dashboard draws the dashboard over synthetic events, as a PNG picture for
// the README. It needs Chromium. The same fonts give the same picture.
//
//	go run ./scripts/dashboard > scripts/pictures/dashboard.png
package main

import (
	"context"
	"flag"
	"fmt"
	"io"
	"net/http/httptest"
	"os"
	"os/signal"

	"github.com/wmtools/wm/lib/es"
	"github.com/wmtools/wm/lib/es/query"
	"github.com/wmtools/wm/lib/eshttp"
	"github.com/wmtools/wm/lib/store"
	"github.com/wmtools/wm/lib/web"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	p := photo{}
	flag.Int64Var(&p.width, "width", 1280, "width in pixels")
	flag.Int64Var(&p.height, "height", 860, "height in pixels")
	flag.BoolVar(&p.dark, "dark", false, "use dark colors")
	params := flag.String("params", "split=kind", "parameters of the view")
	flag.Parse()
	if err := run(ctx, os.Stdout, p, *params); err != nil {
		fmt.Fprintln(os.Stderr, "dashboard:", err)
		os.Exit(2)
	}
}

// run serves the dashboard over an embedded store and draws it.
func run(ctx context.Context, out io.Writer, p photo, params string) error {
	dir, err := os.MkdirTemp("", "wm-dashboard")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	s, err := store.Open(dir, store.Options{})
	if err != nil {
		return err
	}
	defer s.Close()
	node := httptest.NewServer(eshttp.Handler(s, eshttp.Options{}))
	defer node.Close()
	client, err := es.New(es.Options{URLs: []string{node.URL}})
	if err != nil {
		return err
	}
	if err := fill(ctx, client); err != nil {
		return err
	}
	d, err := web.New(web.Options{Searcher: query.NewReader(client), Index: es.DefaultIndex, Source: "wm-store", Version: "dev", Now: now})
	if err != nil {
		return err
	}
	defer d.Close()
	page := httptest.NewServer(d)
	defer page.CloseClientConnections()
	picture, err := p.take(ctx, page.URL+"/?"+params)
	if err != nil {
		return err
	}
	return writePNG(out, picture)
}
