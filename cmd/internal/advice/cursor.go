// Package advice turns errors of the libraries into hints: what the user of a
// command can do about them.
package advice

import (
	"errors"
	"time"

	"github.com/wmtools/wm/lib/cursor"
	"github.com/wmtools/wm/lib/event"
)

// Cursor adds a hint to an error of package cursor. It returns any other error
// as it is.
func Cursor(err error) error {
	if _, ok := errors.AsType[*cursor.FormatError](err); ok {
		return event.WithHint(err, "if you do not need this file, delete it and choose the start with --since")
	}
	if _, ok := errors.AsType[*cursor.VersionError](err); ok {
		return event.WithHint(err, "a newer version of wm may have written it: use that one")
	}
	if _, ok := errors.AsType[*cursor.StreamsError](err); ok {
		return event.WithHint(err, "name the same streams, or use another cursor file for these")
	}
	if future, ok := errors.AsType[*cursor.FutureError](err); ok {
		return event.WithHint(err, "check the clock of this machine (it says "+future.Now.UTC().Format(time.RFC3339)+")")
	}
	if _, ok := errors.AsType[*cursor.LockedError](err); ok {
		return event.WithHint(err, "stop that process, or use another file")
	}
	return err
}
