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
	Source  []byte   // byte for byte what was written
	Ignored []string // fields with values that ignore_above left out
}

// Get returns the document of an id, nil if there is none. It sees everything
// that was acknowledged before.
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

// readDoc reads the document of an id, nil if there is none.
func readDoc(ctx context.Context, tx *sql.Tx, id string) (*Doc, error) {
	d := &Doc{ID: id}
	err := tx.QueryRowContext(ctx, "SELECT seq, version FROM ids WHERE id = ?", idKey(id)).Scan(&d.Seq, &d.Version)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	var first int64
	var body sql.RawBytes
	rows, err := tx.QueryContext(ctx, "SELECT first, body FROM bodies WHERE first <= ? ORDER BY first DESC LIMIT 1", d.Seq)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	if !rows.Next() {
		return nil, errors.Join(errFrame, rows.Err())
	}
	if err := rows.Scan(&first, &body); err != nil {
		return nil, err
	}
	var r frameReader
	docs, err := r.unpack(body)
	if err != nil {
		return nil, err
	}
	if i := d.Seq - first; i >= int64(len(docs)) || docs[i].id != id {
		return nil, fmt.Errorf("%w: document %q is not where the ids say", errFrame, id)
	}
	d.Source = slices.Clone(docs[d.Seq-first].source)
	return d, nil
}
