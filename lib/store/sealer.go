package store

import (
	"cmp"
	"context"
	"database/sql"
	"hash/crc32"
	"slices"
	"time"
)

// A tail that is not full is sealed after a time without a write: quiet, or long if
// the tail is small compared to the segment it will be merged with. So a slow stream
// does not rewrite that segment all the time.
const (
	quiet = 30 * time.Second
	long  = 15 * time.Minute
	small = 8 // the segment is at least this many times as large
)

// wakeSealer makes the sealer check the indices now.
func (ix *Index) wakeSealer() {
	select {
	case ix.wake <- struct{}{}:
	default:
	}
}

// sealing seals parts of all indices until ctx is done, when the store is closed.
func (s *Store) sealing(ctx context.Context) {
	defer s.background.Done()
	tick := time.NewTicker(quiet / 3)
	defer tick.Stop()
	for {
		s.freezeIdle()
		for _, ix := range s.all() {
			if ctx.Err() != nil {
				return
			}
			ix.sealAll(ctx)
		}
		s.vocabularies.trim()
		select {
		case <-ctx.Done():
			return
		case <-s.wake:
		case <-tick.C:
		}
	}
}

// freezeIdle freezes large tails, which are all in memory, of the indices that were
// written least recently. It matters if many indices are written in turn, such as
// the days of a stream that is read again.
func (s *Store) freezeIdle() {
	list := s.all()
	slices.SortFunc(list, func(a, b *Index) int { return cmp.Compare(b.written.Load(), a.written.Load()) })
	docs := 0
	for i, ix := range list {
		ix.applying.Lock()
		n := ix.tail.n
		ix.applying.Unlock()
		if docs += n; i > 0 && docs > s.options.SegmentDocs && small*n > s.options.SegmentDocs {
			ix.freeze()
		}
	}
}

// sealAll seals all parts of an index that are due.
func (ix *Index) sealAll(ctx context.Context) {
	for more := true; more; {
		var err error
		if more, err = ix.sealNext(ctx); ctx.Err() != nil {
			return
		}
		ix.setTrouble(err)
	}
}

// sealNext seals a part that is read, or else reads one that is not. more reports
// whether there was one. In between the index may be deleted.
func (ix *Index) sealNext(ctx context.Context) (more bool, err error) {
	done, err := ix.use()
	if err != nil {
		return false, nil // it was deleted
	}
	defer done()
	ix.sealing.Lock()
	defer ix.sealing.Unlock()
	if ix.isQuiet() {
		ix.freeze()
	}
	if list := ix.pending(); len(list) > 0 {
		err := ix.sealPart(ctx, list[0])
		return err == nil, err
	}
	for _, p := range ix.view.Load().parts {
		if p.columns == nil {
			err := ix.readGap(ctx, p)
			return err == nil, err
		}
	}
	return false, nil
}

// readGap reads a part that was not sealed when the index was opened.
func (ix *Index) readGap(ctx context.Context, p *part) error {
	v, err := ix.build(ctx, p.first, p.n)
	if err == nil {
		ix.replace(p.first, p.n, v)
	}
	return err
}

// isQuiet reports whether the tail is worth sealing before it is full.
func (ix *Index) isQuiet() bool {
	v := ix.view.Load()
	if len(v.parts) == 0 {
		return false
	}
	wait := quiet
	if i := len(v.parts) - 2; i >= 0 {
		last, before := v.parts[i+1], v.parts[i]
		if before.n+last.n <= ix.options.SegmentDocs && last.n*small < before.n {
			wait = long
		}
	}
	return time.Since(time.UnixMilli(ix.written.Load())) >= wait
}

// sealPart turns a part into a segment. A small part is merged with a small segment
// before it.
func (ix *Index) sealPart(ctx context.Context, p *part) error {
	v := p.columns.(*tailView)
	first := p.first
	all := ix.view.Load()
	if i := all.find(first) - 1; i >= 0 {
		before := all.parts[i]
		if _, sealed := before.columns.(*segment); sealed && before.n+p.n <= ix.options.SegmentDocs {
			var err error
			first = before.first
			if v, err = ix.build(ctx, first, before.n+p.n); err != nil {
				return err
			}
		}
	}
	return ix.keep(ctx, v.seal(first))
}

