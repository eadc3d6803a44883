package store

import (
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"
	"time"
)

func str(s string) *Scalar { return &Scalar{StringScalar, s} }

func num(s string) *Scalar { return &Scalar{NumberScalar, s} }

// dateDocs are documents by id, which is their time on 2026-11-23, UTC.
var dateDocs = map[string]string{
	"0000":  `{"@timestamp":"2026-11-23"}`,
	"1000":  `{"@timestamp":"2026-11-23T10:00Z"}`,
	"1030":  `{"@timestamp":"2026-11-23T11:30:00+01:00"}`,
	"1200":  `{"@timestamp":1795435200000}`,
	"2359":  `{"@timestamp":"2026-11-23T23:59:59.9999Z"}`,
	"next":  `{"@timestamp":"2026-11-24T00:00:00,000Z"}`,
	"epoch": `{"seconds":1795435200,"@timestamp":null}`,
}

func TestDateRanges(t *testing.T) {
	s := openTest(t, t.TempDir())
	for id, doc := range sorted(dateDocs) { // one frame per document
		put(t, s, "test-a", map[string]string{id: doc})
	}
	seconds, err := ParseFormat("epoch_second")
	if err != nil {
		t.Fatal(err)
	}
	tests := []struct {
		q    Query
		want string
	}{
		{Range{From: str("2026-11-23T10"), To: str("2026-11-23T10"), WithFrom: true, WithTo: true}, "1000 1030"},
		{Range{From: str("2026-11-23T10"), WithFrom: false}, "1200 2359 next"},
		{Range{To: str("2026-11-23"), WithTo: true}, "0000 1000 1030 1200 2359"},
		{Range{To: str("2026-11-23"), WithTo: false}, ""},
		{Range{From: str("2026-11-23")}, "next"},
		{Range{From: str("2026-11-23T12:00:00.000Z"), To: str("2026-11-24"), WithFrom: true}, "1200 2359"},
		{Range{From: num("1795435200"), To: num("1795435201"), WithFrom: true, Format: seconds}, "1200"},
		{Range{From: str("2026"), WithFrom: true, To: str("2026-12"), WithTo: true}, "0000 1000 1030 1200 2359 next"},
		{Term{Values: []Scalar{*str("2026-11-24"), *num("1795435200000")}}, "1200 next"},
	}
	for _, tt := range tests {
		switch q := tt.q.(type) {
		case Range:
			q.Field = "@timestamp"
			tt.q = q
		case Term:
			q.Field = "@timestamp"
			tt.q = q
		}
		if got := strings.Join(find(t, s, tt.q), " "); got != tt.want {
			t.Errorf("%+v: %q, want %q", tt.q, got, tt.want)
		}
	}
	for _, q := range []Range{
		{Field: "seconds", From: str("1795435200.0"), To: str("1795435200.5"), WithFrom: true, WithTo: true},
		{Field: "seconds", From: num("1795435200000"), To: num("1795435200000"), WithFrom: true, WithTo: true},
		{Field: "seconds", From: num("1795435200"), To: num("1795435200"), WithFrom: true, WithTo: true, Format: seconds},
	} {
		if got := find(t, s, q); len(got) != 1 {
			t.Errorf("%v to %v: %v", *q.From, *q.To, got)
		}
	}
	if got := find(t, s, Term{"seconds", []Scalar{*num("1795435200")}}); len(got) != 0 {
		t.Errorf("a number is milliseconds, whatever the field's format: %v", got)
	}
}

func TestNumbersAreExact(t *testing.T) {
	s := openTest(t, t.TempDir())
	put(t, s, "test-a", map[string]string{
		"a": `{"ns":9007199254740992}`, "b": `{"ns":9007199254740993}`, "c": `{"ns":"9007199254740994.7"}`,
		"y": fmt.Sprintf(`{"ns":%d}`, int64(math.MinInt64)), "z": fmt.Sprintf(`{"ns":%d}`, int64(math.MaxInt64)),
	})
	tests := []struct {
		q    Query
		want string
	}{
		{Term{"ns", []Scalar{*num("9007199254740993")}}, "b"},
		{Term{"ns", []Scalar{*num("9007199254740993.0")}}, "b"},
		{Term{"ns", []Scalar{*num("9007199254740993.5")}}, ""},
		{Term{"ns", []Scalar{*num("99999999999999999999")}}, ""},
		{Range{Field: "ns", From: num("9007199254740993"), To: num("9007199254740993.5")}, ""},
		{Range{Field: "ns", From: num("9007199254740992.5"), To: num("9007199254740994")}, "b"},
		{Range{Field: "ns", From: num("9007199254740992.5"), WithFrom: true, To: num("9007199254740993.5"), WithTo: true}, "b"},
		{Range{Field: "ns", From: num("9223372036854775807")}, ""},
		{Range{Field: "ns", To: num("-9223372036854775808")}, ""},
		{Range{Field: "ns", To: num("-9223372036854775807.5")}, "y"},
	}
	for _, tt := range tests {
		if got := strings.Join(find(t, s, tt.q), " "); got != tt.want {
			t.Errorf("%+v: %q, want %q", tt.q, got, tt.want)
		}
	}
}

