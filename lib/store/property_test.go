package store

import (
	"cmp"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"
)

// The tests here draw documents and queries and compare the store with a naive
// evaluation over decoded JSON.

type drawn struct {
	id     string
	fields map[string]any
	source string
}

// some returns the value of a field in one document: mostly one, sometimes none,
// null or several.
func some(r *rand.Rand, one func() any) (any, bool) {
	switch r.IntN(8) {
	case 0:
		return nil, false
	case 1:
		return nil, true
	case 2:
		return []any{one(), nil, one()}, true
	}
	return one(), true
}

func drawDoc(r *rand.Rand, id string) drawn {
	d := drawn{id: id, fields: map[string]any{}}
	set := func(name string, one func() any) {
		if v, ok := some(r, one); ok {
			d.fields[name] = v
		}
	}
	set("wiki", func() any { return string(rune('a' + r.IntN(4))) })
	set("ns", func() any { return json.Number(strconv.FormatInt(9007199254740990+r.Int64N(8), 10)) })
	set("i", func() any { return json.Number(strconv.Itoa(r.IntN(100) - 50)) })
	set("bot", func() any { return r.IntN(2) == 0 })
	set("@timestamp", func() any {
		return time.UnixMilli(1790000000000 + r.Int64N(600_000)).UTC().Format("2006-01-02T15:04:05.000Z")
	})
	set("x", func() any { return json.Number(strconv.FormatFloat(float64(r.IntN(80)-40)/8, 'f', 3, 64)) })
	set("addr", func() any { return fmt.Sprintf("10.0.%d.%d", r.IntN(3), r.IntN(4)) })
	set("title", func() any { return []string{"red", "Blue sky", "red-Blue", "green", ""}[r.IntN(5)] })
	source, _ := json.Marshal(d.fields)
	d.source = string(source)
	return d
}

// values returns a field's values as strings or integers.
func (d drawn) values(field string) (list []any) {
	name, _, _ := strings.Cut(field, ".")
	v := d.fields[name]
	vs, isArray := v.([]any)
	if !isArray {
		vs = []any{v}
	}
	for _, v := range vs {
		switch v := v.(type) {
		case bool:
			n := int64(0)
			if v {
				n = 1
			}
			list = append(list, n)
		case json.Number:
			if x, err := v.Float64(); err == nil && name == "x" {
				list = append(list, x)
				continue
			}
			n, _ := v.Int64()
			list = append(list, n)
		case string:
			if t, err := time.Parse(time.RFC3339, v); err == nil {
				list = append(list, t.UnixMilli())
			} else {
				list = append(list, v)
			}
		}
	}
	return list
}

func drawScalar(r *rand.Rand, field string) Scalar {
	switch field {
	case "ns":
		return Scalar{NumberScalar, strconv.FormatInt(9007199254740990+r.Int64N(8), 10)}
	case "bot":
		return Scalar{BoolScalar, strconv.FormatBool(r.IntN(2) == 0)}
	case "x":
		return Scalar{NumberScalar, strconv.FormatFloat(float64(r.IntN(80)-40)/8, 'f', 3, 64)}
	case "addr":
		return Scalar{StringScalar, fmt.Sprintf("10.0.%d.%d", r.IntN(3), r.IntN(4))}
	case "title":
		return Scalar{StringScalar, []string{"red", "Blue sky", "", "blue"}[r.IntN(4)]}
	case "@timestamp":
		return Scalar{NumberScalar, strconv.FormatInt(1790000000000+r.Int64N(600_000), 10)}
	case "title.text":
		return Scalar{StringScalar, []string{"red", "blue", "sky", "none"}[r.IntN(4)]}
	}
	return Scalar{StringScalar, string(rune('a' + r.IntN(5)))}
}

var drawnFields = []string{"wiki", "ns", "bot", "@timestamp", "title", "title.text", "x", "addr", "unknown"}

