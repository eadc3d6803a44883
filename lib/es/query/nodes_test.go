package query

import (
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/wmtools/wm/lib/es"
)

// deadAddress returns an address where no server listens.
func deadAddress(t *testing.T) string {
	t.Helper()
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer ln.Close()
	return "http://" + ln.Addr().String()
}

// Hits come from the node that is up, whichever is asked first.
func TestHitsWhileANodeIsDown(t *testing.T) {
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		_, _ = io.WriteString(w, `{"took":1,"timed_out":false,"_shards":{"total":1,"failed":0},"hits":{"hits":[{"_id":"a","_source":{"a":1},"sort":[1]}]}}`)
	}))
	defer srv.Close()
	for _, urls := range [][]string{{srv.URL, deadAddress(t)}, {deadAddress(t), srv.URL}} {
		c, err := es.New(es.Options{URLs: urls})
		if err != nil {
			t.Fatal(err)
		}
		for range 4 {
			hits := 0
			err := NewReader(c).Each(t.Context(), "wm", matchAll, ByTime(true), 1, func(Hit) error {
				hits++
				return nil
			})
			if err != nil || hits != 1 {
				t.Errorf("%v: %d hits, %v", urls, hits, err)
			}
		}
	}
}
