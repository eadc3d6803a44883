package store

import (
	"fmt"
	"testing"
)

// TestIdleTailsAreFrozen writes to one index after another, as a stream that is
// read again does: only the last tail stays in memory.
func TestIdleTailsAreFrozen(t *testing.T) {
	s, err := open(t.TempDir(), Options{SegmentDocs: tinySegments})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	for i, name := range []string{"test-a", "test-b", "test-c"} {
		docs := map[string]string{}
		for n := range tinySegments - 1 {
			docs[fmt.Sprint(n)] = `{"wiki":"w"}`
		}
		put(t, s, name, docs)
		s.indices[name].written.Store(int64(i))
	}
	s.freezeIdle()
	for name, want := range map[string]int{"test-a": 0, "test-b": 0, "test-c": tinySegments - 1} {
		if n := s.indices[name].tail.n; n != want {
			t.Errorf("the tail of %s has %d documents, want %d", name, n, want)
		}
	}
}
