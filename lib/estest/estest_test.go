package estest_test

import (
	"net/http/httptest"
	"testing"

	"github.com/wmtools/wm/lib/eshttp"
	"github.com/wmtools/wm/lib/estest"
	"github.com/wmtools/wm/lib/store"
)

// The real Elasticsearch is held against the same cases in the conformance tests
// of cmd.
func TestStore(t *testing.T) {
	s, err := store.Open(t.TempDir(), store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	srv := httptest.NewServer(eshttp.Handler(s, eshttp.Options{}))
	t.Cleanup(srv.Close)
	estest.Run(t, srv.URL)
}
