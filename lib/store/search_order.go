package store

import (
	"math"
	"slices"
)

// order sorts the parts so that the first hits are likely to be in the first parts.
func (r *run) order() {
	if len(r.Sort) == 0 {
		return
	}
	k := r.Sort[0]
	slices.SortStableFunc(r.items, func(a, b *item) int {
		return k.compareKey(a.best(k).first(k), b.best(k).first(k))
	})
}

// best returns the range of the sort key in the part, unlimited if it is unknown.
func (it *item) best(k Sort) extent {
	n := int64(it.part.n)
	switch f := it.mapping.byName[k.Field]; {
	case k.Field == momentDoc:
		first := int64(it.place.index)<<maxDocBits | it.part.first
		return extent{first, first + n - 1, true, true}
	case k.Field == docOrder:
		return extent{it.part.first, it.part.first + n - 1, true, true}
	case f != nil && !f.hasDict() && f.Type != Text:
		if e := it.part.extent(k.Field); e.known {
			return e
		}
	}
	return extent{low: math.MinInt64, high: math.MaxInt64}
}

// first and last return the keys of the part that sort first and last.
func (e extent) first(k Sort) sortKey {
	if k.Desc {
		return sortKey{value: value{i: e.high}}
	}
	return sortKey{value: value{i: e.low}}
}

func (e extent) last(k Sort) sortKey {
	k.Desc = !k.Desc
	return e.first(k)
}

// beyond reports whether no document of a part can come before the hits so far.
func (r *run) beyond(it *item) bool {
	if !r.hits.full {
		return false
	}
	if len(r.Sort) == 0 {
		return it.query.flat != nil // a tie, and later in the order of arrival
	}
	k := r.Sort[0]
	e := it.best(k)
	if !e.known || !e.full && k.MissingFirst || e.low > e.high {
		return false
	}
	return k.compareKey(e.first(k), r.hits.last.keys[0]) > 0
}

// passed reports whether all documents of a part come before the place where the
// hits begin, and are not needed otherwise.
func (r *run) passed(it *item) bool {
	if len(r.After) == 0 || len(r.Aggs) > 0 || !r.counted() {
		return false
	}
	k := r.Sort[0]
	e := it.best(k)
	return e.known && e.full && e.low <= e.high && k.compareKey(e.last(k), it.sorter.after[0]) < 0
}

// counted reports whether enough matches were counted.
func (r *run) counted() bool {
	return r.Total != CountAll && (r.Total == 0 || r.total > int64(r.Total))
}

// enough reports whether nothing in some parts can change the answer.
func (r *run) enough(items []*item) bool {
	if len(r.Aggs) > 0 || !r.counted() {
		return false
	}
	return r.hits.n == 0 || !slices.ContainsFunc(items, func(it *item) bool { return !r.beyond(it) })
}
