package cursor

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"strings"
	"time"
)

// saveEvery is how often a cursor is saved while it moves. After a kill, events
// since the last save are repeated.
const saveEvery = time.Second

// File is a cursor file that this process holds the lock of.
type File struct {
	name  string
	lock  *os.File
	saved time.Time
}

// Open locks the cursor file: NAME.lock is held until Close or until the process
// exits or is killed. The cursor need not exist yet. If another process
// holds the lock, the error is a [*LockedError].
func Open(name string) (*File, error) {
	lock, err := acquire(name + ".lock")
	if err != nil {
		return nil, err
	}
	return &File{name: name, lock: lock}, nil
}

// Name returns the name passed to Open.
func (f *File) Name() string { return f.name }

// Load returns the cursor in a file, or nil if there is no such file.
func Load(name string) (*Cursor, error) {
	text, err := os.ReadFile(name)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	c, err := Decode(text)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	return &c, nil
}

// Due reports whether it is time to save again. A program may also save at its
// end, when no save is due.
func (f *File) Due() bool { return time.Since(f.saved) >= saveEvery }

// Save replaces the cursor atomically and durably. The caller must first make
// the events that the cursor covers durable.
func (f *File) Save(c Cursor) error {
	if err := replace(f.name, append(c.Encode(), '\n')); err != nil {
		return fmt.Errorf("cursor: %w", err)
	}
	f.saved = time.Now()
	return nil
}

// Close releases the lock. The lock file stays: removing it could take it from
// a process that has just opened it.
func (f *File) Close() error { return f.lock.Close() }

// acquire locks a file, creating it if necessary.
func acquire(name string) (*os.File, error) {
	f, err := os.OpenFile(name, os.O_RDWR|os.O_CREATE, 0o644)
	if err != nil {
		return nil, err
	}
	if err := tryLock(f); err != nil {
		defer f.Close()
		owner, _ := io.ReadAll(io.LimitReader(f, 64))
		return nil, &LockedError{name, strings.TrimSpace(string(owner))}
	}
	// Only LockedError needs the process id, so a failure to write it is ignored.
	if f.Truncate(0) == nil {
		_, _ = f.WriteAt(fmt.Appendln(nil, os.Getpid()), 0)
	}
	return f, nil
}