func TestExists(t *testing.T) {
	s := openTest(t, t.TempDir())
	put(t, s, "test-a", map[string]string{
		"exact": `{"wiki":"twelve 😀 lo"}`,
		"none":  `{"wiki":null,"title":[],"meta":{}}`, "empty": `{"wiki":"","title":""}`, "long": `{"wiki":"longer than twelve"}`,
		"dotted": `{"meta.id":"x"}`, "hidden": `{"meta":{"uri":"x"},"params":{"a":1},"other":1}`,
	})
	for field, want := range map[string]string{
		"wiki": "empty exact", "title": "empty", "title.text": "empty", "meta": "dotted", "meta.id": "dotted", "meta.uri": "", "params": "", "other": "",
	} {
		if got := strings.Join(find(t, s, Exists{field}), " "); got != want {
			t.Errorf("exists %s: %q, want %q", field, got, want)
		}
	}
	a, err := s.Search(t.Context(), []string{"test-a"}, Search{Query: All{}, Size: 10})
	if err != nil {
		t.Fatal(err)
	}
	for _, h := range a.Hits {
		if got := strings.Join(h.Ignored, " "); (got == "wiki") != (h.ID == "long") {
			t.Errorf("%s ignores %q", h.ID, got)
		}
	}
}

// TestQueriesThatDoNotFit checks that each error names the field or value.
func TestQueriesThatDoNotFit(t *testing.T) {
	s := openTest(t, t.TempDir())
	put(t, s, "test-a", map[string]string{"1": `{"wiki":"a","ns":1,"@timestamp":0}`, "2": `{"@timestamp":"2026-11-23"}`})
	if err := s.CreateIndex("other", json.RawMessage(`{"dynamic":false,"properties":{"wiki":{"type":"long"}}}`), nil); err != nil {
		t.Fatal(err)
	}
	all, agg := All{}, func(a Agg) Search { return Search{Query: All{}, Aggs: []NamedAgg{{"x", a}}} }
	tests := []struct {
		q    Search
		kind Kind
		want string
	}{
		{Search{Query: Term{"ns", []Scalar{*str("abc")}}}, BadQuery, `"abc"`},
		{Search{Query: Term{"bot", []Scalar{*num("1")}}}, BadQuery, "[1]"},
		{Search{Query: Term{"@timestamp", []Scalar{*str("now-1q")}}}, BadQuery, "date math"},
		{Search{Query: Term{"meta.uri", []Scalar{*str("x")}}}, BadQuery, "[meta.uri]"},
		{Search{Query: Term{"_index", []Scalar{*str("x")}}}, BadQuery, "[_index]"},
		{Search{Query: Range{Field: "i", From: num("99999999999")}}, BadQuery, "[99999999999] is out of range for an integer"},
		{Search{Query: Range{Field: "title.text", From: str("a")}}, BadQuery, "[title.text]"},
		{Search{Query: Bool{MustNot: []Query{Bool{Should: []Query{Match{Field: "ns", Text: *str("x")}}}}}}, BadQuery, `"x"`},
		{Search{Query: all, Sort: []Sort{{Field: "title.text"}}}, BadArgument, "[title.text]"},
		{Search{Query: all, Sort: []Sort{{Field: "nope"}}}, BadQuery, "[nope]"},
		{Search{Query: all, Sort: []Sort{{Field: "ns"}}, After: []Scalar{*str("x")}}, BadArgument, "[ns]"},
		{Search{Query: all, Sort: []Sort{{Field: "ns"}}, After: []Scalar{*num("1"), *num("1")}}, BadArgument, "2 value(s)"},
		{Search{Query: all, Sort: []Sort{{Field: "ns"}}, After: []Scalar{{NullScalar, "null"}}}, BadArgument, "[ns]"},
		{Search{Query: all, After: []Scalar{*num("1")}}, BadSearch, "Sort must"},
		{agg(Terms{Field: "title.text"}), BadArgument, "[title.text]"},
		{agg(Terms{Field: "wiki", Size: 1, Order: []Order{{By: "nope"}}}), BadArgument, "[nope]"},
		{agg(Metric{Sum, "wiki"}), BadArgument, "[wiki] of type [keyword]"},
		{agg(DateHistogram{Field: "ns", Interval: time.Hour}), BadArgument, "[ns] of type [long]"},
		{agg(DateHistogram{Field: "@timestamp", Interval: time.Second}), TooManyBuckets, "65536"},
		{agg(DateHistogram{Field: "@timestamp", Interval: time.Hour, From: str("x"), To: num("1")}), BadArgument, "[x]"},
		{agg(Filter{Query: Term{"ns", []Scalar{*str("abc")}}}), BadQuery, `"abc"`},
	}
	for _, tt := range tests {
		_, err := s.Search(t.Context(), []string{"test-a"}, tt.q)
		e, ok := errors.AsType[*Error](err)
		if !ok || e.Kind != tt.kind || !strings.Contains(e.Error(), tt.want) {
			t.Errorf("%+v: want kind %d with %q, got %v", tt.q, tt.kind, tt.want, err)
		}
	}
	if _, err := s.Search(t.Context(), []string{"other", "test-a"}, agg(Terms{Field: "wiki"})); err == nil || !strings.Contains(err.Error(), "[other]") {
		t.Errorf("a field of two types: %v", err)
	}
}

