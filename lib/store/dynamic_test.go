package store

import (
	"encoding/json"
	"strings"
	"testing"
)

// TestMappingGrows checks that new fields are searchable at once, and after the
// store is reopened.
func TestMappingGrows(t *testing.T) {
	dir := t.TempDir()
	s := openTest(t, dir)
	write := func(id, source string) error {
		return s.Write(t.Context(), []Op{{Index: "other", ID: id, Source: []byte(source)}})[0].Err
	}
	if err := write("1", `{"word":"Hello there","n":5,"o":{"when":"2026-11-01T10:00:00Z"}}`); err != nil {
		t.Fatal(err)
	}
	if err := write("2", `{"n":"not a number","more":"x"}`); err == nil {
		t.Error("accepted a value that does not fit")
	}
	const want = `{"properties":{"n":{"type":"long"},"o":{"properties":{"when":{"type":"date"}}},` +
		`"word":{"fields":{"keyword":{"ignore_above":256,"type":"keyword"}},"type":"text"}}}`
	for range 2 {
		info, err := s.Info("other")
		if err != nil || string(info.Mapping) != want { // "more" is in a rejected document
			t.Errorf("mapping %s, %v", info.Mapping, err)
		}
		for _, q := range []Query{Match{Field: "word", Text: Scalar{StringScalar, "THERE"}}, Term{"word.keyword", []Scalar{{StringScalar, "Hello there"}}},
			Term{"n", []Scalar{{NumberScalar, "5"}}}, Exists{"o"}} {
			if n, err := s.Count(t.Context(), []string{"other"}, q); n != 1 || err != nil {
				t.Errorf("%v: %d, %v", q, n, err)
			}
		}
		s.Close()
		s = openTest(t, dir)
	}
}

// TestMappingGrowsFromEveryWriter checks that concurrent writers of the same new
// fields agree on one mapping.
func TestMappingGrowsFromEveryWriter(t *testing.T) {
	s := openTest(t, t.TempDir())
	const writers, docs = 4, 25
	done := make(chan error, writers)
	for w := range writers {
		go func() {
			for i := range docs {
				name := string(rune('a' + i))
				source, _ := json.Marshal(map[string]any{name: i, "w" + string(rune('a'+w)): "x"})
				if err := s.Write(t.Context(), []Op{{Index: "other", Source: source}})[0].Err; err != nil {
					done <- err
					return
				}
			}
			done <- nil
		}()
	}
	for range writers {
		if err := <-done; err != nil {
			t.Fatal(err)
		}
	}
	info, err := s.Info("other")
	if n := strings.Count(string(info.Mapping), `"long"`); n != docs || err != nil {
		t.Errorf("%d numbers in %s, %v", n, info.Mapping, err)
	}
	for i := range docs {
		if n, err := s.Count(t.Context(), []string{"other"}, Exists{string(rune('a' + i))}); n != writers || err != nil {
			t.Errorf("field %c: %d documents, %v", 'a'+i, n, err)
		}
	}
}
