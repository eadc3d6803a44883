package web

import (
	"flag"
	"net/http/httptest"
	"testing"

	"github.com/wmtools/wm/lib/eshttp"
	"github.com/wmtools/wm/lib/store"
)

// TestViewsOverTheStore tests the dashboard in its usual setup: with wm-store, over
// HTTP.
func TestViewsOverTheStore(t *testing.T) { viewsOver(t, serveStore(t)) }

// serveStore returns the address of an empty wm-store.
func serveStore(t *testing.T) string {
	t.Helper()
	s, err := store.Open(t.TempDir(), store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	srv := httptest.NewServer(eshttp.Handler(s, eshttp.Options{Version: "test"}))
	t.Cleanup(srv.Close)
	return srv.URL
}

var server = flag.String("server", "", "test views over the Elasticsearch at this address, which has no index wm-*")

// TestViewsOverAServer tests the dashboard with the server of -server. The
// conformance tests run it.
func TestViewsOverAServer(t *testing.T) {
	if *server == "" {
		t.Skip("-server is not set")
	}
	viewsOver(t, *server)
}
