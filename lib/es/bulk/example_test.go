package bulk_test

import (
	"context"
	"fmt"
	"log"
	"net/http/httptest"
	"os"
	"strings"

	"github.com/wmtools/wm/lib/es"
	"github.com/wmtools/wm/lib/es/bulk"
	"github.com/wmtools/wm/lib/eshttp"
	"github.com/wmtools/wm/lib/event"
	"github.com/wmtools/wm/lib/ndjson"
	"github.com/wmtools/wm/lib/store"
)

// Events are read from NDJSON and written to a server, here an embedded one.
func Example() {
	client, stop := startServer()
	defer stop()
	in := strings.NewReader(`{"meta":{"id":"a","dt":"2026-11-23T10:00:00Z","stream":"mediawiki.recentchange"},"wiki":"enwiki"}
{"meta":{"id":"b","stream":"mediawiki.recentchange"},"wiki":"dewiki"}
`)
	ctx := context.Background()
	o := bulk.Options{OnReject: func(r bulk.Reject) error {
		fmt.Printf("line %d: %s\n", r.Line, r.Reason)
		return nil
	}}
	if _, err := bulk.EnsureTemplate(ctx, client, o); err != nil {
		log.Fatal(err)
	}
	w := bulk.NewWriter(client, o)
	report := func(err error) { fmt.Println(err) }
	if err := event.Copy(ctx, ctx, w, ndjson.NewReader(in, ndjson.Options{}), report); err != nil {
		log.Fatal(err)
	}
	l := w.Ledger()
	fmt.Printf("read %d, created %d, rejected %d\n", l.Read, l.Created, l.Rejected)
	// Output:
	// line 2: no time: meta.dt, dt and timestamp are missing or not readable
	// read 2, created 1, rejected 1
}

// startServer starts an embedded store.
func startServer() (client *es.Client, stop func()) {
	dir, err := os.MkdirTemp("", "example")
	if err != nil {
		log.Fatal(err)
	}
	s, err := store.Open(dir, store.Options{})
	if err != nil {
		log.Fatal(err)
	}
	srv := httptest.NewServer(eshttp.Handler(s, eshttp.Options{}))
	client, err = es.New(es.Options{URLs: []string{srv.URL}})
	if err != nil {
		log.Fatal(err)
	}
	return client, func() {
		srv.Close()
		_ = s.Close()
		_ = os.RemoveAll(dir)
	}
}
