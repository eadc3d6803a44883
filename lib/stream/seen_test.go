package stream

import (
	"fmt"
	"slices"
	"testing"
)

func TestIDsComeBackAsTheyWere(t *testing.T) {
	for _, id := range []string{
		"0a1b2c3d-4e5f-4061-8b9c-0123456789ab", "0A1B2C3D-4E5F-4061-8B9C-0123456789AB", "0a1b2c3d-4e5f-4061-8b9c-0123456789a",
		"0a1b2c3d-4e5f-4061-8b9c-0123456789ag", "0a1b2c3d44e5f-4061-8b9c-0123456789ab", "x", "\xff\x00",
	} {
		if got := parseID(id).String(); got != id {
			t.Errorf("%q comes back as %q", id, got)
		}
	}
}

// An event known only from a cursor is dropped once, and remembered from then on.
func TestSeenOfACursor(t *testing.T) {
	var s seen
	s.resume([]string{"a", "b"})
	s.connected()
	if repeat, remembered := s.repeated("a"); !repeat || remembered {
		t.Errorf("a: repeat %v, remembered %v", repeat, remembered)
	}
	s.add(partition{"t", 0}, "a", 5, 0)
	if repeat, _ := s.repeated("a"); repeat {
		t.Error("in one connection a comes twice")
	}
	s.connected() // cut before b
	for _, id := range []string{"a", "b"} {
		if repeat, remembered := s.repeated(id); !repeat || remembered != (id == "a") {
			t.Errorf("%s: repeat %v, remembered %v", id, repeat, remembered)
		}
	}
	s.add(partition{"t", 0}, "b", 6, 0)
	if ids := s.ids(); !slices.Equal(ids, []string{"a", "b"}) {
		t.Errorf("left are %q", ids)
	}
}

// After a message dated tomorrow, no later one is forgotten, because the server
// will send them again. The memory is bounded even so.
func TestSeenIsBounded(t *testing.T) {
	var s seen
	tp := partition{"t", 0}
	s.add(tp, "tomorrow", 1<<40, 0)
	for i := range 3 * maxSeen {
		s.add(tp, fmt.Sprint(i), int64(i), int64(i))
	}
	if s.n > maxSeen || !s.full {
		t.Errorf("%d are remembered, full is %v", s.n, s.full)
	}
	if q := s.queues[tp]; cap(q.items) > 4*maxSeen {
		t.Errorf("the queue has a capacity of %d", cap(q.items))
	}
}
