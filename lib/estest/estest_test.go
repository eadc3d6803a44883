package estest_test

import (
	"flag"
	"math/rand/v2"
	"net/http/httptest"
	"testing"

	"github.com/wmtools/wm/lib/eshttp"
	"github.com/wmtools/wm/lib/estest"
	"github.com/wmtools/wm/lib/store"
)

var (
	against  = flag.String("against", "", "run the cases and random searches on the server at this address")
	seed     = flag.Uint64("seed", 77, "of random searches; 0 draws one")
	mappings = flag.Int("mappings", 20, "how many mappings are drawn, each with 100 searches")
)

var record = flag.String("record", "", "rewrite the answers of the cases from the Elasticsearch 8.19 at this address")

// start starts the embedded store and returns its address.
func start(t *testing.T, o store.Options) string {
	t.Helper()
	s, err := store.Open(t.TempDir(), o)
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
	estest.Run(t, start(t, store.Options{}))
}

// The responses do not depend on the layout of the documents: in segments of seven
// documents and a tail, some replaced and some deleted, or all in a tail.
func TestLayouts(t *testing.T) {
	estest.Compare(t, start(t, store.Options{}), start(t, store.Options{SegmentDocs: 7}),
		estest.Draws{Seed: drawSeed(), Mappings: *mappings, Searches: 100, Churn: true})
}

func TestCasesAgainst(t *testing.T) {
	if *against == "" {
		t.Skip("-against is not set")
	}
	estest.Run(t, *against)
}

func TestRandomAgainst(t *testing.T) {
	if *against == "" {
		t.Skip("-against is not set")
	}
	for _, churn := range []bool{false, true} {
		estest.Compare(t, *against, start(t, store.Options{SegmentDocs: 7}),
			estest.Draws{Seed: drawSeed(), Mappings: *mappings, Searches: 100, Churn: churn})
	}
}

func drawSeed() uint64 {
	if *seed != 0 {
		return *seed
	}
	return rand.Uint64()
}
