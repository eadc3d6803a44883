package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
)

// Doc is a document as Get returns it.
type Doc struct {
	ID      string
	Version int64
	Seq     int64    // the document's number in its index
	Source  []byte   // byte for byte as written
	Ignored []string // fields with values that ignore_above excluded
}

// Get returns the document with an id, or nil if there is no such document. It
// sees everything acknowledged before the call.
func (s *Store) Get(ctx context.Context, index, id string) (*Doc, error) {
	ix, err := s.find(index)
	if err != nil {
		return nil, err
	}
	done, err := ix.use()
	if err != nil {
		return nil, err
	}
	defer done()
	tx, err := ix.snapshot(ctx)
	if err != nil {
		return nil, err
	}
	defer tx.Rollback()
	d, err := readDoc(ctx, tx, id)
	if err != nil {
		return nil, fmt.Errorf("index %s: %w", index, err)
	}
	if d != nil {
		d.Ignored = ix.ignored(d.Source)
	}
	return d, nil
}

// readDoc reads the document with an id, nil if there is no such document.
func readDoc(ctx context.Context, tx *sql.Tx, id string) (*Doc, error) {
	d := &Doc{ID: id}
	err := tx.QueryRowContext(ctx, "SELECT seq, version FROM ids WHERE id = ?", idKey(id)).Scan(&d.Seq, &d.Version)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	stored, err := (&sources{tx: tx}).doc(ctx, d.Seq)
	if err != nil {
		return nil, err
	}
	if stored.id != id {
		return nil, fmt.Errorf("%w: document %q is not at its number", errFrame, id)
	}
	d.Source = slices.Clone(stored.source)
	return d, nil
}

// sources reads documents by number. It keeps the last frame unpacked.
type sources struct {
	tx    *sql.Tx
	frame frameReader
	first int64
	docs  []stored
}

// doc returns a document, which is valid until the next call.
func (s *sources) doc(ctx context.Context, seq int64) (stored, error) {
	if i := seq - s.first; i >= 0 && i < int64(len(s.docs)) {
		return s.docs[i], nil
	}
	rows, err := s.tx.QueryContext(ctx, "SELECT first, body FROM bodies WHERE first <= ? ORDER BY first DESC LIMIT 1", seq)
	if err != nil {
		return stored{}, err
	}
	defer rows.Close()
	if !rows.Next() {
		return stored{}, errors.Join(fmt.Errorf("%w: document %d is missing", errFrame, seq), rows.Err())
	}
	var body sql.RawBytes
	if err := rows.Scan(&s.first, &body); err != nil {
		return stored{}, err
	}
	if s.docs, err = s.frame.unpack(body); err != nil {
		return stored{}, fmt.Errorf("frame %d: %w", s.first, err)
	}
	if i := seq - s.first; i < int64(len(s.docs)) {
		return s.docs[i], nil
	}
	return stored{}, fmt.Errorf("%w: document %d is missing", errFrame, seq)
}

// ignored returns the names of the fields with a value that the mapping excludes.
func (ix *Index) ignored(source []byte) []string {
	r := ix.newReader()
	if r.read("", source) != nil {
		return nil // cannot happen: it was read when it was written
	}
	var names []string
	for _, e := range r.entries {
		if e.field == ignoredField && !slices.Contains(names, e.value.s) {
			names = append(names, e.value.s)
		}
	}
	slices.Sort(names)
	return names
}
