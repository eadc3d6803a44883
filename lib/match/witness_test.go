package match_test

import (
	"slices"
	"testing"

	"github.com/wmtools/wm/lib/match"
)

func TestWitness(t *testing.T) {
	p := compile(t, "--query wiki=enwiki length.new>1 typo=x !gone -other wm.delta=1 word", match.Options{})
	w := p.Witness()
	w.Look([]byte("noise\n{\"wiki\":\"dewiki\",\"length\":{\"old\":1}}\n\n"))
	if got, want := w.Never(), []string{"length.new", "typo"}; !slices.Equal(got, want) {
		t.Errorf("not seen: %q, want %q", got, want)
	}
	w.Look([]byte(`{"typo":null,"length":{"new":2}}`))
	if got := w.Never(); len(got) > 0 {
		t.Errorf("not seen: %q", got)
	}
}
