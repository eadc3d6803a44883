package store

import (
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
)

// testMapping has a field of each type.
const testMapping = `{"dynamic":false,"properties":{
	"@timestamp":{"type":"date"},
	"wiki":{"type":"keyword","ignore_above":12},
	"title":{"type":"keyword","fields":{"text":{"type":"text"}}},
	"ns":{"type":"long"},"i":{"type":"integer"},"s":{"type":"short"},
	"bot":{"type":"boolean"},"x":{"type":"double"},"addr":{"type":"ip"},
	"seconds":{"type":"date","format":"epoch_second"},
	"params":{"type":"object","enabled":false},
	"meta":{"properties":{"id":{"type":"keyword"},"uri":{"type":"keyword","index":false,"doc_values":false}}}}}`

// openTest opens a store with a template for test-*.
func openTest(t testing.TB, dir string, o ...Options) *Store {
	t.Helper()
	s, err := Open(dir, append(o, Options{})[0])
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	if err := s.PutTemplate(Template{Name: "test", Patterns: []string{"test-*"}, Mapping: json.RawMessage(testMapping)}); err != nil {
		t.Fatal(err)
	}
	return s
}

// put writes documents and fails the test if one is rejected.
func put(t testing.TB, s *Store, index string, docs map[string]string) {
	t.Helper()
	var ops []Op
	for id, source := range sorted(docs) {
		ops = append(ops, Op{Index: index, ID: id, Source: []byte(source)})
	}
	for _, out := range s.Write(t.Context(), ops) {
		if out.Err != nil {
			t.Fatal(out.Err)
		}
	}
}

// find returns the ids that match, in order of arrival.
func find(t testing.TB, s *Store, q Query) []string {
	t.Helper()
	names, err := s.Resolve("", IndicesOptions{AllowNoIndices: true})
	if err != nil {
		t.Fatal(err)
	}
	a, err := s.Search(t.Context(), names, Search{Query: q, Size: 1000, Total: CountAll})
	if err != nil {
		t.Fatal(err)
	}
	ids := []string{}
	for _, h := range a.Hits {
		ids = append(ids, h.ID)
	}
	if a.Total != int64(len(ids)) {
		t.Fatalf("total %d, hits %d", a.Total, len(ids))
	}
	return ids
}

func TestCreateAndIndex(t *testing.T) {
	dir := t.TempDir()
	s := openTest(t, dir)
	long := strings.Repeat("x", 40)
	steps := []struct {
		id, source string
		create     bool
		version    int64 // 0: rejected
		created    bool
	}{
		{"a", `{"ns":1}`, true, 1, true},
		{"a", `{"ns":2}`, true, 0, false},
		{"a", `{"ns":3}`, false, 2, false},
		{"a", `{"ns":4}`, false, 3, false},
		{"da75cd5f-4dc4-4954-8a88-b5b6d4fec7e4", `{}`, true, 1, true},
		{"da75cd5f-4dc4-4954-8a88-b5b6d4fec7e4", `{}`, true, 0, false},
		{"DA75CD5F-4DC4-4954-8A88-B5B6D4FEC7E4", `{}`, true, 1, true}, // another id
		{long, `{}`, true, 1, true},
	}
	// Once with a request for each step, once with one for all.
	for _, together := range []bool{false, true} {
		index := fmt.Sprintf("test-%v", together)
		var outs []Outcome
		var ops []Op
		for _, step := range steps {
			op := Op{Index: index, ID: step.id, Source: []byte(step.source)}
			if step.create {
				op.Action = Create
			}
			if ops = append(ops, op); !together {
				outs = append(outs, s.Write(t.Context(), []Op{op})...)
			}
		}
		if together {
			outs = s.Write(t.Context(), ops)
		}
		for i, step := range steps {
			out := outs[i]
			e, _ := errors.AsType[*Error](out.Err)
			switch {
			case step.version == 0 && (e == nil || e.Kind != Conflict):
				t.Errorf("%v step %d: want a conflict, got %+v", together, i, out)
			case step.version > 0 && (out.Err != nil || out.Version != step.version || (out.Effect == Created) != step.created):
				t.Errorf("%v step %d: got %+v", together, i, out)
			}
		}
		s.Close()
		s = openTest(t, dir)
		info, _ := s.Info(index)
		if info.Docs != 4 || info.Deleted != 2 {
			t.Errorf("%v: %d documents, %d deleted", together, info.Docs, info.Deleted)
		}
		a, err := s.Search(t.Context(), []string{index}, Search{Query: Term{"_id", []Scalar{{StringScalar, "a"}}}, Size: 10, Source: true})
		if err != nil || len(a.Hits) != 1 || string(a.Hits[0].Source) != `{"ns":4}` {
			t.Errorf("%v: after replacing: %v %+v", together, err, a)
		}
	}
}