// keep writes a segment, replacing the segments that it overlaps, and puts it into
// the view.
func (ix *Index) keep(ctx context.Context, s *sealed) error {
	rows, err := ix.writeBlocks(ctx, s.bodies)
	if err != nil {
		return diskError(err)
	}
	s.place(rows)
	var old []int64
	err = ix.transaction(ctx, func(tx *sql.Tx) (err error) {
		if old, err = dropSegments(ctx, tx, s.first, s.first+int64(s.n)); err != nil {
			return err
		}
		_, err = tx.ExecContext(ctx, "INSERT INTO segments VALUES (?, ?, ?, ?)",
			s.first, s.n, crc32.Checksum(s.directory, castagnoli), s.directory)
		return err
	})
	if err != nil {
		return err
	}
	seg, err := readDirectory(s.directory)
	if err != nil {
		return err
	}
	seg.first, seg.blocks, seg.index = s.first, ix.blocks, ix
	ix.replace(s.first, s.n, seg)
	return ix.deleteBlocks(ctx, old)
}

// blockBatch is the size in bytes of the blocks that one transaction writes: small
// enough that writers of documents hardly wait.
const blockBatch = 1 << 20

// writeBlocks writes blocks and returns their rows. They are unused until a segment
// refers to them.
func (ix *Index) writeBlocks(ctx context.Context, bodies [][]byte) ([]int64, error) {
	rows := make([]int64, 0, len(bodies))
	for len(bodies) > 0 {
		n, size := 0, 0
		for n < len(bodies) && (n == 0 || size+len(bodies[n]) <= blockBatch) {
			size += len(bodies[n])
			n++
		}
		fresh, err := ix.insertBlocks(ctx, bodies[:n])
		if err != nil {
			return nil, err
		}
		rows, bodies = append(rows, fresh...), bodies[n:]
	}
	return rows, nil
}

func (ix *Index) insertBlocks(ctx context.Context, bodies [][]byte) (rows []int64, err error) {
	err = ix.transaction(ctx, func(tx *sql.Tx) error {
		for _, body := range bodies {
			res, err := tx.ExecContext(ctx, "INSERT INTO blocks (body) VALUES (?)", body)
			if err != nil {
				return err
			}
			row, err := res.LastInsertId()
			if err != nil {
				return err
			}
			rows = append(rows, row)
		}
		return nil
	})
	return rows, err
}

// dropSegments removes the segments that begin in a range and returns the rows
// of their blocks.
func dropSegments(ctx context.Context, tx *sql.Tx, first, end int64) ([]int64, error) {
	directories, err := values[[]byte](ctx, tx, "SELECT directory FROM segments WHERE first >= ? AND first < ?", first, end)
	if err != nil {
		return nil, err
	}
	var old []int64
	for _, raw := range directories {
		if seg, err := readDirectory(raw); err == nil { // otherwise deleteOrphans deletes the blocks later
			old = append(old, seg.rows()...)
		}
	}
	_, err = tx.ExecContext(ctx, "DELETE FROM segments WHERE first >= ? AND first < ?", first, end)
	return old, err
}

// rows returns the rows of the blocks of a segment.
func (s *segment) rows() []int64 {
	var rows []int64
	for _, c := range s.columns {
		rows = append(rows, c.values.row)
		if c.terms.length > 0 {
			rows = append(rows, c.terms.row)
		}
		for _, p := range c.postings {
			rows = append(rows, p.row)
		}
	}
	return rows
}

func (ix *Index) deleteBlocks(ctx context.Context, rows []int64) error {
	if len(rows) == 0 {
		return nil
	}
	return ix.transaction(ctx, func(tx *sql.Tx) error {
		for _, row := range rows {
			if _, err := tx.ExecContext(ctx, "DELETE FROM blocks WHERE id = ?", row); err != nil {
				return err
			}
		}
		return nil
	})
}

// deleteOrphans deletes the blocks that no segment refers to, which an interrupted
// sealing leaves.
func (ix *Index) deleteOrphans(ctx context.Context, segments []*segment) error {
	var used []int64
	for _, s := range segments {
		used = append(used, s.rows()...)
	}
	slices.Sort(used)
	rows, err := values[int64](ctx, ix.read, "SELECT id FROM blocks")
	if err != nil {
		return err
	}
	return ix.deleteBlocks(ctx, slices.DeleteFunc(rows, func(row int64) bool {
		_, found := slices.BinarySearch(used, row)
		return found
	}))
}

// repair rebuilds a damaged segment from the sources.
func (ix *Index) repair(ctx context.Context, p *part) error {
	ix.repairing.Lock()
	defer ix.repairing.Unlock()
	v := ix.view.Load()
	i := v.find(p.first)
	if i == len(v.parts) || v.parts[i].columns != p.columns {
		return nil // replaced in the meantime
	}
	built, err := ix.build(ctx, p.first, p.n)
	if err != nil {
		return err
	}
	ix.replace(p.first, p.n, built)
	ix.wakeSealer()
	return nil
}
