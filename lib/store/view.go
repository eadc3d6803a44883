package store

import (
	"slices"
	"sort"
)

// columns is the source of the columns of a part: a segment or a tailView.
type columns interface {
	// column returns the column of a field, or nil if no document has a value.
	column(field string, parts columnParts) (*column, error)
	// extent returns the range of a number field as far as it is known without
	// reading the column.
	extent(field string) extent
	// dictionary identifies the dictionary of a keyword field. It returns nil if the
	// dictionary still grows or does not exist.
	dictionary(field string) *dictKey
}

// extent is the range of the values of a number field. low > high means no values.
type extent struct {
	low, high int64
	full      bool // every document has a value
	known     bool
}

// part is a run of consecutive documents of an index with their columns.
type part struct {
	first   int64 // number of the first document
	n       int
	dead    bitset // documents that were replaced or deleted; nil: none
	columns        // nil: not read yet after the index was opened
}

// live returns the documents of the part that are below end and not dead.
func (p *part) live(end int64) set {
	s := set{all: true}
	if p.dead != nil {
		s = s.andNot(setOf(p.dead), p.n)
	}
	if n := end - p.first; n < int64(p.n) {
		b := s.of(p.n)
		for i := max(n, 0); i < int64(p.n); i++ {
			b.clear(uint32(i))
		}
		s = setOf(b)
	}
	return s
}

// view is a snapshot of an index: its parts in order. It is immutable.
type view struct {
	parts []*part
	end   int64 // number of the next document
}

// find returns the index of the part that contains a document.
func (v *view) find(seq int64) int {
	return sort.Search(len(v.parts), func(i int) bool { return v.parts[i].first+int64(v.parts[i].n) > seq })
}

// whole reports whether all parts have been read.
func (v *view) whole() bool {
	return !slices.ContainsFunc(v.parts, func(p *part) bool { return p.columns == nil })
}

// kill returns the view with some documents marked dead.
func (v *view) kill(seqs []int64) *view {
	if len(seqs) == 0 {
		return v
	}
	out := &view{slices.Clone(v.parts), v.end}
	fresh := map[int]bool{}
	for _, seq := range seqs {
		i := out.find(seq)
		if i == len(out.parts) {
			continue
		}
		if !fresh[i] {
			p := *out.parts[i]
			p.dead = newBitset(p.n)
			copy(p.dead, out.parts[i].dead)
			out.parts[i], fresh[i] = &p, true
		}
		out.parts[i].dead.set(uint32(seq - out.parts[i].first))
	}
	return out
}

// replace returns the view with a new source of columns for the parts that contain
// the n documents from first on. ok is false if there are no such parts.
func (v *view) replace(first int64, n int, with columns) (out *view, ok bool) {
	low := slices.IndexFunc(v.parts, func(p *part) bool { return p.first == first })
	if low < 0 {
		return v, false
	}
	merged := &part{first: first, columns: with}
	high := low
	for ; high < len(v.parts) && merged.n < n; high++ {
		p := v.parts[high]
		for _, d := range p.dead.append(nil) {
			if merged.dead == nil {
				merged.dead = newBitset(n)
			}
			merged.dead.set(uint32(merged.n) + d)
		}
		merged.n += p.n
	}
	if merged.n != n {
		return v, false
	}
	parts := append(slices.Clone(v.parts[:low]), merged)
	return &view{append(parts, v.parts[high:]...), v.end}, true
}
