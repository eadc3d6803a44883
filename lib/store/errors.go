package store

import (
	"errors"
	"fmt"
	"syscall"

	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"
)

// ErrDiskFull is returned, wrapped, by writes for which the disk has no space.
// Nothing of such a write is kept, everything before it is, and writing works
// again once there is space.
var ErrDiskFull = errors.New("disk full")

// ErrClosed is returned by a closed store.
var ErrClosed = errors.New("store is closed")

// Kind is the kind of an Error.
type Kind int

// The kinds of errors.
const (
	BadArgument     Kind = iota + 1 // an invalid request
	BadSearch                       // a search that is invalid in any index
	BadMapping                      // a mapping that this store does not support
	BadTemplate                     // a template that is not well formed
	BadName                         // not a name for an index
	BadDocument                     // a source that is not JSON or does not fit the mapping
	MappingConflict                 // a document whose new fields have several types
	StrictMapping                   // a document with a field that a strict mapping does not know
	BadQuery                        // a query that does not fit the mapping of an index
	IndexMissing                    // no such index
	IndexExists                     // an index has that name
	Conflict                        // a document has that id
	DocumentMissing                 // no document of that id, to update
	TemplateMissing                 // no such template
	TooManyBuckets                  // an aggregation with more buckets than MaxBuckets
	MomentGone                      // a Moment of an index that was deleted
)

// Error is an error of the request rather than of the store.
type Error struct {
	Kind   Kind
	Index  string // the index concerned, if any
	UUID   string // of that index
	Reason string
	Cause  string // the underlying error, if any
}

func (e *Error) Error() string {
	if e.Cause != "" {
		return e.Reason + ": " + e.Cause
	}
	return e.Reason
}

func refuse(kind Kind, format string, args ...any) *Error {
	return &Error{Kind: kind, Reason: fmt.Sprintf(format, args...)}
}

// about sets the index of an error.
func (ix *Index) about(e *Error) *Error {
	e.Index, e.UUID = ix.name, ix.uuid
	return e
}

func missing(name string) *Error {
	return &Error{Kind: IndexMissing, Index: name, Reason: fmt.Sprintf("no such index [%s]", name)}
}

// diskError wraps the errors that mean a full disk in ErrDiskFull. SQLite reports
// it in several ways, depending on which of its files had to grow.
func diskError(err error) error {
	var se *sqlite.Error
	switch {
	case errors.As(err, &se) && isFull(se.Code()), errors.Is(err, syscall.ENOSPC):
		return fmt.Errorf("%w: %w", ErrDiskFull, err)
	}
	return err
}

func isFull(code int) bool {
	switch code {
	case sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR_WRITE, sqlite3.SQLITE_IOERR_SHMSIZE, sqlite3.SQLITE_IOERR_FSYNC:
		return true
	}
	return false
}
