package store

import (
	"slices"
	"testing"
)

// sortsFirst returns the value by which a document is sorted, or nil.
func sortsFirst(d drawn, k Sort) any {
	vs := d.values(k.Field)
	if len(vs) == 0 {
		return nil
	}
	slices.SortFunc(vs, compareAny)
	if k.Desc {
		return vs[len(vs)-1]
	}
	return vs[0]
}

func naiveOrder(by []Sort) func(a, b drawn) int {
	return func(a, b drawn) int {
		for _, k := range by {
			x, y := sortsFirst(a, k), sortsFirst(b, k)
			c := 0
			switch {
			case x == nil && y == nil:
			case x == nil || y == nil:
				c = 1
				if (x == nil) == k.MissingFirst {
					c = -1
				}
			case k.Desc:
				c = compareAny(y, x)
			default:
				c = compareAny(x, y)
			}
			if c != 0 {
				return c
			}
		}
		return 0
	}
}

// TestPagesTileTheOrder reads all hits page by page with search_after, in every
// order, and compares them with the sorted documents.
func TestPagesTileTheOrder(t *testing.T) { inEachLayout(t, testPages) }

func testPages(t *testing.T, l layout) {
	r := l.rand(7)
	s, docs := drawStore(t, r, 400, l.arrange)
	for n := range 40 {
		var by []Sort
		for _, f := range []string{"@timestamp", "wiki", "ns", "bot"}[r.IntN(3):] {
			by = append(by, Sort{Field: f, Desc: r.IntN(2) == 0, MissingFirst: r.IntN(4) == 0})
		}
		q := drawQuery(r, 1)
		want := slices.DeleteFunc(slices.Clone(docs), func(d drawn) bool { return !naive(q, d) })
		slices.SortStableFunc(want, naiveOrder(by))
		total := []int{0, 50, CountAll}[n%3]
		walk(t, s, Search{Query: q, Sort: by, Size: 30, Total: total}, want)
	}
}

// walk reads all pages. As in Elasticsearch, search_after skips documents with the
// same sort values as the last hit of a page; walk expects that.
func walk(t *testing.T, s *Store, q Search, want []drawn) {
	t.Helper()
	order := naiveOrder(q.Sort)
	matching := len(want)
	for page := 0; ; page++ {
		a, err := s.Search(t.Context(), []string{"test-0", "test-1"}, q)
		if err != nil {
			t.Fatal(err)
		}
		if q.Total == CountAll && (a.Total != int64(matching) || a.AtLeast) {
			t.Fatalf("total %d, want %d", a.Total, matching)
		}
		if q.Total == 50 && (a.Total != int64(min(matching, 50)) || a.AtLeast != (matching > 50)) {
			t.Fatalf("total %d %v, want %d", a.Total, a.AtLeast, matching)
		}
		if len(a.Hits) != min(q.Size, len(want)) {
			t.Fatalf("page %d of %+v: %d hits, %d are left", page, q, len(a.Hits), len(want))
		}
		if len(a.Hits) == 0 {
			return
		}
		for i, h := range a.Hits {
			if h.ID != want[i].id {
				t.Fatalf("page %d of %+v: hit %d is %s, want %s %s", page, q, i, h.ID, want[i].id, want[i].source)
			}
		}
		last := want[len(a.Hits)-1]
		want = want[len(a.Hits):]
		for len(want) > 0 && order(last, want[0]) == 0 {
			want = want[1:]
		}
		q.After = nil
		for _, v := range a.Hits[len(a.Hits)-1].Sort {
			q.After = append(q.After, Scalar(v))
		}
	}
}
