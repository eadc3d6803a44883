package match

import (
	"bytes"
	"slices"
	"sync"
	"sync/atomic"
)

// Witness notes which of a predicate's fields lines have. One that no line has
// is most likely a slip. It may be used by several goroutines at once.
type Witness struct {
	tree *tree
	left atomic.Int32 // fields in never

	mu    sync.Mutex
	never []sighting
}

// sighting is a field that was not seen yet.
type sighting struct {
	name string
	slot int
}

// Witness returns one for the fields that lines have themselves: derived ones
// are left out, and so are those that are asked to be absent.
func (p *Predicate) Witness() *Witness {
	w := &Witness{tree: &p.tree}
	for _, f := range p.fields {
		if !(f.op == Exists && f.negate) {
			w.never = append(w.never, sighting{f.name, f.slot})
		}
	}
	w.left.Store(int32(len(w.never)))
	return w
}

// Look looks at the lines of a block until all fields were seen.
func (w *Witness) Look(block []byte) {
	for line := range bytes.Lines(block) {
		if w.left.Load() == 0 {
			return
		}
		if text, ok := object(bytes.TrimSpace(line)); ok {
			w.look(text)
		}
	}
}

func (w *Witness) look(line []byte) {
	found := make([]span, w.tree.slots)
	s := scan{line: line, spans: found}
	if s.run(&w.tree.root) != nil {
		return
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	w.never = slices.DeleteFunc(w.never, func(s sighting) bool { return len(found[s.slot].of(line)) > 0 })
	w.left.Store(int32(len(w.never)))
}

// Never returns the fields that no line had.
func (w *Witness) Never() (names []string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, s := range w.never {
		names = append(names, s.name)
	}
	return names
}
