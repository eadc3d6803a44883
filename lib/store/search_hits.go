package store

import (
	"cmp"
	"context"
	"slices"
)

// fetch reads the documents of the hits.
func (r *run) fetch(ctx context.Context, found []candidate) ([]Hit, error) {
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
		if i := slices.IndexFunc(order, func(i int) bool { return r.bound[found[i].index].ix != b.ix }); i >= 0 {
			n = i
		}
		if err := r.fetchFrom(ctx, b, found, hits, order[:n]); err != nil {
			return nil, err
		}
		order = order[n:]
	}
	return hits, nil
}

// fetchFrom reads the documents of one index. Those that were replaced
// since they were found are still there: nothing leaves a file but the file.
func (r *run) fetchFrom(ctx context.Context, b bound1, found []candidate, hits []Hit, order []int) error {
	tx, err := b.ix.snapshot(ctx)
	if err != nil {
		return err
	}
	defer tx.Rollback()
	c, err := b.open(ctx, tx)
	if err != nil {
		return err
	}
	var docs []stored
	first := int64(-1)
	for _, i := range order {
		seq := found[i].seq
		if first < 0 || seq >= first+int64(len(docs)) {
			if err := tx.QueryRowContext(ctx, "SELECT max(first) FROM frames WHERE first <= ?", seq).Scan(&first); err != nil {
				return err
			}
			if docs, err = c.load(ctx, first); err != nil {
				return err
			}
		}
		hits[i] = r.hit(b, docs[seq-first], found[i].keys)
	}
	return nil
}

func (r *run) hit(b bound1, d stored, keys []sortKey) Hit {
	h := Hit{Index: b.ix.name, ID: string([]byte(d.id)), Sort: b.sorter.show(keys), Ignored: b.ix.ignored(d.source)}
	if one := 1.0; len(r.Sort) == 0 {
		h.Score = &one
	}
	if r.Source {
		h.Source = slices.Clone(d.source)
	}
	return h
}

// ignored names the fields that have a value which the mapping leaves out.
func (ix *Index) ignored(source []byte) []string {
	var names []string
	p := parser{emit: func(f *Field, s Scalar) error {
		if _, ok, _ := f.convert(s); !ok && s.Kind != NullScalar && !slices.Contains(names, f.Name) {
			names = append(names, f.Name)
		}
		return nil
	}}
	if p.document(source, ix.mapping.root) != nil {
		return nil // it was read before
	}
	slices.Sort(names)
	return names
}
