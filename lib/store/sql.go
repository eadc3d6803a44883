package store

import (
	"context"
	"database/sql"
	"net/url"
	"path/filepath"
	"strings"
	"time"
)

// openDB opens an SQLite file. WAL lets readers run while the writer writes; FULL
// makes a commit wait for fsync.
func openDB(path string, options ...string) (*sql.DB, error) {
	path, err := filepath.Abs(path)
	if err != nil {
		return nil, err
	}
	options = append(options, "_pragma=busy_timeout(10000)", "_pragma=journal_mode(WAL)", "_pragma=synchronous(FULL)",
		"_pragma=temp_store(MEMORY)", "_pragma=wal_autocheckpoint(4000)")
	u := url.URL{Scheme: "file", Path: "/" + strings.TrimPrefix(filepath.ToSlash(path), "/"), RawQuery: strings.Join(options, "&")}
	db, err := sql.Open("sqlite", u.String())
	if err != nil {
		return nil, err
	}
	db.SetConnMaxIdleTime(10 * time.Second)
	return db, nil
}

// querier is a database or a transaction.
type querier interface {
	QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error)
	QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row
}

// row reads the columns of a row.
type row func(into ...any) error

// eachRow calls visit for each row of the result of a query.
func eachRow(ctx context.Context, q querier, query string, args []any, visit func(row) error) error {
	rows, err := q.QueryContext(ctx, query, args...)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		if err := visit(rows.Scan); err != nil {
			return err
		}
	}
	return rows.Err()
}

// values returns the result of a query for one column.
func values[T any](ctx context.Context, q querier, query string, args ...any) (list []T, err error) {
	err = eachRow(ctx, q, query, args, func(scan row) error {
		var v T
		err := scan(&v)
		list = append(list, v)
		return err
	})
	return list, err
}

// transaction runs a transaction that writes.
func (ix *Index) transaction(ctx context.Context, do func(*sql.Tx) error) error {
	tx, err := ix.write.BeginTx(ctx, nil)
	if err != nil {
		return diskError(err)
	}
	defer tx.Rollback()
	if err := do(tx); err != nil {
		return diskError(err)
	}
	return diskError(tx.Commit())
}
