package web

import (
	"fmt"
	"testing"
	"time"

	"github.com/wmtools/wm/lib/es"
	"github.com/wmtools/wm/lib/es/query"
)

// TestGaps checks that a time in which nothing was collected is a gap in every view that
// contains it, whatever the query, and that a time without matches is not.
func TestGaps(t *testing.T) {
	c, err := es.New(es.Options{URLs: []string{serveStore(t)}})
	if err != nil {
		t.Fatal(err)
	}
	var lines []string
	for at := noon.Add(-4 * 24 * time.Hour); at.Before(noon); at = at.Add(5 * time.Second) {
		if hours := noon.Sub(at).Hours(); hours > 1 && hours < 1.5 || hours > 70 && hours < 76 {
			continue
		}
		lines = append(lines, fmt.Sprintf(`{"meta":{"id":"gap-%d","dt":%q,"domain":"en.wikipedia.org","stream":"mediawiki.recentchange"},"wiki":"enwiki","type":"edit"}`, at.Unix(), at.Format(time.RFC3339)))
	}
	put(t, c, es.DefaultIndex, lines...)
	d := dash(t, query.NewReader(c))
	recent := gap{noon.Add(-90 * time.Minute).UnixMilli(), noon.Add(-time.Hour).UnixMilli()}
	old := gap{noon.Add(-76 * time.Hour).UnixMilli(), noon.Add(-70 * time.Hour).UnixMilli()}
	for params, want := range map[string][]gap{
		"range=6h": {recent}, "range=6h&q=wiki%3Ddewiki": {recent}, "range=15m": {}, "range=7d": {old, recent},
		"from=2026-11-20T08:00:00Z&to=2026-11-20T20:00:00Z":              {old},
		"from=2026-11-20T05:00:00Z&to=2026-11-20T11:00:00Z":              {{old.From, noon.Add(-73 * time.Hour).UnixMilli()}},
		"from=2026-11-21T08:00:00Z&to=2026-11-21T20:00:00Z&q=bot%3Dtrue": {},
	} {
		a := ask(t, d, "/api/v1/view?"+params)
		if len(a.Gaps) != len(want) {
			t.Errorf("%s: gaps %v, want %v", params, a.Gaps, want)
			continue
		}
		for i, g := range a.Gaps {
			if !near(g.From, want[i].From) || !near(g.To, want[i].To) {
				t.Errorf("%s: gap %v, want %v", params, g, want[i])
			}
		}
	}
}

// near allows for the precision of a long view.
func near(a, b int64) bool { return time.Duration(max(a-b, b-a))*time.Millisecond <= 10*time.Minute }

func TestBursts(t *testing.T) {
	w := dayBefore(noon)
	counts := func(count func(i int) int64) []query.Bucket {
		buckets := make([]query.Bucket, w.buckets())
		for i := range buckets {
			buckets[i].Count = count(i)
		}
		return buckets
	}
	for name, tt := range map[string]struct {
		count func(i int) int64
		want  int
	}{
		"none":                 {func(int) int64 { return 0 }, 0},
		"steady":               {func(int) int64 { return 40 }, 0},
		"steady since an hour": {func(i int) int64 { return 40 * int64(i/1440) }, 0},
		"off for most of it":   {func(i int) int64 { return map[bool]int64{true: 40}[i < 60 || i > 1400] }, 1},
		"quiet":                {func(i int) int64 { return int64(i % 2) }, 0},
		"bursts":               {func(i int) int64 { return 100 * int64(i%3/2) }, 0},
	} {
		if got := gaps(w, counts(tt.count)); len(got) != tt.want {
			t.Errorf("%s: %d gaps", name, len(got))
		}
	}
}
