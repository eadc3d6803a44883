//go:build unix

package app

import (
	"context"
	"errors"
	"os"

	"golang.org/x/sys/unix"
)

// WatchStdout returns a context that ends with cause ErrReaderGone when stdout
// is a pipe whose reader has gone. Without it a filter that matches nothing
// would never notice, and never end.
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

// waitForHangup blocks until the other end of a pipe is closed. It asks for no
// event: hang-up and error are always reported.
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
