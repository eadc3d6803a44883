package match

import (
	"bytes"
	"slices"
	"sync"
	"sync/atomic"

	"github.com/wmtools/wm/lib/jsonscan"
)

// Witness records which of a predicate's fields occur in lines. A field that no
// line has is most likely a typing error. It is safe for concurrent use.
type Witness struct {
	paths *jsonscan.Paths
	left  atomic.Int32 // fields in never

	mu    sync.Mutex
	never []sighting
}

// sighting is a field that has not been seen yet.
type sighting struct {
	name string
	slot int
}

// Witness returns a new Witness for the fields of the query, except for derived
// fields and fields that must be absent.
func (p *Predicate) Witness() *Witness {
	w := &Witness{paths: &p.paths}
	for _, f := range p.fields {
		if !(f.op == Exists && f.negate) {
			w.never = append(w.never, sighting{f.name, f.slot})
		}
	}
	w.left.Store(int32(len(w.never)))
	return w
}

// Look records the fields of the lines of a block. It does nothing once all
// fields have been seen.
func (w *Witness) Look(block []byte) {
	for line := range bytes.Lines(block) {
		if w.left.Load() == 0 {
			return
		}
		if text, ok := jsonscan.Object(line); ok {
			w.look(text)
		}
	}
}

func (w *Witness) look(line []byte) {
	found := make([]jsonscan.Span, w.paths.Slots())
	if w.paths.Find(line, found) != nil {
		return
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	w.never = slices.DeleteFunc(w.never, func(s sighting) bool { return len(found[s.slot].Of(line)) > 0 })
	w.left.Store(int32(len(w.never)))
}

// Never returns the names of the fields that no line had.
func (w *Witness) Never() (names []string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, s := range w.never {
		names = append(names, s.name)
	}
	return names
}
