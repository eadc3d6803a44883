package app

import (
	"context"
	"errors"
	"os"
	"os/signal"
	"syscall"
	"time"
)

// DefaultDrain is how long a stage continues after the first signal, to finish
// what it has read and what is in its pipe.
const DefaultDrain = 10 * time.Second

// ErrReaderGone is the cause of a context that ended because the reader of
// stdout has exited.
var ErrReaderGone = errors.New("the reader of stdout has exited")

// notify returns a context that ends at the first SIGINT, SIGTERM or SIGHUP. The
// second ends the process at once. A signal that was ignored at start stays
// ignored: nohup and background jobs of a script rely on it. A write to a closed
// pipe becomes an error instead of a signal, so that Main can exit quietly.
func notify(parent context.Context) (context.Context, context.CancelFunc) {
	ctx, cancel := context.WithCancel(parent)
	received := make(chan os.Signal, 2)
	for _, s := range []os.Signal{os.Interrupt, syscall.SIGTERM, syscall.SIGHUP} {
		if !signal.Ignored(s) {
			signal.Notify(received, s)
		}
	}
	go func() {
		<-received
		cancel()
		if s, ok := (<-received).(syscall.Signal); ok {
			os.Exit(128 + int(s)) // as a shell reports a process that a signal ended
		}
	}()
	signal.Notify(make(chan os.Signal, 1), syscall.SIGPIPE)
	return ctx, cancel
}

// Stages returns the two contexts of a stage that reads in: when read ends, stop
// reading; when work ends, abandon what is unfinished. Ctrl-C and systemd signal
// every stage of a pipeline at once, so a stage whose input is a pipe reads it to
// the end, for at most drain; one that reads a file or a terminal stops reading
// at once.
func Stages(ctx context.Context, in *os.File, drain time.Duration) (read, work context.Context) {
	work, cancel := context.WithCancel(context.WithoutCancel(ctx))
	context.AfterFunc(ctx, func() {
		if errors.Is(context.Cause(ctx), ErrReaderGone) {
			cancel() // output has nowhere to go
			return
		}
		time.AfterFunc(drain, cancel)
	})
	if isPipe(in) {
		return work, work
	}
	return ctx, work
}

func isPipe(f *os.File) bool {
	info, err := f.Stat()
	return err == nil && info.Mode()&(os.ModeNamedPipe|os.ModeSocket) != 0
}
