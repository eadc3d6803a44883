//go:build unix

package app

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"golang.org/x/sys/unix"
)

func tryLock(f *os.File) error {
	return unix.Flock(int(f.Fd()), unix.LOCK_EX|unix.LOCK_NB)
}

// syncDir makes the names in a directory durable.
func syncDir(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}

// reopen opens a file that the process holds once more, for reading: the shell's
// ">>" gives a file that can only be written.
func reopen(f *os.File) (*os.File, error) {
	for _, dir := range [...]string{"/proc/self/fd", "/dev/fd"} {
		if again, err := os.Open(filepath.Join(dir, fmt.Sprint(f.Fd()))); err == nil {
			return again, nil
		}
	}
	return nil, errors.ErrUnsupported
}

func appends(f *os.File) bool {
	flags, err := unix.FcntlInt(f.Fd(), unix.F_GETFL, 0)
	return err == nil && flags&unix.O_APPEND != 0
}
