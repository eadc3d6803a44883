package store

import (
	"cmp"
	"slices"
	"strings"
)

// candidate is a document that may become a hit.
type candidate struct {
	index int
	seq   int64
	keys  []sortKey
}

// top keeps the first n candidates. It holds at most 2n+1 at a time.
type top struct {
	n    int
	by   []Sort
	list []candidate
	last *candidate // if there are n, none after this one will do
}

func (t *top) compare(a, b candidate) int {
	return cmp.Or(compareKeys(t.by, a.keys, b.keys), cmp.Compare(a.index, b.index), cmp.Compare(a.seq, b.seq))
}

// add takes a candidate in; its keys are copied if they are kept.
func (t *top) add(c candidate) {
	if t.n == 0 || t.last != nil && t.compare(c, *t.last) > 0 {
		return
	}
	kept := make([]sortKey, len(c.keys))
	for i, k := range c.keys {
		k.s = strings.Clone(k.s)
		kept[i] = k
	}
	c.keys = kept
	if t.list = append(t.list, c); len(t.list) > 2*t.n {
		t.cut()
	}
}

// cut drops what is behind the first n.
func (t *top) cut() {
	slices.SortFunc(t.list, t.compare)
	if t.n > 0 && len(t.list) >= t.n {
		t.list = t.list[:t.n]
		last := t.list[t.n-1]
		t.last = &last
	}
}