func TestHistogramBounds(t *testing.T) {
	s := openTest(t, t.TempDir())
	put(t, s, "test-a", dateDocs)
	put(t, s, "test-a", map[string]string{"before 1970": `{"@timestamp":-1}`})
	seconds, _ := ParseFormat("epoch_second")
	day := Range{Field: "@timestamp", From: str("2026-11-23"), WithFrom: true}
	none := Term{"wiki", []Scalar{*str("nobody")}}
	const h = 3600_000
	from := int64(1795392000000) // 2026-11-23
	tests := []struct {
		q    Query
		agg  DateHistogram
		want string // "hour:documents", hours since the 23rd
	}{
		{day, DateHistogram{}, "0:1 1:0 2:0 3:0 4:0 5:0 6:0 7:0 8:0 9:0 10:2 11:0 12:1 13:0 14:0 15:0 16:0 17:0 18:0 19:0 20:0 21:0 22:0 23:1 24:1"},
		{day, DateHistogram{MinDocs: 1}, "0:1 10:2 12:1 23:1 24:1"},
		{day, DateHistogram{MinDocs: 2}, "10:2"},
		{none, DateHistogram{}, ""},
		{none, DateHistogram{From: str("2026-11-23T01:30"), To: str("2026-11-23T03")}, "1:0 2:0 3:0"},
		{none, DateHistogram{From: str("1795392000"), To: num("1795395600000"), Format: seconds}, "0:0 1:0"}, // numbers are milliseconds
		{none, DateHistogram{From: str("2026-11-23T01"), To: str("2026-11-23T03"), MinDocs: 1}, ""},
		{Range{Field: "@timestamp", To: num("0")}, DateHistogram{}, fmt.Sprintf("%d:1", -1-from/h)},
	}
	for _, tt := range tests {
		tt.agg.Field, tt.agg.Interval = "@timestamp", time.Hour
		a, err := s.Search(t.Context(), []string{"test-a"}, Search{Query: tt.q, Aggs: []NamedAgg{{"x", tt.agg}}})
		if err != nil {
			t.Errorf("%+v: %v", tt.agg, err)
			continue
		}
		var got []string
		for _, b := range a.Aggs[0].Result.(Buckets).List {
			var ms int64
			fmt.Sscan(b.Key.Text, &ms)
			got = append(got, fmt.Sprintf("%d:%d", (ms-from)/h, b.Docs))
		}
		if strings.Join(got, " ") != tt.want {
			t.Errorf("%+v:\n got %v\nwant %s", tt.agg, got, tt.want)
		}
	}
}