func TestSourceComesBackByteForByte(t *testing.T) {
	dir := t.TempDir()
	sources := []string{
		`{}`, ` { "ns" : 1.0 , "wiki":"\u0041\/b" } `, `{"ns":9007199254740993,"big":1e400,"y":[{"z":null},[[]]]}`,
		`{"title":"東京 \ud83d\ude00 😀","params":5}`, `{"t":"` + strings.Repeat("long ", 100_000) + `"}`,
	}
	s := openTest(t, dir)
	for i, source := range sources {
		put(t, s, "test-a", map[string]string{fmt.Sprint(i): source})
	}
	s.Close()
	s = openTest(t, dir)
	a, err := s.Search(t.Context(), []string{"test-a"}, Search{Query: All{}, Size: 100, Source: true, Total: CountAll})
	if err != nil {
		t.Fatal(err)
	}
	for i, h := range a.Hits {
		if string(h.Source) != sources[i] {
			t.Errorf("%d: sent %.60q, got %.60q", i, sources[i], h.Source)
		}
	}
	if a.Total != int64(len(sources)) {
		t.Errorf("%d documents", a.Total)
	}
	for i, source := range sources {
		d, err := s.Get(t.Context(), "test-a", fmt.Sprint(i))
		if err != nil || d == nil || string(d.Source) != source || d.Version != 1 || d.Seq != int64(i) {
			t.Errorf("get %d: %.60v, %v", i, d, err)
		}
	}
	if d, err := s.Get(t.Context(), "test-a", "absent"); d != nil || err != nil {
		t.Errorf("get of an absent id: %v, %v", d, err)
	}
}

func TestTemplates(t *testing.T) {
	dir := t.TempDir()
	s := openTest(t, dir)
	refused := []Template{
		{Name: "same", Patterns: []string{"te*-x"}, Mapping: json.RawMessage(testMapping)},
		{Name: "Bad", Patterns: []string{"x"}},
		{Name: "b", Patterns: []string{"x"}, Mapping: json.RawMessage(`{"dynamic":false,"properties":{"a":{"type":"nested"}}}`)},
		{Name: "b", Patterns: []string{"x"}, Mapping: json.RawMessage(`{"dynamic":false,"properties":{"a":{"type":"keyword","normalizer":"l"}}}`)},
		{Name: "b", Patterns: []string{"x"}, Mapping: json.RawMessage(`{"dynamic":false,"properties":{"a":{"type":"date","format":"yyyy-QQ"}}}`)},
		{Name: "b", Patterns: []string{"x"}, Mapping: json.RawMessage(`{"dynamic":false,"properties":{"o":{"dynamic":"runtime"}}}`)},
		{Name: "b", Patterns: []string{"x"}, Mapping: json.RawMessage(`{"dynamic":false,"runtime":{}}`)},
	}
	for _, bad := range refused {
		if err := s.PutTemplate(bad); err == nil {
			t.Errorf("took %+v", bad)
		}
	}
	high := Template{Name: "high", Patterns: []string{"test-high*"}, Priority: 1, Mapping: json.RawMessage(`{"dynamic":false}`)}
	if err := s.PutTemplate(high); err != nil {
		t.Fatal(err)
	}
	s.Close()
	s = openTest(t, dir)
	put(t, s, "test-high", map[string]string{"1": `{"ns":"not a number"}`}) // the mapping of the template with the higher priority has no ns
	if out := s.Write(t.Context(), []Op{{Index: "other", Source: []byte(`{}`)}})[0]; out.Err != nil {
		t.Errorf("an index without a template: %v", out.Err)
	}
	if err := s.DeleteTemplate("high"); err != nil {
		t.Fatal(err)
	}
	if err := s.DeleteTemplate("high"); err == nil {
		t.Error("deleted twice")
	}
	if list, err := s.Templates("*"); err != nil || len(list) != 1 || list[0].Name != "test" {
		t.Errorf("%v %v", list, err)
	}
}

func TestOneProcessOwnsADirectory(t *testing.T) {
	dir := t.TempDir()
	s := openTest(t, dir)
	_, err := Open(dir, Options{})
	if err == nil || !strings.Contains(err.Error(), fmt.Sprintf("in use by process %d", os.Getpid())) {
		t.Errorf("second Open: %v", err)
	}
	s.Close()
	if s, err = Open(dir, Options{}); err != nil {
		t.Fatal(err)
	}
	s.Close()
	if _, err := s.Resolve("", IndicesOptions{AllowNoIndices: true}); !errors.Is(err, ErrClosed) {
		t.Errorf("after Close: %v", err)
	}
	if out := s.Write(t.Context(), []Op{{Index: "test-a", Source: []byte(`{}`)}}); !errors.Is(out[0].Err, ErrClosed) {
		t.Errorf("after Close: %v", out[0].Err)
	}
}

