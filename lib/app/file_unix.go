//go:build unix

package app

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"golang.org/x/sys/unix"
)

// reopen opens the file of f again, for reading: the shell's ">>" opens it for
// writing only.
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
