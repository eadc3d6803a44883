package store

import (
	"errors"
	"fmt"
	"slices"
	"testing"
)

// Pages of a Moment contain each document once, in one order, whatever is written
// between them.
func TestMoment(t *testing.T) { inEachLayout(t, testMoment) }

func testMoment(t *testing.T, l layout) {
	r := l.rand(5)
	s, docs := drawStore(t, r, 400, l.arrange)
	names := []string{"test-0", "test-1"}
	for _, desc := range []bool{true, false} {
		at, err := s.Now(names)
		if err != nil {
			t.Fatal(err)
		}
		if at, err = ParseMoment(at.ID()); err != nil {
			t.Fatal(err)
		}
		by := []Sort{{Field: "@timestamp", Desc: desc}}
		var want, got []string
		for _, d := range sortedBy(docs, by) {
			want = append(want, d.id)
		}
		q := Search{Query: All{}, At: at, Sort: append(by, Sort{Field: momentDoc}), Size: 30}
		for page := 0; ; page++ {
			a, err := s.Search(t.Context(), at.Names(), q)
			if err != nil {
				t.Fatal(err)
			}
			if len(a.Hits) == 0 {
				break
			}
			q.After = nil
			for _, v := range a.Hits[len(a.Hits)-1].Sort {
				q.After = append(q.After, Scalar(v))
			}
			for _, h := range a.Hits {
				got = append(got, h.ID)
			}
			d := drawDoc(r, fmt.Sprintf("new-%v-%d", desc, page))
			docs = append(docs, d)
			put(t, s, names[1], map[string]string{d.id: d.source})
		}
		if !slices.Equal(got, want) {
			t.Fatalf("descending %v: %d documents of %d, or in another order", desc, len(got), len(want))
		}
	}
}

func sortedBy(docs []drawn, by []Sort) []drawn {
	list := slices.Clone(docs)
	slices.SortStableFunc(list, naiveOrder(by))
	return list
}

func TestMomentGone(t *testing.T) {
	s := openTest(t, t.TempDir())
	put(t, s, "test-a", map[string]string{"1": `{}`})
	at, err := s.Now([]string{"test-a"})
	if err != nil {
		t.Fatal(err)
	}
	if err := s.DeleteIndex("test-a"); err != nil {
		t.Fatal(err)
	}
	put(t, s, "test-a", map[string]string{"1": `{}`})
	_, err = s.Search(t.Context(), at.Names(), Search{Query: All{}, At: at, Size: 1})
	if e, ok := errors.AsType[*Error](err); !ok || e.Kind != MomentGone {
		t.Errorf("error %v", err)
	}
	for _, id := range []string{"", "x", "!", "e30"} {
		if _, err := ParseMoment(id); err == nil {
			t.Errorf("%q is a moment", id)
		}
	}
}
