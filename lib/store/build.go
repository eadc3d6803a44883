package store

import (
	"context"
	"database/sql"
	"fmt"
)

// entry is a value of a document and its field.
type entry struct {
	field *Field
	value value
}

// prepared is a document ready to be written.
type prepared struct {
	source  []byte
	entries []entry
}

// build reads n documents, from number first on, into columns. Dead documents have
// no values there.
func (ix *Index) build(ctx context.Context, first int64, n int) (*tailView, error) {
	tx, err := ix.snapshot(ctx)
	if err != nil {
		return nil, err
	}
	defer tx.Rollback()
	v, _, err := ix.buildFrom(ctx, tx, first, n)
	return v, err
}

// buildFrom is build in a transaction. It also returns the set of live documents.
func (ix *Index) buildFrom(ctx context.Context, tx *sql.Tx, first int64, n int) (*tailView, bitset, error) {
	t, live := newTail(first), newBitset(n)
	r := ix.newReader()
	err := eachStored(ctx, tx, first, first+int64(n), func(seq int64, d stored, dead bool) error {
		if seq != first+int64(t.n) {
			return fmt.Errorf("%w: document %d is missing", errFrame, first+int64(t.n))
		}
		if !dead {
			r.entries = r.entries[:0]
			if err := r.read(d.id, d.source); err != nil {
				return fmt.Errorf("%w: document %d: %w", errFrame, seq, err)
			}
			for _, e := range r.entries {
				t.add(e.field, e.value)
			}
			live.set(uint32(t.n))
		}
		t.end(len(d.source))
		return nil
	})
	if err == nil && t.n != n {
		err = fmt.Errorf("%w: document %d is missing", errFrame, first+int64(t.n))
	}
	return t.view(), live, err
}

// eachStored calls visit for the documents numbered from first to below end, in
// order. The document passed to visit is valid only during the call.
func eachStored(ctx context.Context, tx *sql.Tx, first, end int64, visit func(seq int64, d stored, dead bool) error) error {
	const query = `SELECT f.first, f.docs, f.dead, b.body FROM frames f LEFT JOIN bodies b ON b.first = f.first
		WHERE f.first >= coalesce((SELECT max(first) FROM frames WHERE first <= ?1), 0) AND f.first < ?2 ORDER BY f.first`
	var r frameReader
	return eachRow(ctx, tx, query, []any{first, end}, func(scan row) error {
		var start, count, dead int64
		var body sql.RawBytes
		if err := scan(&start, &count, &dead, &body); err != nil {
			return err
		}
		docs, err := r.unpack(body)
		if err == nil && int64(len(docs)) != count {
			err = errFrame
		}
		if err != nil {
			return fmt.Errorf("frame %d: %w", start, err)
		}
		for i, d := range docs {
			if seq := start + int64(i); seq >= first && seq < end {
				if err := visit(seq, d, uint64(dead)>>i&1 == 1); err != nil {
					return err
				}
			}
		}
		return nil
	})
}

// reader reads documents into entries.
type reader struct {
	parser  parser
	mapping *Mapping
	entries []entry
	grows   int // the column of the first field of a document that the mapping does not know; 0: none
}

func (ix *Index) newReader() *reader {
	r := &reader{mapping: ix.mapping.Load()}
	r.parser.emit = r.emit
	return r
}

func (r *reader) emit(f *Field, s Scalar) error {
	v, ok, err := f.convert(s)
	switch {
	case err != nil:
		return err
	case ok && !f.indexed && !f.docValues: // only in the source
	case ok:
		r.entries = append(r.entries, entry{f, v})
	case s.Kind != NullScalar:
		r.entries = append(r.entries, entry{ignoredField, value{s: f.Name}})
	}
	return nil
}

// read appends the entries of a document.
func (r *reader) read(id string, source []byte) error {
	r.parser.id = id
	return r.parser.document(source, r.mapping.root)
}

// ignoredField holds the names of the fields whose values the mapping ignores.
var ignoredField = &Field{Name: "_ignored", Type: Keyword, indexed: true, docValues: true}
