package store

import (
	"context"
	"hash/crc32"
	"math/bits"
)

// loadParts finds the parts of an index: its segments, and between and after them
// parts of at most a segment's size whose documents have yet to be read.
func (ix *Index) loadParts(ctx context.Context) error {
	dead, end, err := ix.readFrames(ctx)
	if err != nil {
		return err
	}
	segments, err := ix.readSegments(ctx, end)
	if err != nil {
		return err
	}
	if err := ix.deleteOrphans(ctx, segments); err != nil {
		return err
	}
	v := &view{end: end}
	next := int64(0)
	for _, s := range segments {
		v.parts = append(v.parts, gaps(next, s.first, ix.options.SegmentDocs)...)
		v.parts = append(v.parts, &part{first: s.first, n: s.n, columns: s})
		next = s.first + int64(s.n)
	}
	v.parts = append(v.parts, gaps(next, end, ix.options.SegmentDocs)...)
	ix.view.Store(v.kill(dead))
	ix.tail = newTail(end)
	ix.nextSeq = end
	ix.live.Store(end - int64(len(dead)))
	ix.dead.Store(int64(len(dead)))
	return nil
}

// gaps returns parts without columns for the documents from first to below end.
func gaps(first, end int64, size int) []*part {
	var list []*part
	for ; first < end; first += int64(size) {
		list = append(list, &part{first: first, n: int(min(int64(size), end-first))})
	}
	return list
}

// readFrames returns the numbers of the dead documents and that of the next one.
func (ix *Index) readFrames(ctx context.Context) (dead []int64, end int64, err error) {
	rows, err := ix.read.QueryContext(ctx, "SELECT first, docs, dead FROM frames ORDER BY first")
	if err != nil {
		return nil, 0, err
	}
	defer rows.Close()
	for rows.Next() {
		var first, docs, mask int64
		if err := rows.Scan(&first, &docs, &mask); err != nil {
			return nil, 0, err
		}
		for m := uint64(mask); m != 0; m &= m - 1 {
			dead = append(dead, first+int64(bits.TrailingZeros64(m)))
		}
		end = first + docs
	}
	return dead, end, rows.Err()
}

// readSegments returns the segments that are sound as far as their directories
// tell, and deletes the others: their documents are read again.
func (ix *Index) readSegments(ctx context.Context, end int64) ([]*segment, error) {
	rows, err := ix.read.QueryContext(ctx, "SELECT first, docs, sum, directory FROM segments ORDER BY first")
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var list []*segment
	var unsound []int64
	next := int64(0)
	for rows.Next() {
		var first, docs, sum int64
		var raw []byte
		if err := rows.Scan(&first, &docs, &sum, &raw); err != nil {
			return nil, err
		}
		s, err := readDirectory(raw)
		sound := err == nil && int64(crc32.Checksum(raw, castagnoli)) == sum && int64(s.n) == docs && docs > 0
		if !sound || first < next || first+docs > end {
			unsound = append(unsound, first)
			continue
		}
		s.first, s.blocks, s.index = first, ix.blocks, ix
		next = first + docs
		list = append(list, s)
	}
	if err := rows.Err(); err != nil {
		return nil, err
	}
	for _, first := range unsound {
		if _, err := ix.write.ExecContext(ctx, "DELETE FROM segments WHERE first = ?", first); err != nil {
			return nil, err
		}
	}
	return list, nil
}