func TestFilesOfOtherFormatsAreRefused(t *testing.T) {
	dir := t.TempDir()
	s := openTest(t, dir)
	put(t, s, "test-a", map[string]string{"1": `{}`})
	path := s.indices["test-a"].path
	if _, err := s.indices["test-a"].write.Exec("UPDATE meta SET value = '7' WHERE key = 'format'"); err != nil {
		t.Fatal(err)
	}
	s.Close()
	if _, err := Open(dir, Options{}); err == nil || !strings.Contains(err.Error(), "file format 7, this wm-store reads 2") {
		t.Errorf("format 7: %v", err)
	}
	// A file whose creation was interrupted holds nothing and is removed; one that is not a database stays and is reported.
	if err := os.Truncate(path, 0); err != nil {
		t.Fatal(err)
	}
	s = openTest(t, dir)
	if names, _ := s.Resolve("", IndicesOptions{AllowNoIndices: true}); len(names) != 0 {
		t.Errorf("indices %v", names)
	}
	if _, err := os.Stat(path); err == nil {
		t.Error("the unfinished file is still there")
	}
	s.Close()
	if err := os.WriteFile(path, slices.Repeat([]byte("no database "), 1000), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := Open(dir, Options{}); err == nil || !strings.Contains(err.Error(), filepath.Base(path)) {
		t.Errorf("no database: %v", err)
	}
}

func TestResolve(t *testing.T) {
	s := openTest(t, t.TempDir())
	for _, name := range []string{"test-a", "test-b", "test-c"} {
		put(t, s, name, nil)
		if err := s.CreateIndex(name, nil, nil); err != nil {
			t.Fatal(err)
		}
	}
	tests := []struct {
		list string
		m    IndicesOptions
		want string
	}{
		{"", IndicesOptions{AllowNoIndices: true}, "test-a test-b test-c"},
		{"_all", IndicesOptions{AllowNoIndices: true}, "test-a test-b test-c"},
		{"test-c,test-a", IndicesOptions{AllowNoIndices: true}, "test-a test-c"},
		{"test-a,*b", IndicesOptions{AllowNoIndices: true}, "test-a test-b"},
		{"no*", IndicesOptions{AllowNoIndices: true}, ""},
		{"no*", IndicesOptions{}, "no such index [no*]"},
		{"no,test-a", IndicesOptions{AllowNoIndices: true}, "no such index [no]"},
		{"no,test-a", IndicesOptions{IgnoreUnavailable: true, AllowNoIndices: true}, "test-a"},
	}
	for _, tt := range tests {
		names, err := s.Resolve(tt.list, tt.m)
		got := strings.Join(names, " ")
		if err != nil {
			got = err.Error()
		}
		if got != tt.want {
			t.Errorf("Resolve(%q, %+v) = %q, want %q", tt.list, tt.m, got, tt.want)
		}
	}
}

// TestAllAtOnce concurrently writes, searches, deletes and creates indices of the
// same name. It is for the race detector; the only error allowed is a missing
// index.
func TestAllAtOnce(t *testing.T) {
	s := openTest(t, t.TempDir())
	var wg sync.WaitGroup
	gone := func(err error) bool {
		e, ok := errors.AsType[*Error](err)
		return err == nil || ok && e.Kind == IndexMissing
	}
	for worker := range 4 {
		wg.Go(func() {
			r := rand.New(rand.NewPCG(uint64(worker), 1))
			for n := range 40 {
				index := fmt.Sprintf("test-%d", r.IntN(2))
				switch r.IntN(8) {
				case 0:
					if err := s.DeleteIndex(index); !gone(err) {
						t.Error(err)
					}
				case 1, 2, 3:
					a, err := s.Search(t.Context(), []string{index}, Search{Query: All{}, Size: 5, Source: true,
						Aggs: []NamedAgg{{"w", Terms{Field: "wiki", Size: 3, MinDocs: 1}}}})
					if !gone(err) {
						t.Error(err)
					}
					if err == nil && a.Total > 0 && len(a.Hits) == 0 {
						t.Error("a total without hits")
					}
				default:
					source := fmt.Appendf(nil, `{"wiki":"w%d","@timestamp":%d}`, n%5, time.Now().UnixMilli())
					for _, out := range s.Write(t.Context(), []Op{{Index: index, Source: source}, {Index: index, ID: fmt.Sprint(n % 3), Source: source}}) {
						if !gone(out.Err) {
							t.Error(out.Err)
						}
					}
				}
			}
		})
	}
	wg.Wait()
}
