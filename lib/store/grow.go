package store

import (
	"context"
	"time"
)

// maxPending is how many full tails may wait to be sealed before writers wait too.
// Normally sealing is faster than writing.
const maxPending = 3

// tailBytes is the size of sources, in bytes, at which a tail is full even with few
// documents.
const tailBytes = 256 << 20

// apply makes the writes of a transaction visible. It is called in the order of the
// transactions.
func (ix *Index) apply(written []prepared, killed []int64) {
	v := ix.view.Load()
	end := v.end
	for _, p := range written {
		if ix.tail.n >= ix.options.SegmentDocs || ix.tail.bytes >= tailBytes {
			v = ix.withTail(v)
			ix.tail = newTail(end)
			ix.wakeSealer()
		}
		for _, e := range p.entries {
			ix.tail.add(e.field, e.value)
		}
		ix.tail.end(len(p.source))
		end++
	}
	v = &view{ix.withTail(v).parts, end}
	ix.view.Store(v.kill(killed))
	ix.written.Store(time.Now().UnixMilli())
}

// withTail returns the view with all documents of the tail.
func (ix *Index) withTail(v *view) *view {
	if ix.tail.n == 0 {
		return v
	}
	p := &part{first: ix.tail.first, n: ix.tail.n, columns: ix.tail.view()}
	parts := v.parts
	if i := len(parts) - 1; i >= 0 && parts[i].first == p.first {
		if parts[i].n == p.n {
			return v
		}
		if parts[i].dead != nil {
			p.dead = newBitset(p.n)
			copy(p.dead, parts[i].dead)
		}
		parts = parts[:i]
	}
	return &view{append(parts[:len(parts):len(parts)], p), v.end}
}

// freeze starts a new tail, so that the old one can be sealed.
func (ix *Index) freeze() {
	ix.applying.Lock()
	defer ix.applying.Unlock()
	if ix.tail.n > 0 {
		ix.tail = newTail(ix.view.Load().end)
	}
}

// replace replaces parts with a new source of columns.
func (ix *Index) replace(first int64, n int, with columns) bool {
	ix.applying.Lock()
	defer ix.applying.Unlock()
	v, ok := ix.view.Load().replace(first, n, with)
	if ok {
		ix.view.Store(v)
		ix.changed()
	}
	return ok
}

// changed wakes the goroutines that wait for a part to be read or sealed. ix.applying
// is held.
func (ix *Index) changed() {
	close(ix.news)
	ix.news = make(chan struct{})
}

// awaitNews waits until a condition on the view holds.
func (ix *Index) awaitNews(ctx context.Context, ok func(*view) bool) (*view, error) {
	for {
		ix.applying.Lock()
		v, news, err := ix.view.Load(), ix.news, ix.trouble
		ix.applying.Unlock()
		switch {
		case ok(v):
			return v, nil
		case err != nil:
			return nil, err
		}
		select {
		case <-news:
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
}

// setTrouble records why parts of the index cannot be read or sealed, or with nil
// that they can.
func (ix *Index) setTrouble(err error) {
	ix.applying.Lock()
	defer ix.applying.Unlock()
	ix.trouble = err
	ix.changed()
}

// current returns the current view of the index, after all of it has been read.
// After opening, a search does not wait for the sealer to reach its index.
func (ix *Index) current(ctx context.Context) (*view, error) {
	for {
		if v := ix.view.Load(); v.whole() {
			return v, nil
		}
		if err := ix.readNext(ctx); err != nil {
			return nil, err
		}
	}
}

// readNext reads the first part that is not read yet. It seals another first
// where that would be too many in memory.
func (ix *Index) readNext(ctx context.Context) error {
	ix.sealing.Lock()
	defer ix.sealing.Unlock()
	if list := ix.pending(); len(list) >= maxPending {
		_ = ix.sealPart(ctx, list[0]) // what keeps it from being sealed need not keep others from being read
	}
	for _, p := range ix.view.Load().parts {
		if p.columns == nil {
			return ix.readGap(ctx, p)
		}
	}
	return nil
}

// pending lists the parts that are read but not sealed, except the tail.
func (ix *Index) pending() []*part {
	ix.applying.Lock()
	defer ix.applying.Unlock()
	var list []*part
	for _, p := range ix.view.Load().parts {
		if _, ok := p.columns.(*tailView); ok && (p.first != ix.tail.first || ix.tail.n == 0) {
			list = append(list, p)
		}
	}
	return list
}
