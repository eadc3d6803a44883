package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

// Rebuild rebuilds all segments of the store in a directory from the documents. It
// calls progress, if not nil, with the name of each index before it begins with it.
// The store must not be open. If Rebuild is interrupted, the missing segments are
// built when the store is next opened.
func Rebuild(ctx context.Context, dir string, o Options, progress func(index string)) (err error) {
	if _, err := os.Stat(filepath.Join(dir, catalogFile)); err != nil {
		return fmt.Errorf("%s: no store: %w", dir, err)
	}
	s, err := open(dir, o)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.Close()) }()
	for name, ix := range sorted(s.indices) {
		if progress != nil {
			progress(name)
		}
		if err := ix.rebuild(ctx); err != nil {
			return fmt.Errorf("index %s: %w", name, err)
		}
	}
	return nil
}

// rebuild drops all segments of an index and seals its documents.
func (ix *Index) rebuild(ctx context.Context) error {
	err := ix.transaction(ctx, func(tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, "DELETE FROM segments; DELETE FROM blocks")
		return err
	})
	if err != nil {
		return err
	}
	if err := ix.loadParts(ctx); err != nil {
		return err
	}
	for more := true; more; {
		var err error
		if more, err = ix.sealNext(ctx); err != nil {
			return err
		}
	}
	return nil
}

// Backup copies the store in a directory to another, which must be empty or missing.
// The store may be in use by another process: the copy is a snapshot of each index
// and includes everything acknowledged before Backup began.
func Backup(ctx context.Context, dir, dest string) error {
	files, err := os.ReadDir(dir)
	if err != nil {
		return err
	}
	if err := os.MkdirAll(dest, 0o700); err != nil {
		return err
	}
	if there, err := os.ReadDir(dest); err != nil || len(there) > 0 {
		return errors.Join(err, fmt.Errorf("%s: not empty", dest))
	}
	found := false
	for _, file := range files {
		if !strings.HasSuffix(file.Name(), fileSuffix) {
			continue
		}
		found = true
		if err := copyDatabase(ctx, filepath.Join(dir, file.Name()), filepath.Join(dest, file.Name())); err != nil {
			return fmt.Errorf("%s: %w", file.Name(), diskError(err))
		}
	}
	if !found {
		return fmt.Errorf("%s: no store", dir)
	}
	return syncDir(dest)
}

// copyDatabase writes a copy of an SQLite file as of one transaction.
func copyDatabase(ctx context.Context, from, to string) error {
	db, err := openDB(from)
	if err != nil {
		return err
	}
	defer db.Close()
	if _, err := db.ExecContext(ctx, "VACUUM INTO ?", to); err != nil {
		if _, gone := os.Stat(from); errors.Is(gone, os.ErrNotExist) {
			return nil // the index was deleted in the meantime
		}
		return err
	}
	f, err := os.OpenFile(to, os.O_RDWR, 0)
	if err != nil {
		return err
	}
	defer f.Close()
	return f.Sync()
}
