package store

import (
	"context"
	"fmt"
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
	err = eachRow(ctx, ix.read, "SELECT first, docs, dead FROM frames ORDER BY first", nil, func(scan row) error {
		var first, docs, mask int64
		if err := scan(&first, &docs, &mask); err != nil {
			return err
		}
		for m := uint64(mask); m != 0; m &= m - 1 {
			dead = append(dead, first+int64(bits.TrailingZeros64(m)))
		}
		end = first + docs
		return nil
	})
	return dead, end, err
}

// readSegments returns the segments whose directories are valid, and deletes the
// others: their documents are read again.
func (ix *Index) readSegments(ctx context.Context, end int64) ([]*segment, error) {
	var list []*segment
	var invalid []int64
	next := int64(0)
	err := eachSegment(ctx, ix.read, func(first int64, s *segment, err error) {
		if err != nil || first < next || first+int64(s.n) > end {
			invalid = append(invalid, first)
			return
		}
		s.blocks, s.index = ix.blocks, ix
		next = first + int64(s.n)
		list = append(list, s)
	})
	for _, first := range invalid {
		if err == nil {
			_, err = ix.write.ExecContext(ctx, "DELETE FROM segments WHERE first = ?", first)
		}
	}
	return list, err
}

// eachSegment calls visit for each segment of a file, in order, with its first
// document and the error of an invalid directory.
func eachSegment(ctx context.Context, q querier, visit func(first int64, s *segment, err error)) error {
	return eachRow(ctx, q, "SELECT first, docs, sum, directory FROM segments ORDER BY first", nil, func(scan row) error {
		var first, docs, sum int64
		var raw []byte
		if err := scan(&first, &docs, &sum, &raw); err != nil {
			return err
		}
		s, err := readDirectory(raw)
		switch {
		case err != nil:
		case int64(crc32.Checksum(raw, castagnoli)) != sum:
			err = fmt.Errorf("%w: checksum of the directory", errSegment)
		case int64(s.n) != docs || docs == 0:
			err = fmt.Errorf("%w: %d documents instead of %d", errSegment, s.n, docs)
		default:
			s.first = first
		}
		visit(first, s, err)
		return nil
	})
}
