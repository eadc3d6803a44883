package estest_test

import (
	"flag"
	"net/http/httptest"
	"testing"

	"github.com/wmtools/wm/lib/eshttp"
	"github.com/wmtools/wm/lib/estest"
	"github.com/wmtools/wm/lib/store"
)

var record = flag.String("record", "", "rewrite the answers of the cases from the Elasticsearch 8.19 at this address")

// start starts the embedded store and returns its address.
func start(t *testing.T) string {
	t.Helper()
	s, err := store.Open(t.TempDir(), store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	srv := httptest.NewServer(eshttp.Handler(s, eshttp.Options{}))
	t.Cleanup(srv.Close)
	return srv.URL
}

// Real servers run the same cases in the conformance tests of cmd.
func TestStore(t *testing.T) {
	if *record != "" {
		estest.Record(t, *record, "cases")
		return
	}
	estest.Run(t, start(t))
}
