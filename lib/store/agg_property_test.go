package store

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"testing"
	"time"
)

func TestAggregationsAgreeWithNaiveCounting(t *testing.T) { inEachLayout(t, testAggregations) }

func testAggregations(t *testing.T, l layout) {
	r := l.rand(3)
	s, docs := drawStore(t, r, 500, l.arrange)
	for range 60 {
		q := drawQuery(r, 1)
		a, err := s.Search(t.Context(), []string{"test-0", "test-1"}, Search{Query: q, Aggs: []NamedAgg{
			{"wikis", Terms{Field: "wiki", Size: 10, MinDocs: 1, Subs: []NamedAgg{{"ns", Cardinality{"ns"}}, {"first", Metric{Min, "@timestamp"}}}}},
			{"minutes", DateHistogram{Field: "@timestamp", Interval: time.Minute, Subs: []NamedAgg{{"sum", Metric{Sum, "i"}}}}},
			{"bots", Filter{Query: Term{"bot", []Scalar{{BoolScalar, "true"}}}, Subs: []NamedAgg{{"n", Metric{ValueCount, "wiki"}}}}},
		}})
		if err != nil {
			t.Fatal(err)
		}
		found := slices.DeleteFunc(slices.Clone(docs), func(d drawn) bool { return !naive(q, d) })
		got := fmt.Sprintf("%+v", a.Aggs)
		want := fmt.Sprintf("%+v", []NamedResult{{"wikis", naiveWikis(found)}, {"minutes", naiveMinutes(found)}, {"bots", naiveBots(found)}})
		if got != want {
			t.Fatalf("%+v\n got %s\nwant %s", q, got, want)
		}
	}
}

// distinct returns the distinct values of a field, sorted.
func distinct(docs []drawn, field string) []any {
	var all []any
	for _, d := range docs {
		all = append(all, d.values(field)...)
	}
	slices.SortFunc(all, compareAny)
	return slices.Compact(all)
}

func having(docs []drawn, field string, v any) []drawn {
	return slices.DeleteFunc(slices.Clone(docs), func(d drawn) bool { return !slices.Contains(d.values(field), v) })
}

func naiveWikis(docs []drawn) Buckets {
	out := Buckets{Terms: true}
	for _, wiki := range distinct(docs, "wiki") {
		in := having(docs, "wiki", wiki)
		first := Number{None: true}
		if times := distinct(in, "@timestamp"); len(times) > 0 {
			ms := times[0].(int64)
			first = Number{Value: float64(ms), Text: time.UnixMilli(ms).UTC().Format("2006-01-02T15:04:05.000Z")}
		}
		out.List = append(out.List, Bucket{Key: Scalar{StringScalar, wiki.(string)}, Docs: int64(len(in)),
			Subs: []NamedResult{{"ns", Count(len(distinct(in, "ns")))}, {"first", first}}})
	}
	slices.SortStableFunc(out.List, func(a, b Bucket) int { return cmp.Compare(b.Docs, a.Docs) })
	return out
}

func naiveMinutes(docs []drawn) Buckets {
	var out Buckets
	times := distinct(docs, "@timestamp")
	if len(times) == 0 {
		return out
	}
	const minute = 60_000
	for ms := times[0].(int64) / minute * minute; ms <= times[len(times)-1].(int64); ms += minute {
		in := slices.DeleteFunc(slices.Clone(docs), func(d drawn) bool {
			return !slices.ContainsFunc(d.values("@timestamp"), func(v any) bool { return v.(int64)/minute*minute == ms })
		})
		sum := 0.0
		for _, d := range in {
			for _, v := range d.values("i") {
				sum += float64(v.(int64))
			}
		}
		out.List = append(out.List, Bucket{Key: Scalar{NumberScalar, strconv.FormatInt(ms, 10)},
			KeyText: time.UnixMilli(ms).UTC().Format("2006-01-02T15:04:05.000Z"), Docs: int64(len(in)), Subs: []NamedResult{{"sum", Number{Value: sum}}}})
	}
	return out
}

func naiveBots(docs []drawn) Bucket {
	in := having(docs, "bot", int64(1))
	n := 0
	for _, d := range in {
		n += len(distinct([]drawn{d}, "wiki"))
	}
	return Bucket{Docs: int64(len(in)), Subs: []NamedResult{{"n", Count(n)}}}
}
