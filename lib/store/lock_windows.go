package store

import (
	"os"

	"golang.org/x/sys/windows"
)

// tryLock locks one byte far beyond the text, which other processes can still read.
func tryLock(f *os.File) error {
	const flags = windows.LOCKFILE_EXCLUSIVE_LOCK | windows.LOCKFILE_FAIL_IMMEDIATELY
	return windows.LockFileEx(windows.Handle(f.Fd()), flags, 0, 1, 0, &windows.Overlapped{Offset: 1 << 30})
}

// syncDir does nothing: Windows needs no sync of a directory.
func syncDir(string) error { return nil }
