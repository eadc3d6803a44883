//go:build !race

package match_test

// The race detector makes sync.Pool, which package regexp uses, drop objects at
// random.

import (
	"testing"
	"time"

	"github.com/wmtools/wm/lib/match"
	"github.com/wmtools/wm/lib/simulate"
)

// Queries that must keep up with a pipe do not allocate.
func TestNoAllocation(t *testing.T) {
	var block []byte
	for _, e := range simulate.New(3, simulate.Options{}).Take(300) {
		block = append(append(block, e.Data...), '\n')
	}
	for _, text := range []string{
		"wiki=enwiki", "wiki!=enwiki", "wiki=enwiki|dewiki|frwiki|ruwiki|itwiki", "wiki=enwiki bot=false", "length.new>100000", "namespace=0",
		"user@names.txt", "!length", "meta.domain~^en", "title~Category", "vandalism", "absent.x.y.0=1",
	} {
		p := compile(t, text, match.Options{})
		if n := testing.AllocsPerRun(5, func() { count(t, p, block) }); n > 0 {
			t.Errorf("%s: %v allocations in 300 lines", text, n)
		}
	}
	p := compile(t, "bot=true", match.Options{Since: time.Date(2026, 11, 1, 12, 0, 1, 0, time.UTC)})
	if n := testing.AllocsPerRun(5, func() { count(t, p, block) }); n > 0 {
		t.Errorf("with a bound: %v allocations in 300 lines", n)
	}
}
