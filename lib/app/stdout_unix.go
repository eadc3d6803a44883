//go:build unix

package app

import (
	"context"
	"errors"
	"os"

	"github.com/urfave/cli/v2"
	"golang.org/x/sys/unix"
)

// CheckStdout returns an error if stdout was closed at start (>&-). Set it as the
// Before function of a command that prints data.
//
// The Go runtime replaces a closed standard descriptor with /dev/null, open for
// reading and writing, so that the data would be lost without an error. A shell
// opens /dev/null for writing only, and Python's DEVNULL has O_CLOEXEC; both are
// fine, and so is a daemon whose stderr is /dev/null too.
func CheckStdout(*cli.Context) error {
	flags, err := unix.FcntlInt(os.Stdout.Fd(), unix.F_GETFL, 0)
	replaced := err == nil && flags&unix.O_ACCMODE == unix.O_RDWR && flags&unix.O_CLOEXEC == 0
	if replaced && isNull(os.Stdout) && !isNull(os.Stderr) {
		return &advice{errors.New("standard output is closed"), "to discard the output, write > /dev/null"}
	}
	return nil
}

func isNull(f *os.File) bool {
	info, err := f.Stat()
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
