package store

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"testing"
	"time"
)

// oracle is an aggregation and a simple way to compute its result.
type oracle struct {
	name string
	agg  Agg
	want func(docs []drawn) Result
}

var kolkata = time.FixedZone("", 5*3600+1800)

func number(x float64) Number { return Number{Value: x} }

func fl(x float64) *float64 { return &x }

// Documents of the oracle's queries.
var (
	wikiA = Term{"wiki", []Scalar{{StringScalar, "a"}}}
	hasX  = Exists{"x"}
)

func matching(docs []drawn, q Query) []drawn {
	return slices.DeleteFunc(slices.Clone(docs), func(d drawn) bool { return !naive(q, d) })
}

// floats returns all values of a field, sorted.
func floats(docs []drawn, field string) []float64 {
	var list []float64
	for _, d := range docs {
		for _, v := range d.values(field) {
			switch v := v.(type) {
			case float64:
				list = append(list, v)
			case int64:
				list = append(list, float64(v))
			}
		}
	}
	slices.Sort(list)
	return list
}

func naiveStats(docs []drawn) Result {
	list := floats(docs, "x")
	if len(list) == 0 {
		none := Number{None: true}
		return StatsResult{0, none, none, none, number(0)}
	}
	sum := 0.0
	for _, x := range list {
		sum += x // multiples of 1/8: exact in any order
	}
	return StatsResult{int64(len(list)), number(list[0]), number(list[len(list)-1]), number(sum / float64(len(list))), number(sum)}
}

func naiveBucket(docs []drawn, key string) Bucket {
	b := Bucket{Docs: int64(len(docs)), Subs: []NamedResult{{"stats", naiveStats(docs)}}}
	if key != "" {
		b.Key = Scalar{StringScalar, key}
	}
	return b
}

var subStats = []NamedAgg{{"stats", Stats{"x"}}}

var oracles = []oracle{
	{"filters", Filters{Queries: []NamedQuery{{"a", wikiA}, {"x", hasX}}, Other: "rest", Subs: subStats}, func(docs []drawn) Result {
		rest := matching(docs, Bool{MustNot: []Query{wikiA, hasX}})
		return Buckets{List: []Bucket{naiveBucket(matching(docs, wikiA), "a"), naiveBucket(matching(docs, hasX), "x"), naiveBucket(rest, "rest")}}
	}},
	{"without", Without{"wiki", subStats}, func(docs []drawn) Result {
		return naiveBucket(matching(docs, Bool{MustNot: []Query{Exists{"wiki"}}}), "")
	}},
	{"stats", Stats{"x"}, naiveStats},
	{"percentiles", Percentiles{"x", []float64{0, 50, 100}}, func(docs []drawn) Result {
		list := floats(docs, "x")
		r := PercentilesResult{Percents: []float64{0, 50, 100}, Values: []Number{{None: true}, {None: true}, {None: true}}}
		if n := len(list); n > 0 {
			r.Values = []Number{number(list[0]), number((list[(n-1)/2] + list[n/2]) / 2), number(list[n-1])}
		}
		return r
	}},
	{"ranges", Ranges{"i", []Span{{To: fl(0)}, {From: fl(-10), To: fl(10)}, {Key: "high", From: fl(5)}}, subStats}, func(docs []drawn) Result {
		in := func(low, high float64) []drawn {
			return slices.DeleteFunc(slices.Clone(docs), func(d drawn) bool {
				return !slices.ContainsFunc(floats([]drawn{d}, "i"), func(x float64) bool { return low <= x && x < high })
			})
		}
		a, b, c := naiveBucket(in(-1e9, 0), "*-0.0"), naiveBucket(in(-10, 10), "-10.0-10.0"), naiveBucket(in(5, 1e9), "high")
		a.To, b.From, b.To, c.From = fl(0), fl(-10), fl(10), fl(5)
		return Buckets{List: []Bucket{a, b, c}}
	}},
	{"missing", Terms{Field: "wiki", Size: 9, MinDocs: 1, Order: []Order{{By: "_key"}}, Missing: &Scalar{StringScalar, "zz"},
		Exclude: []Scalar{{StringScalar, "b"}}, Subs: subStats}, func(docs []drawn) Result {
		out := Buckets{Terms: true}
		for _, wiki := range distinct(docs, "wiki") {
			if wiki != "b" {
				out.List = append(out.List, naiveBucket(having(docs, "wiki", wiki), wiki.(string)))
			}
		}
		if none := matching(docs, Bool{MustNot: []Query{Exists{"wiki"}}}); len(none) > 0 {
			out.List = append(out.List, naiveBucket(none, "zz"))
		}
		return out
	}},
	{"by sub", Terms{Field: "ns", Size: 3, MinDocs: 2, Order: []Order{{By: "stats.max", Desc: true}}, Subs: subStats}, func(docs []drawn) Result {
		out := Buckets{Terms: true}
		for _, ns := range distinct(docs, "ns") {
			if in := having(docs, "ns", ns); len(in) >= 2 {
				b := naiveBucket(in, "")
				b.Key = Scalar{NumberScalar, strconv.FormatInt(ns.(int64), 10)}
				out.List = append(out.List, b)
				out.Other += b.Docs
			}
		}
		slices.SortStableFunc(out.List, func(a, b Bucket) int {
			x, y := a.Subs[0].Result.(StatsResult), b.Subs[0].Result.(StatsResult)
			switch {
			case x.Count == 0 || y.Count == 0:
				return cmp.Compare(min(y.Count, 1), min(x.Count, 1))
			}
			return cmp.Compare(y.Max.Value, x.Max.Value)
		})
		out.List = out.List[:min(3, len(out.List))]
		for _, b := range out.List {
			out.Other -= b.Docs
		}
		return out
	}},
	{"addresses", Terms{Field: "addr", Size: 20, MinDocs: 1, Order: []Order{{By: "_key", Desc: true}}}, func(docs []drawn) Result {
		out := Buckets{Terms: true}
		all := distinct(docs, "addr")
		slices.Reverse(all)
		for _, a := range all {
			out.List = append(out.List, Bucket{Key: Scalar{StringScalar, a.(string)}, Docs: int64(len(having(docs, "addr", a)))})
		}
		return out
	}},
	{"hours there", DateHistogram{Field: "@timestamp", Calendar: Hour, Zone: kolkata, MinDocs: 1, Subs: subStats}, func(docs []drawn) Result {
		return naiveTimes(docs, kolkata, func(t time.Time) time.Time {
			return time.Date(t.Year(), t.Month(), t.Day(), t.Hour(), 0, 0, 0, kolkata)
		})
	}},
	{"shifted", DateHistogram{Field: "@timestamp", Interval: 7 * time.Minute, Offset: 2 * time.Minute, MinDocs: 1, Subs: subStats}, func(docs []drawn) Result {
		return naiveTimes(docs, time.UTC, func(t time.Time) time.Time {
			const width, offset = 7 * 60_000, 2 * 60_000
			return time.UnixMilli((t.UnixMilli()-offset)/width*width + offset)
		})
	}},
}

