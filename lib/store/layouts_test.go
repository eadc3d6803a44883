package store

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
)

// arrangement lays out the documents of a store, which may be opened again for it.
type arrangement func(t *testing.T, s *Store) *Store

// layouts are the ways to lay out the documents of a test. Every test that compares
// answers runs in each.
var layouts = map[string]arrangement{
	"in the tail": func(_ *testing.T, s *Store) *Store { return s },
	"sealed and in the tail": func(t *testing.T, s *Store) *Store {
		sealFull(t, s)
		return s
	},
	"sealed": func(t *testing.T, s *Store) *Store {
		sealEverything(t, s)
		return s
	},
	"opened again": func(t *testing.T, s *Store) *Store {
		s.Close()
		return openTest(t, s.dir)
	},
	"sealed and opened again": func(t *testing.T, s *Store) *Store {
		sealEverything(t, s)
		s.Close()
		return openTest(t, s.dir)
	},
}

// tinySegments is how many documents a segment has in tests that force many.
const tinySegments = 7

// layout is one run of a test: how documents are laid out, and which ones are drawn.
type layout struct {
	arrange arrangement
	round   uint64
}

// rand returns random numbers, others in each round.
func (l layout) rand(test uint64) *rand.Rand { return rand.New(rand.NewPCG(test, l.round)) }

// inEachLayout runs a test in each layout, with -soak for several rounds.
func inEachLayout(t *testing.T, test func(t *testing.T, l layout)) {
	for round := range *soak {
		for name, arrange := range layouts {
			t.Run(fmt.Sprintf("%s, round %d", name, round), func(t *testing.T) { test(t, layout{arrange, uint64(round)}) })
		}
	}
}

// sealFull seals the full tails.
func sealFull(t testing.TB, s *Store) {
	for _, ix := range s.all() {
		ix.sealAll(t.Context())
		ix.applying.Lock()
		err := ix.trouble
		ix.applying.Unlock()
		if err != nil {
			t.Fatal(err)
		}
	}
}

// sealEverything also seals the tails that are not full.
func sealEverything(t testing.TB, s *Store) {
	for _, ix := range s.all() {
		ix.freeze()
	}
	sealFull(t, s)
	for _, ix := range s.all() {
		for _, p := range ix.view.Load().parts {
			if _, ok := p.columns.(*segment); !ok {
				t.Fatalf("%s: a part of %d documents is not sealed", ix.name, p.n)
			}
		}
	}
}

// drawStore fills two indices. Some documents are written twice, so that there are
// dead ones.
func drawStore(t *testing.T, r *rand.Rand, n int, arrange arrangement) (*Store, []drawn) {
	s := openTest(t, t.TempDir(), Options{SegmentDocs: tinySegments})
	docs := make([]drawn, n)
	var ops []Op
	for i := range docs {
		id := fmt.Sprintf("%05d", i)
		index := fmt.Sprintf("test-%d", i*2/n)
		for range 1 + r.IntN(5)/4 {
			docs[i] = drawDoc(r, id)
			ops = append(ops, Op{Index: index, ID: id, Source: []byte(docs[i].source)})
		}
	}
	for chunk := range slices.Chunk(ops, 97) { // frames of 64 and of 33
		for _, out := range s.Write(t.Context(), chunk) {
			if out.Err != nil {
				t.Fatal(out.Err)
			}
		}
	}
	return arrange(t, s), docs
}