func TestTermsOrder(t *testing.T) {
	s := openTest(t, t.TempDir())
	docs := map[string]string{}
	for i, wiki := range []string{"a", "a", "b", "c", "c", "c", "d"} {
		docs[fmt.Sprint(i)] = fmt.Sprintf(`{"wiki":["%s","%[1]s"],"ns":%d,"bot":%v}`, wiki, i, i%2 == 0)
	}
	put(t, s, "test-a", docs)
	subs := []NamedAgg{{"sum", Metric{Sum, "ns"}}, {"bots", Filter{Query: Term{"bot", []Scalar{{BoolScalar, "true"}}}}}, {"n", Cardinality{"ns"}}}
	tests := []struct {
		agg  Terms
		want string
	}{
		{Terms{Size: 10}, "c:3 a:2 b:1 d:1 +0"},
		{Terms{Size: 2}, "c:3 a:2 +2"},
		{Terms{Size: 10, MinDocs: 2}, "c:3 a:2 +0"},
		{Terms{Size: 3, Order: []Order{{"_key", true}}}, "d:1 c:3 b:1 +2"},
		{Terms{Size: 10, Order: []Order{{"_count", false}, {"_key", true}}}, "d:1 b:1 a:2 c:3 +0"},
		{Terms{Size: 10, Order: []Order{{"sum", true}}}, "c:3 d:1 b:1 a:2 +0"},
		{Terms{Size: 10, Order: []Order{{"sum.value", false}}}, "a:2 b:1 d:1 c:3 +0"},
		{Terms{Size: 10, Order: []Order{{"bots", false}, {"n", true}}}, "c:3 a:2 b:1 d:1 +0"},
	}
	for _, tt := range tests {
		tt.agg.Field, tt.agg.Subs = "wiki", subs
		a, err := s.Search(t.Context(), []string{"test-a"}, Search{Query: All{}, Aggs: []NamedAgg{{"x", tt.agg}}})
		if err != nil {
			t.Fatal(err)
		}
		r := a.Aggs[0].Result.(Buckets)
		got := ""
		for _, b := range r.List {
			got += fmt.Sprintf("%s:%d ", b.Key.Text, b.Docs)
		}
		if got += fmt.Sprintf("+%d", r.Other); got != tt.want {
			t.Errorf("%+v: %q, want %q", tt.agg, got, tt.want)
		}
	}
}

// TestTotalsAtTheEndOfAFrame checks that a search that stops early knows whether
// there is more.
func TestTotalsAtTheEndOfAFrame(t *testing.T) {
	s := openTest(t, t.TempDir())
	docs := map[string]string{}
	for i := range 2 * frameDocs {
		docs[fmt.Sprintf("%03d", i)] = `{}`
	}
	put(t, s, "test-a", docs)
	for total, atLeast := range map[int]bool{frameDocs: true, 2 * frameDocs: false, 2*frameDocs - 1: true, CountAll: false} {
		for _, size := range []int{0, 5} {
			a, err := s.Search(t.Context(), []string{"test-a"}, Search{Query: All{}, Size: size, Total: total})
			if err != nil || a.AtLeast != atLeast || atLeast && a.Total != int64(total) || !atLeast && a.Total != 2*frameDocs {
				t.Errorf("total %d, size %d: %+v %v", total, size, a, err)
			}
		}
	}
}

func TestTimeoutGivesWhatThereIs(t *testing.T) {
	s := openTest(t, t.TempDir())
	put(t, s, "test-a", map[string]string{"1": `{}`})
	a, err := s.Search(t.Context(), []string{"test-a"}, Search{Query: All{}, Total: CountAll, Timeout: 1})
	if err != nil || !a.TimedOut {
		t.Errorf("%+v %v", a, err)
	}
}

// TestSortValues checks how sort values of every kind are shown.
func TestSortValues(t *testing.T) {
	s := openTest(t, t.TempDir())
	put(t, s, "test-a", map[string]string{"1": `{"@timestamp":"2026-11-23","wiki":"a","i":3,"bot":true,"ns":9007199254740993}`, "2": `{}`})
	iso, _ := ParseFormat("strict_date_optional_time")
	a, err := s.Search(t.Context(), []string{"test-a"}, Search{Query: All{}, Size: 2, Sort: []Sort{
		{Field: "@timestamp"}, {Field: "@timestamp", Format: iso}, {Field: "wiki"}, {Field: "i"}, {Field: "i", MissingFirst: true}, {Field: "bot"},
		{Field: "ns"}, {Field: "_doc"}, {Field: "nope", Unmapped: Long}, {Field: "nope", Unmapped: Keyword},
	}})
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, h := range a.Hits {
		var texts []string
		for _, v := range h.Sort {
			texts = append(texts, v.Text)
		}
		got = append(got, strings.Join(texts, " "))
	}
	want := []string{
		"1795392000000 2026-11-23T00:00:00.000Z a 3 3 1 9007199254740993 0 9223372036854775807 null",
		"9223372036854775807 292278994-08-17T07:12:55.807Z null 2147483647 -2147483648 9223372036854775807 9223372036854775807 1 9223372036854775807 null",
	}
	if !slices.Equal(got, want) {
		t.Errorf("got  %q\nwant %q", got, want)
	}
}
