package store

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"time"
)

// benchOps returns documents of about 1.3 kB that look like changes of a wiki.
func benchOps(r *rand.Rand, n int, start int64) []Op {
	words := strings.Fields("revert vandalism added citation template category article history page user talk fixed typo link section")
	ops := make([]Op, n)
	for i := range ops {
		id := fmt.Sprintf("%08x-%04x-4%03x-8%03x-%012x", r.Uint32(), r.IntN(1<<16), r.IntN(1<<12), r.IntN(1<<12), r.Int64N(1<<48))
		comment := ""
		for range 12 {
			comment += words[r.IntN(len(words))] + " "
		}
		ops[i] = Op{Index: "test-bench", ID: id, Action: Create, Source: fmt.Appendf(nil,
			`{"@timestamp":%d,"$schema":"/mediawiki/recentchange/1.0.0","meta":{"id":"%s","uri":"https://example.org/wiki/%d"},"id":%d,"wiki":"w%dwiki",`+
				`"title":"Page %d","ns":%d,"bot":%v,"comment":"%s","parsedcomment":"<a href=\"%s\">%s</a>","i":%d,"pad":"%s"}`,
			start+int64(i)*86, id, r.IntN(1e6), r.IntN(1e9), r.IntN(300), r.IntN(50_000), r.IntN(16), r.IntN(3) == 0, comment, comment, comment,
			r.IntN(4000)-1000, strings.Repeat(fmt.Sprintf("%016x", r.Uint64()), 24))}
	}
	return ops
}

func BenchmarkIngest(b *testing.B) {
	s := openTest(b, b.TempDir())
	r := rand.New(rand.NewPCG(1, 1))
	const bulk = 4000 // some 5 MB
	n := 0
	for b.Loop() {
		b.StopTimer()
		ops := benchOps(r, bulk, 1790000000000+int64(n)*86)
		b.StartTimer()
		for _, out := range s.Write(b.Context(), ops) {
			if out.Err != nil {
				b.Fatal(out.Err)
			}
		}
		n += bulk
	}
	b.ReportMetric(float64(n)/b.Elapsed().Seconds(), "docs/s")
	info, _ := s.Info("test-bench")
	b.ReportMetric(float64(info.Bytes)/float64(n), "B/doc")
}

func BenchmarkSearch(b *testing.B) {
	s := openTest(b, b.TempDir())
	r := rand.New(rand.NewPCG(1, 1))
	for n := 0; n < 100_000; n += 4000 {
		s.Write(b.Context(), benchOps(r, 4000, 1790000000000+int64(n)*86))
	}
	from, to := Scalar{NumberScalar, "1790000000000"}, Scalar{NumberScalar, "1799000000000"}
	day := Range{Field: "@timestamp", From: &from, To: &to, WithFrom: true}
	panel := Search{Query: day, Total: CountAll, Aggs: []NamedAgg{
		{"time", DateHistogram{Field: "@timestamp", Interval: time.Minute}},
		{"wikis", Terms{Field: "wiki", Size: 12, MinDocs: 1}},
		{"bytes", Metric{Sum, "i"}},
		{"pages", Cardinality{"title"}},
		{"bots", Filter{Query: Term{"bot", []Scalar{{BoolScalar, "true"}}}}},
	}}
	newest := Search{Query: day, Size: 50, Source: true, Sort: []Sort{{Field: "@timestamp", Desc: true}}}
	for name, q := range map[string]Search{"panel": panel, "newest": newest} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				if _, err := s.Search(b.Context(), []string{"test-bench"}, q); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
