package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// Verify reads all of the store in a directory and calls report for each problem:
// damaged pages, unreadable documents, ids that do not lead to their documents,
// segments that are damaged or differ from the documents. It changes nothing, and
// the store may be in use by another process. An error means that the check could
// not be completed.
func Verify(ctx context.Context, dir string, report func(file, problem string)) error {
	files, err := os.ReadDir(dir)
	if err != nil {
		return err
	}
	found := false
	for _, file := range files {
		name := file.Name()
		if !strings.HasSuffix(name, fileSuffix) {
			continue
		}
		found = true
		v := verifier{path: filepath.Join(dir, name), report: func(format string, args ...any) { report(name, fmt.Sprintf(format, args...)) }}
		if err := v.file(ctx, name); err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
	}
	if !found {
		return fmt.Errorf("%s: no store", dir)
	}
	return nil
}

// verifier checks one file.
type verifier struct {
	path   string
	report func(format string, args ...any)
	ix     *Index
	tx     *sql.Tx
}

func (v verifier) file(ctx context.Context, name string) error {
	s := &Store{options: Options{}.withDefaults(), cache: newCache(Options{}.withDefaults().Memory)}
	ix, err := s.openFiles(v.path)
	if err != nil {
		return err
	}
	defer ix.close()
	v.ix = ix
	if v.tx, err = ix.snapshot(ctx); err != nil {
		return err
	}
	defer v.tx.Rollback()
	checks := []func(context.Context) error{v.pages}
	if index, ok := indexName(name); ok {
		ix.name = index
		checks = append(checks, v.meta, v.documents, v.segments)
	}
	for _, check := range checks {
		err := check(ctx)
		switch {
		case ctx.Err() != nil:
			return ctx.Err()
		case errors.Is(err, errUnfinished):
			return nil
		case err != nil:
			v.report("%v", err)
			return nil
		}
	}
	return nil
}

// pages runs SQLite's own check of the file.
func (v verifier) pages(ctx context.Context) error {
	problems, err := values[string](ctx, v.tx, "PRAGMA integrity_check(5)")
	for _, what := range problems {
		if what != "ok" {
			v.report("%s", what)
		}
	}
	return err
}

func (v verifier) meta(context.Context) error {
	meta, err := readMeta(v.ix.read)
	if err != nil {
		return err
	}
	if f := meta["format"]; f != fmt.Sprint(formatVersion) && f != "1" {
		return fmt.Errorf("file format %s, this wm-store reads %d", f, formatVersion)
	}
	if meta["name"] != v.ix.name {
		v.report("holds the index %s", meta["name"])
	}
	m, err := ParseMapping([]byte(meta["mapping"]))
	if err != nil {
		return fmt.Errorf("mapping: %w", err)
	}
	v.ix.mapping.Store(m)
	return nil
}

// documents reads all documents and looks up their ids.
func (v verifier) documents(ctx context.Context) error {
	find, err := v.tx.PrepareContext(ctx, "SELECT seq FROM ids WHERE id = ?")
	if err != nil {
		return err
	}
	r := v.ix.newReader()
	live, next := int64(0), int64(0)
	err = eachStored(ctx, v.tx, 0, 1<<62, func(seq int64, d stored, dead bool) error {
		if seq != next {
			v.report("documents %d to %d are missing", next, seq-1)
		}
		next = seq + 1
		if dead {
			return nil
		}
		live++
		if err := v.document(ctx, find, r, seq, d); err != nil {
			v.report("document %d, id %q: %v", seq, d.id, err)
		}
		return nil
	})
	if err != nil {
		return err
	}
	var ids int64
	if err := v.tx.QueryRowContext(ctx, "SELECT count(*) FROM ids").Scan(&ids); err != nil {
		return err
	}
	if ids != live {
		v.report("%d ids for %d documents", ids, live)
	}
	return nil
}

func (v verifier) document(ctx context.Context, find *sql.Stmt, r *reader, seq int64, d stored) error {
	var at int64
	switch err := find.QueryRowContext(ctx, idKey(d.id)).Scan(&at); {
	case errors.Is(err, sql.ErrNoRows):
		return errors.New("the id is missing")
	case err != nil:
		return err
	case at != seq:
		return fmt.Errorf("the id leads to document %d", at)
	}
	r.entries = r.entries[:0]
	return r.read(d.id, d.source)
}

// segments compares the segments with the documents.
func (v verifier) segments(ctx context.Context) error {
	var tables int
	if err := v.tx.QueryRowContext(ctx, "SELECT count(*) FROM sqlite_schema WHERE name = 'segments'").Scan(&tables); err != nil || tables == 0 {
		return err // format 1 has no segments
	}
	return eachSegment(ctx, v.tx, func(first int64, s *segment, err error) {
		if err == nil {
			err = v.segment(ctx, s)
		}
		if err != nil {
			v.report("segment %d: %v", first, err)
		}
	})
}

func (v verifier) segment(ctx context.Context, s *segment) error {
	s.blocks = &blocks{db: v.tx, cache: newCache(1 << 20)}
	built, live, err := v.ix.buildFrom(ctx, v.tx, s.first, s.n)
	if err != nil {
		return err
	}
	for _, name := range fieldsOf(s, built) {
		a, err := s.column(name, wholeColumn)
		if err != nil {
			return fmt.Errorf("field %s: %w", name, err)
		}
		b, _ := built.column(name, wholeColumn) // in memory
		if err := sameColumn(a, b, live); err != nil {
			return fmt.Errorf("field %s: %w", name, err)
		}
	}
	return nil
}

// fieldsOf returns the fields of a segment and a view.
func fieldsOf(s *segment, v *tailView) []string {
	names := slices.AppendSeq(slices.Collect(maps.Keys(s.columns)), maps.Keys(v.fields))
	slices.Sort(names)
	return slices.Compact(names)
}

var errDiffers = errors.New("the column differs from the documents")

// sameColumn compares two columns in some documents. A nil column has no values.
func sameColumn(a, b *column, live bitset) error {
	for _, d := range live.append(nil) {
		if !slices.EqualFunc(a.list(d), b.list(d), func(x, y value) bool { return x == y }) {
			return errDiffers
		}
	}
	if a == nil || b == nil || a.text == nil || b.text == nil {
		return nil
	}
	if err := samePostings(a, b, live); err != nil {
		return err
	}
	return samePostings(b, a, live)
}

// list returns the values of a document in order.
func (c *column) list(doc uint32) []value {
	switch {
	case c == nil || c.has != nil && !c.has.has(doc):
		return nil
	case c.ends == nil:
		return []value{c.value(int(doc))}
	}
	var list []value
	for i := c.start(doc); i < c.ends[doc]; i++ {
		list = append(list, c.value(int(i)))
	}
	slices.SortFunc(list, compareValues)
	return list
}

// samePostings reports whether the tokens of a have the same places in b.
func samePostings(a, b *column, live bitset) error {
	for ord := range uint32(a.text.tokens.len()) {
		x, err := a.text.at(a.n, ord)
		if err != nil {
			return err
		}
		y, err := b.text.find(b.n, string(a.text.tokens.at(ord)))
		if err != nil {
			return err
		}
		l, err := x.locate(live)
		if err != nil {
			return err
		}
		m, err := y.locate(live)
		if err != nil {
			return err
		}
		if !slices.Equal(l.docs, m.docs) || !slices.Equal(l.ends, m.ends) || !slices.Equal(l.positions, m.positions) {
			return errDiffers
		}
	}
	return nil
}