// drawStringQuery draws a query on the strings of a dictionary.
func drawStringQuery(r *rand.Rand) Query {
	field := []string{"wiki", "title", "title.text", "unknown"}[r.IntN(4)]
	fold := r.IntN(2) == 0
	if r.IntN(2) == 0 {
		return Prefix{field, []string{"", "b", "B", "re", "Blue ", "gr*"}[r.IntN(6)], fold}
	}
	return Wildcard{field, []string{"*", "?", "b*", "*e*", "?lue*", "*LUE*", "r?d", `*\*`, "*e?", "red*blue"}[r.IntN(10)], fold}
}

func drawQuery(r *rand.Rand, depth int) Query {
	field := drawnFields[r.IntN(len(drawnFields))]
	n := r.IntN(12)
	if depth == 0 {
		n = r.IntN(9)
	}
	switch n {
	case 7:
		return drawStringQuery(r)
	case 8:
		return IDs{[]string{fmt.Sprintf("%05d", r.IntN(600)), fmt.Sprintf("%05d", r.IntN(600)), "none"}}
	case 9:
		if r.IntN(2) == 0 {
			return Boost{drawQuery(r, depth-1), 2}
		}
		return DisMax{[]Query{drawQuery(r, depth-1), Constant{drawQuery(r, depth-1), 2}}}
	case 5:
		return Phrase{"title.text", Scalar{StringScalar, []string{"Blue", "red blue", "BLUE, sky", "sky blue", "-"}[r.IntN(5)]}}
	case 6:
		return None{}
	case 0:
		return All{}
	case 1:
		return Exists{field}
	case 2:
		q := Term{Field: field}
		for range 1 + r.IntN(3) {
			q.Values = append(q.Values, drawScalar(r, field))
		}
		return q
	case 3:
		return Match{Field: "title.text", Text: Scalar{StringScalar, "Blue, " + drawScalar(r, "title.text").Text}, Every: r.IntN(2) == 0}
	case 4:
		field = []string{"wiki", "title", "ns", "@timestamp", "x", "addr", "unknown"}[r.IntN(7)]
		from, to := drawScalar(r, field), drawScalar(r, field)
		q := Range{Field: field, From: &from, To: &to, WithFrom: r.IntN(2) == 0, WithTo: r.IntN(2) == 0}
		if r.IntN(3) == 0 {
			q.From = nil
		}
		return q
	}
	var q Bool
	for _, list := range []*[]Query{&q.Must, &q.Should, &q.MustNot} {
		for range r.IntN(3) {
			*list = append(*list, drawQuery(r, depth-1))
		}
	}
	q.AtLeast = r.IntN(len(q.Should) + 1)
	return q
}

// wanted returns a constant of a query in the form of drawn.values.
func wanted(field string, s Scalar) any {
	switch field {
	case "ns", "@timestamp":
		n, _ := strconv.ParseInt(s.Text, 10, 64)
		return n
	case "x":
		x, _ := strconv.ParseFloat(s.Text, 64)
		return x
	case "bot":
		return int64(strings.Index("falsetrue", s.Text) / 5)
	}
	return s.Text
}

// naiveStrings matches strings, or the tokens of a text, with a regular expression.
func naiveStrings(field, pattern string, fold bool, d drawn) bool {
	pattern = `(?s)\A` + pattern + `\z`
	if fold {
		pattern = "(?i)" + pattern
	}
	re := regexp.MustCompile(pattern)
	return slices.ContainsFunc(d.values(field), func(v any) bool {
		if field == "title.text" {
			return slices.ContainsFunc(naiveTokens(v), re.MatchString)
		}
		return re.MatchString(v.(string))
	})
}

func naiveTokens(v any) []string {
	s, _ := v.(string)
	return strings.FieldsFunc(strings.ToLower(s), func(r rune) bool { return r == ' ' || r == '-' || r == ',' })
}

