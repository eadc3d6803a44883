package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"math"
	"math/bits"
)

// doc is a document as matchers and aggregations see it.
type doc struct {
	id      string
	seq     int64
	vals    [][]value // by slot
	ignored []string  // fields with a value that the mapping leaves out, of those that the search needs
}

// slots numbers the fields that a search needs. The numbers are the search's,
// the same in every index.
type slots struct {
	byName map[string]int
}

func (s *slots) of(name string) int {
	n, ok := s.byName[name]
	if !ok {
		n = len(s.byName)
		s.byName[name] = n
	}
	return n
}

// binding is a search in one index.
type binding struct {
	ix    *Index
	slots *slots
	wants []int // by the field's ord: its slot + 1
}

func newBinding(ix *Index, s *slots) *binding {
	return &binding{ix: ix, slots: s, wants: make([]int, len(ix.mapping.fields))}
}

// field makes a field's values available; f is nil if the index does not know it.
func (b *binding) field(name string) (f *Field, slot int) {
	slot = b.slots.of(name)
	if f = b.ix.mapping.byName[name]; f != nil {
		b.wants[f.ord] = slot + 1
	}
	return f, slot
}

// column is field for those who need a value for each document: sorting and
// aggregations.
func (b *binding) column(name string) (f *Field, slot int, err error) {
	f, slot = b.field(name)
	switch {
	case f == nil || f.docValues:
		return f, slot, nil
	case f.Type == Text:
		err = refuse(BadArgument, "Fielddata is disabled on [%s] in [%s]. Text fields are not optimised for operations that require"+
			" per-document field data like aggregations and sorting, so these operations are disabled by default. Please use a keyword field instead.", name, b.ix.name)
	default:
		err = refuse(BadArgument, "Can't load fielddata on [%s] because fielddata is unsupported on fields of type [%s]. Use doc values instead.", name, f.Type)
	}
	return nil, 0, err
}

// bound is a range that a date field of every match lies in.
type bound struct {
	field    string
	min, max int64
}

// frameRef is a frame that may hold matches, with the range of the field that
// the search is sorted by.
type frameRef struct {
	first, docs int64
	dead        uint64 // a bit a document
	times       span
}

// newest and oldest are the ends of the range, and for a frame without any value
// what stands in for one in the order of hits.
func (f frameRef) newest() int64 {
	if !f.times.some {
		return math.MinInt64
	}
	return f.times.max
}

func (f frameRef) oldest() int64 {
	if !f.times.some {
		return math.MaxInt64
	}
	return f.times.min
}

// frames lists the frames with documents numbered below end in which every bound
// is met by some document, in the order of documents or, where lead is given, by
// that field's newest or oldest.
func (ix *Index) frames(ctx context.Context, tx *sql.Tx, end int64, bounds []bound, lead *Sort) ([]frameRef, error) {
	q := "SELECT f.first, f.docs, f.dead, s.min, s.max FROM frames f LEFT JOIN times s ON s.field = ? AND s.first = f.first WHERE f.first < ?"
	args := []any{"", end}
	for _, b := range bounds {
		q += " AND EXISTS (SELECT 1 FROM times t WHERE t.field = ? AND t.first = f.first AND t.max >= ? AND t.min <= ?)"
		args = append(args, b.field, b.min, b.max)
	}
	switch {
	case lead == nil:
		q += " ORDER BY f.first"
	case lead.Desc:
		q += " ORDER BY s.max DESC NULLS LAST, f.first"
		args[0] = lead.Field
	default:
		q += " ORDER BY s.min NULLS LAST, f.first"
		args[0] = lead.Field
	}
	rows, err := tx.QueryContext(ctx, q, args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var list []frameRef
	for rows.Next() {
		var f frameRef
		var dead int64
		var low, high sql.NullInt64
		if err := rows.Scan(&f.first, &f.docs, &dead, &low, &high); err != nil {
			return nil, err
		}
		f.dead = uint64(dead)
		f.times = span{low.Int64, high.Int64, low.Valid}
		if bits.OnesCount64(f.dead) < int(f.docs) {
			list = append(list, f)
		}
	}
	return list, rows.Err()
}

// beyond tells whether no document of the index can meet the bounds.
func (ix *Index) beyond(ctx context.Context, tx *sql.Tx, bounds []bound) (bool, error) {
	for _, b := range bounds {
		var meets bool
		err := tx.QueryRowContext(ctx, "SELECT EXISTS (SELECT 1 FROM spans WHERE field = ? AND max >= ? AND min <= ?)", b.field, b.min, b.max).Scan(&meets)
		if err != nil || !meets {
			return true, err
		}
	}
	return false, nil
}

// cursor reads the documents of frames.
type cursor struct {
	b      *binding
	bodies *sql.Stmt
	body   sql.RawBytes
	frames frameReader
	parser parser
	doc    doc
}

func (b *binding) open(ctx context.Context, tx *sql.Tx) (*cursor, error) {
	bodies, err := tx.PrepareContext(ctx, "SELECT body FROM bodies WHERE first = ?")
	if err != nil {
		return nil, err
	}
	c := &cursor{b: b, bodies: bodies, doc: doc{vals: make([][]value, len(b.slots.byName))}}
	c.parser.want = func(f *Field) bool { return b.wants[f.ord] > 0 }
	c.parser.emit = func(f *Field, s Scalar) error {
		slot := b.wants[f.ord]
		if slot == 0 {
			return nil
		}
		if v, ok, _ := f.convert(s); ok { // an error would have come up when it was written
			c.doc.vals[slot-1] = append(c.doc.vals[slot-1], v)
		} else {
			c.doc.ignored = append(c.doc.ignored, f.Name)
		}
		return nil
	}
	return c, nil
}

// load unpacks a frame. What it returns is void after the next call.
func (c *cursor) load(ctx context.Context, first int64) ([]stored, error) {
	rows, err := c.bodies.QueryContext(ctx, first)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	if !rows.Next() {
		return nil, errors.Join(errFrame, rows.Err())
	}
	if err := rows.Scan(&c.body); err != nil {
		return nil, err
	}
	return c.frames.unpack(c.body)
}

// each calls visit with each live document of a frame. The document and its
// strings are void after the call.
func (c *cursor) each(ctx context.Context, f frameRef, visit func(*doc) error) error {
	docs, err := c.load(ctx, f.first)
	if err != nil {
		return err
	}
	for i, d := range docs {
		if f.dead>>i&1 == 1 {
			continue
		}
		c.doc.id, c.doc.seq, c.doc.ignored = d.id, f.first+int64(i), c.doc.ignored[:0]
		for j := range c.doc.vals {
			c.doc.vals[j] = c.doc.vals[j][:0]
		}
		if err := c.parser.document(d.source, c.b.ix.mapping.root); err != nil {
			return fmt.Errorf("%w: document %s: %w", errFrame, d.id, err)
		}
		if err := visit(&c.doc); err != nil {
			return err
		}
	}
	return nil
}
