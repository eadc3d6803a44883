package cursor

import (
	"fmt"
	"strings"
	"time"
)

// FormatError reports text that is not a complete cursor.
type FormatError struct{ Reason string }

func (e *FormatError) Error() string { return "not a complete cursor: " + e.Reason }

// VersionError reports a cursor of an unknown version.
type VersionError struct{ Version int }

func (e *VersionError) Error() string {
	return fmt.Sprintf("cursor has version %d, only %d is supported", e.Version, version)
}

// StreamsError reports a cursor of other streams than those asked for.
type StreamsError struct{ Cursor, Asked []string }

func (e *StreamsError) Error() string {
	return fmt.Sprintf("cursor is for %s, not for %s", strings.Join(e.Cursor, ","), strings.Join(e.Asked, ","))
}

// FutureError reports a cursor saved later than Now, this machine's clock.
type FutureError struct{ Saved, Now time.Time }

func (e *FutureError) Error() string {
	return "cursor was saved in the future, at " + e.Saved.UTC().Format(time.RFC3339)
}

// LockedError reports a file that another process holds.
type LockedError struct {
	File string
	PID  string // empty if unknown
}

func (e *LockedError) Error() string {
	return strings.TrimSpace(e.File + " is held by process " + e.PID)
}