func naiveTimes(docs []drawn, zone *time.Location, floor func(time.Time) time.Time) Result {
	byStart := map[int64][]drawn{}
	for _, d := range docs {
		seen := map[int64]bool{}
		for _, v := range d.values("@timestamp") {
			start := floor(time.UnixMilli(v.(int64)).In(zone)).UnixMilli()
			if !seen[start] {
				seen[start] = true
				byStart[start] = append(byStart[start], d)
			}
		}
	}
	var out Buckets
	for start, in := range sortedInts(byStart) {
		b := naiveBucket(in, "")
		b.Key, b.KeyText = Scalar{NumberScalar, strconv.FormatInt(start, 10)}, time.UnixMilli(start).In(zone).Format("2006-01-02T15:04:05.000Z07:00")
		out.List = append(out.List, b)
	}
	return out
}

func sortedInts[V any](m map[int64]V) func(func(int64, V) bool) {
	return func(yield func(int64, V) bool) {
		var keys []int64
		for k := range m {
			keys = append(keys, k)
		}
		slices.Sort(keys)
		for _, k := range keys {
			if !yield(k, m[k]) {
				return
			}
		}
	}
}

func TestAggregationsAgreeWithOracles(t *testing.T) { inEachLayout(t, testOracles) }

func testOracles(t *testing.T, l layout) {
	r := l.rand(4)
	s, docs := drawStore(t, r, 400, l.arrange)
	for range 30 {
		q := drawQuery(r, 1)
		search := Search{Query: q}
		for _, o := range oracles {
			// Once over all matches, and once in buckets.
			search.Aggs = append(search.Aggs, NamedAgg{o.name, o.agg},
				NamedAgg{o.name + " by bot", Terms{Field: "bot", Size: 2, MinDocs: 1, Order: []Order{{By: "_key"}}, Subs: []NamedAgg{{"sub", o.agg}}}})
		}
		a, err := s.Search(t.Context(), []string{"test-0", "test-1"}, search)
		if err != nil {
			t.Fatal(err)
		}
		found := matching(docs, q)
		for i, o := range oracles {
			compareResults(t, q, o.name, a.Aggs[2*i].Result, o.want(found))
			for _, b := range a.Aggs[2*i+1].Result.(Buckets).List {
				key, _ := strconv.ParseInt(b.Key.Text, 10, 64)
				compareResults(t, q, o.name+" by bot", b.Subs[0].Result, o.want(having(found, "bot", key)))
			}
		}
	}
}

func compareResults(t *testing.T, q Query, name string, got, want Result) {
	t.Helper()
	if g, w := show(got), show(want); g != w {
		t.Fatalf("%s of %+v\n got %s\nwant %s", name, q, g, w)
	}
}

// show prints a result with the limits of ranges instead of pointers.
func show(r Result) string {
	b, ok := r.(Buckets)
	if !ok {
		return fmt.Sprintf("%+v", r)
	}
	text := fmt.Sprint(b.Terms, b.Other)
	for _, k := range b.List {
		for _, limit := range []*float64{k.From, k.To} {
			if limit != nil {
				text += fmt.Sprintf(" limit %v", *limit)
			}
		}
		k.From, k.To = nil, nil
		text += fmt.Sprintf("\n %+v", k)
	}
	return text
}

