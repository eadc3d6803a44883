package store

import (
	"cmp"
	"context"
	"slices"
	"strings"
)

// candidate is a potential hit.
type candidate struct {
	index int
	seq   int64
	score float32
	keys  []sortKey // nil: sorted by score
}

// candidates keeps the first documents in an order.
type candidates struct {
	by []Sort
	top[candidate]
}

func newCandidates(by []Sort, n int) *candidates {
	c := &candidates{by: by}
	c.n, c.compare = n, func(a, b candidate) int {
		if len(by) == 0 {
			return cmp.Or(cmp.Compare(b.score, a.score), cmp.Compare(a.index, b.index), cmp.Compare(a.seq, b.seq))
		}
		return cmp.Or(compareKeys(by, a.keys, b.keys), cmp.Compare(a.index, b.index), cmp.Compare(a.seq, b.seq))
	}
	return c
}

// collect adds documents of a part.
func (c *candidates) collect(o *ordering, docs []uint32) {
	if c.n == 0 {
		return
	}
	for _, d := range docs {
		x := candidate{index: o.at.index, seq: o.at.part.first + int64(d), score: o.at.score(d)}
		if len(c.by) == 0 {
			c.add(x)
			continue
		}
		if c.full && c.by[0].compareKey(o.key(0, d), c.last.keys[0]) > 0 {
			continue
		}
		x.keys = o.keys(d)
		if o.after == nil || compareKeys(c.by, x.keys, o.after) > 0 {
			c.add(x)
		}
	}
}

// fetch reads the documents of the hits.
func (r *run) fetch(ctx context.Context, sorters []*sorter, found []candidate, source bool) ([]Hit, error) {
	hits := make([]Hit, len(found))
	order := make([]int, len(found)) // hits by place on disk
	for i := range order {
		order[i] = i
	}
	slices.SortFunc(order, func(a, b int) int {
		return cmp.Or(cmp.Compare(found[a].index, found[b].index), cmp.Compare(found[a].seq, found[b].seq))
	})
	for len(order) > 0 {
		b := r.bound[found[order[0]].index]
		n := len(order)
		if i := slices.IndexFunc(order, func(i int) bool { return r.bound[found[i].index] != b }); i >= 0 {
			n = i
		}
		if err := r.fetchFrom(ctx, b, sorters[b.index], found, hits, order[:n], source); err != nil {
			return nil, err
		}
		order = order[n:]
	}
	return hits, nil
}

// fetchFrom reads the documents of one index. Those replaced since they were found
// still exist: documents are never removed from a file.
func (r *run) fetchFrom(ctx context.Context, b *bound, by *sorter, found []candidate, hits []Hit, order []int, source bool) error {
	tx, err := b.ix.snapshot(ctx)
	if err != nil {
		return err
	}
	defer tx.Rollback()
	frames := sources{tx: tx}
	for _, i := range order {
		d, err := frames.doc(ctx, found[i].seq)
		if err != nil {
			return err
		}
		h := Hit{Index: b.ix.name, ID: strings.Clone(d.id), Seq: found[i].seq, Score: found[i].shownScore(by.by),
			Sort: by.show(found[i].keys), Ignored: b.ix.ignored(d.source)}
		if r.Version {
			if err := tx.QueryRowContext(ctx, "SELECT coalesce(max(version), 1) FROM ids WHERE id = ?", idKey(h.ID)).Scan(&h.Version); err != nil {
				return err
			}
		}
		if source {
			h.Source = slices.Clone(d.source)
		}
		hits[i] = h
	}
	return nil
}

// shownScore returns the score of a hit, or nil if hits are not sorted by it.
func (x candidate) shownScore(by []Sort) *float64 {
	if !sortsByScore(by) {
		return nil
	}
	score := float64(x.score)
	return &score
}

// maxScore returns the best score of sorted candidates, or nil if there are none or
// score is not the first sort key.
func maxScore(by []Sort, found []candidate) *float64 {
	if len(found) == 0 || len(by) > 0 && by[0].Field != byScore {
		return nil
	}
	return found[0].shownScore(by)
}