func compareAny(a, b any) int {
	switch a := a.(type) {
	case int64:
		return cmp.Compare(a, b.(int64))
	case float64:
		return cmp.Compare(a, b.(float64))
	}
	return cmp.Compare(a.(string), b.(string))
}

func naive(q Query, d drawn) bool {
	all := func(list []Query) (n int) {
		for _, sub := range list {
			if naive(sub, d) {
				n++
			}
		}
		return n
	}
	switch q := q.(type) {
	case All:
		return true
	case None:
		return false
	case IDs:
		return slices.Contains(q.IDs, d.id)
	case Constant:
		return naive(q.Query, d)
	case Boost:
		return naive(q.Query, d)
	case DisMax:
		return all(q.Queries) > 0
	case Prefix:
		return naiveStrings(q.Field, regexp.QuoteMeta(q.Value)+".*", q.FoldCase, d)
	case Wildcard:
		escaped := strings.NewReplacer(`\\\*`, `\*`, `\*`, ".*", `\?`, ".").Replace(regexp.QuoteMeta(q.Pattern))
		return naiveStrings(q.Field, escaped, q.FoldCase, d)
	case Phrase:
		want := strings.Join(naiveTokens(q.Text.Text), " ")
		return want != "" && slices.ContainsFunc(d.values(q.Field), func(v any) bool {
			return strings.Contains(" "+strings.Join(naiveTokens(v), " ")+" ", " "+want+" ")
		})
	case Exists:
		return len(d.values(q.Field)) > 0
	case Term:
		return slices.ContainsFunc(d.values(q.Field), func(v any) bool {
			return slices.ContainsFunc(q.Values, func(s Scalar) bool {
				if q.Field == "title.text" {
					return slices.Contains(naiveTokens(v), s.Text)
				}
				return v == wanted(q.Field, s)
			})
		})
	case Match:
		var have []string
		for _, v := range d.values(q.Field) {
			have = append(have, naiveTokens(v)...)
		}
		want := naiveTokens(q.Text.Text)
		missing := slices.DeleteFunc(slices.Clone(want), func(w string) bool { return slices.Contains(have, w) })
		return len(missing) == 0 || !q.Every && len(missing) < len(want)
	case Range:
		return slices.ContainsFunc(d.values(q.Field), func(v any) bool {
			above := q.From == nil || compareAny(v, wanted(q.Field, *q.From)) > 0 || q.WithFrom && v == wanted(q.Field, *q.From)
			return above && (compareAny(v, wanted(q.Field, *q.To)) < 0 || q.WithTo && v == wanted(q.Field, *q.To))
		})
	case Bool:
		return all(q.Must) == len(q.Must) && all(q.MustNot) == 0 && all(q.Should) >= q.AtLeast
	}
	panic(fmt.Sprintf("%T", q))
}

// layouts are the ways to lay out the documents of a test. Every test that compares
// answers runs in each.
var layouts = map[string]func(t *testing.T, s *Store) *Store{
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

func inEachLayout(t *testing.T, test func(t *testing.T, arrange func(t *testing.T, s *Store) *Store)) {
	for name, arrange := range layouts {
		t.Run(name, func(t *testing.T) { test(t, arrange) })
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
func drawStore(t *testing.T, r *rand.Rand, n int, arrange func(*testing.T, *Store) *Store) (*Store, []drawn) {
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

func TestQueriesAgreeWithNaiveEvaluation(t *testing.T) { inEachLayout(t, testQueries) }

func testQueries(t *testing.T, arrange func(*testing.T, *Store) *Store) {
	r := rand.New(rand.NewPCG(20, 26))
	s, docs := drawStore(t, r, 600, arrange)
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

func testPages(t *testing.T, arrange func(*testing.T, *Store) *Store) {
	r := rand.New(rand.NewPCG(7, 7))
	s, docs := drawStore(t, r, 400, arrange)
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
