//go:build unix

package app

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strings"

	"github.com/urfave/cli/v2"
	"golang.org/x/sys/unix"
)

// CheckStdout returns an error if stdout was closed at start (>&-). Set it as the
// Before function of a command that prints data.
//
// The Go runtime replaces a closed standard descriptor with /dev/null, open for
// reading and writing, so that the data would be lost without an error. Programs
// that start others, such as Python's subprocess, open /dev/null in the same way
// to discard output, but shells do not: only a shell's command is checked.
func CheckStdout(*cli.Context) error {
	flags, err := unix.FcntlInt(os.Stdout.Fd(), unix.F_GETFL, 0)
	if err == nil && flags&unix.O_ACCMODE == unix.O_RDWR && isNull("/dev/stdout") && closedByShell() {
		return &advice{errors.New("standard output is closed"), "to discard the output, write > /dev/null"}
	}
	return nil
}

// closedByShell reports whether the parent process is a shell whose own stdout
// is not /dev/null, which this process would have inherited. Without /proc it
// returns false.
func closedByShell() bool {
	parent := fmt.Sprintf("/proc/%d/", os.Getppid())
	command, err := os.ReadFile(parent + "comm")
	return err == nil && strings.HasSuffix(strings.TrimSpace(string(command)), "sh") && !isNull(parent+"fd/1")
}

func isNull(name string) bool {
	info, err := os.Stat(name)
	null, nullErr := os.Stat(os.DevNull)
	return err == nil && nullErr == nil && os.SameFile(info, null)
}

// WatchStdout returns a context that ends with cause [ErrReaderGone] when stdout
// is a pipe whose reader has exited. Without it a filter that matches nothing
// would not notice and never end.
func WatchStdout(parent context.Context) (context.Context, context.CancelFunc) {
	ctx, cancel := context.WithCancelCause(parent)
	if isPipe(os.Stdout) {
		go func() {
			if waitForHangup(int(os.Stdout.Fd())) {
				cancel(ErrReaderGone)
			}
		}()
	}
	return ctx, func() { cancel(nil) }
}

// waitForHangup blocks until the other end of a pipe is closed. It requests no
// events: POLLHUP and POLLERR are always reported.
func waitForHangup(fd int) bool {
	fds := []unix.PollFd{{Fd: int32(fd)}}
	for {
		_, err := unix.Poll(fds, -1)
		if errors.Is(err, unix.EINTR) {
			continue
		}
		return err == nil && fds[0].Revents&(unix.POLLERR|unix.POLLHUP) != 0
	}
}