// TestTopHits compares the hits of each bucket with its sorted documents.
func TestTopHits(t *testing.T) {
	inEachLayout(t, func(t *testing.T, l layout) {
		r := l.rand(6)
		s, docs := drawStore(t, r, 300, l.arrange)
		by := []Sort{{Field: "@timestamp", Desc: true}, {Field: "wiki"}}
		a, err := s.Search(t.Context(), []string{"test-0", "test-1"}, Search{Query: All{}, Aggs: []NamedAgg{
			{"wikis", Terms{Field: "wiki", Size: 9, MinDocs: 1, Subs: []NamedAgg{{"top", TopHits{Sort: by, From: 1, Size: 3, Source: true}}}}}}})
		if err != nil {
			t.Fatal(err)
		}
		for _, b := range a.Aggs[0].Result.(Buckets).List {
			in := sortedBy(having(docs, "wiki", b.Key.Text), by)
			top := b.Subs[0].Result.(HitsResult)
			if top.Total != int64(len(in)) || top.MaxScore != nil || len(top.Hits) != 3 {
				t.Fatalf("%s: %+v", b.Key.Text, top)
			}
			for i, h := range top.Hits {
				if h.ID != in[i+1].id || string(h.Source) != in[i+1].source {
					t.Errorf("%s: hit %d is %s, want %s", b.Key.Text, i, h.ID, in[i+1].id)
				}
			}
		}
	})
}

// TestSignificantTerms checks that words of the bucket that the background lacks
// come first.
func TestSignificantTerms(t *testing.T) {
	inEachLayout(t, func(t *testing.T, l layout) {
		s := openTest(t, t.TempDir(), Options{SegmentDocs: tinySegments})
		docs := map[string]string{}
		for i := range 100 {
			wiki, user := "common", "many"
			if i%10 == 0 {
				wiki = "odd"
				if i >= 30 {
					user = "rare"
				}
			}
			docs[fmt.Sprintf("%03d", i)] = fmt.Sprintf(`{"wiki":%q,"title":%q,"i":%d}`, wiki, user, i)
		}
		put(t, s, "test-0", docs)
		s = l.arrange(t, s)
		a, err := s.Search(t.Context(), []string{"test-0"}, Search{Query: Term{"wiki", []Scalar{{StringScalar, "odd"}}}, Aggs: []NamedAgg{
			{"sample", Sampler{Size: 8, Subs: []NamedAgg{{"terms", SignificantTerms{Field: "title", Size: 3, MinDocs: 2}}}}},
		}})
		if err != nil {
			t.Fatal(err)
		}
		sample := a.Aggs[0].Result.(Bucket)
		terms := sample.Subs[0].Result.(SignificantResult)
		if sample.Docs != 8 || terms.Docs != 8 || terms.Background != 100 || len(terms.List) != 1 {
			t.Fatalf("%+v", sample)
		}
		share, before := 5.0/8, 7.0/100
		if b := terms.List[0]; b.Key.Text != "rare" || b.Docs != 5 || b.Background != 7 || b.Score != (share-before)*(share/before) {
			t.Errorf("%+v", b)
		}
	})
}

// TestScores checks that rarer words, words that occur more often and shorter texts
// come first.
func TestScores(t *testing.T) {
	inEachLayout(t, func(t *testing.T, l layout) {
		s := openTest(t, t.TempDir(), Options{SegmentDocs: tinySegments})
		docs := map[string]string{}
		for i := range 40 {
			docs[fmt.Sprintf("x%02d", i)] = `{"title":"common words here","wiki":"w"}`
		}
		docs["once"] = `{"title":"rare common words"}`
		docs["twice"] = `{"title":"rare rare words"}`
		docs["long"] = `{"title":"rare and some more words that make it long"}`
		put(t, s, "test-0", docs)
		s = l.arrange(t, s)
		text := func(s string) Query { return Match{Field: "title.text", Text: Scalar{StringScalar, s}} }
		for _, tt := range []struct {
			want string
			q    Query
		}{
			{"twice once long", text("rare")},
			{"once x00 x01", text("common")},
			{"long once twice", Bool{Must: []Query{text("rare")}, Should: []Query{Constant{text("long"), 10}, Constant{text("common"), 5}}}},
			{"long once twice", DisMax{[]Query{Boost{text("rare"), 0.01}, Constant{text("long"), 3}, Constant{text("rare common"), 2}}}},
		} {
			q, want := tt.q, tt.want
			a, err := s.Search(t.Context(), []string{"test-0"}, Search{Query: q, Size: 3, Total: CountAll})
			if err != nil {
				t.Fatal(err)
			}
			got, last := "", a.MaxScore
			for _, h := range a.Hits {
				got += " " + h.ID
				if h.Score == nil || *h.Score > *last {
					t.Errorf("%+v: scores do not go down", q)
				}
				last = h.Score
			}
			if got[1:] != want {
				t.Errorf("%+v: %s, want %s", q, got, want)
			}
		}
	})
}
