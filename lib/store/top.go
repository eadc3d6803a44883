package store

import "slices"

// top keeps the first n of many elements in an order. It stores at most 2n+1.
type top[T any] struct {
	n       int
	compare func(a, b T) int
	list    []T
	full    bool // list[n-1], after cut, is the last that may remain
	last    T
}

// add adds an element.
func (t *top[T]) add(x T) {
	if t.n == 0 || t.full && t.compare(x, t.last) > 0 {
		return
	}
	if t.list = append(t.list, x); len(t.list) > 2*t.n {
		t.cut()
	}
}

// cut drops all but the first n.
func (t *top[T]) cut() {
	slices.SortFunc(t.list, t.compare)
	if t.n > 0 && len(t.list) >= t.n {
		t.list = t.list[:t.n]
		t.last, t.full = t.list[t.n-1], true
	}
}

// sorted returns the first n in order.
func (t *top[T]) sorted() []T {
	t.cut()
	return t.list
}
