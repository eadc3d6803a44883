package app

import (
	"fmt"
	"io"
	"os"
	"strings"
)

// Lock makes this process the owner of what a file name stands for, until
// release is called or the process ends, however it ends. The file stays:
// removing it could take it from under a process that has just opened it.
func Lock(name string) (release func() error, err error) {
	f, err := os.OpenFile(name, os.O_RDWR|os.O_CREATE, 0o644)
	if err != nil {
		return nil, err
	}
	if err := tryLock(f); err != nil {
		defer f.Close()
		owner, _ := io.ReadAll(io.LimitReader(f, 64))
		return nil, &advice{fmt.Errorf("%s is held by process %s", name, strings.TrimSpace(string(owner))),
			"stop that process, or use another file"}
	}
	// The id is there for the message above only; a full disk must not keep
	// anyone from working.
	if f.Truncate(0) == nil {
		_, _ = f.WriteAt(fmt.Appendln(nil, os.Getpid()), 0)
	}
	return f.Close, nil
}
