package store

import (
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
)

// lockDir makes this process the owner of a directory until the returned file is
// closed or the process exits or is killed.
func lockDir(dir string) (*os.File, error) {
	f, err := os.OpenFile(filepath.Join(dir, "lock"), os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, err
	}
	if err := tryLock(f); err != nil {
		defer f.Close()
		owner, _ := io.ReadAll(io.LimitReader(f, 64))
		return nil, fmt.Errorf("%s: in use by process %s", dir, strings.TrimSpace(string(owner)))
	}
	// The id is there for the message above only; a full disk must not
	// prevent reading.
	if f.Truncate(0) == nil {
		f.WriteAt(fmt.Appendln(nil, os.Getpid()), 0)
	}
	return f, nil
}
