package store

import (
	"slices"
	"testing"
)

func TestQueriesAgreeWithNaiveEvaluation(t *testing.T) { inEachLayout(t, testQueries) }

func testQueries(t *testing.T, l layout) {
	r := l.rand(20)
	s, docs := drawStore(t, r, 600, l.arrange)
	matched := 0
	for n := range 400 {
		q := drawQuery(r, 2)
		got := find(t, s, q)
		slices.Sort(got)
		want := []string{}
		for _, d := range docs {
			if naive(q, d) {
				want = append(want, d.id)
			}
		}
		if !slices.Equal(got, want) {
			t.Fatalf("query %d: %+v\n got %d: %.300v\nwant %d: %.300v", n, q, len(got), got, len(want), want)
		}
		if len(want) > 0 && len(want) < len(docs) {
			matched++
		}
	}
	if matched < 150 {
		t.Errorf("only %d queries match some but not all documents", matched)
	}
}
