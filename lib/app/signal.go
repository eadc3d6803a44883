package app

import (
	"context"
	"errors"
	"os"
	"os/signal"
	"syscall"
	"time"
)

// DefaultDrain is how long a stage that is told to stop goes on with what is
// in hand and in its pipe.
const DefaultDrain = 10 * time.Second

// ErrReaderGone is the cause of a context that ended because nobody reads
// stdout any more.
var ErrReaderGone = errors.New("nobody reads stdout any more")

// notify returns a context that the first SIGINT or SIGTERM ends. The second
// one ends the process at once. A write to a closed pipe becomes an error
// instead of a signal, so that Main can end quietly.
func notify(parent context.Context) (context.Context, context.CancelFunc) {
	ctx, cancel := context.WithCancel(parent)
	told := make(chan os.Signal, 2)
	signal.Notify(told, os.Interrupt, syscall.SIGTERM)
	go func() {
		<-told
		cancel()
		if s, ok := (<-told).(syscall.Signal); ok {
			os.Exit(128 + int(s)) // as a shell reports a process that a signal has ended
		}
	}()
	signal.Notify(make(chan os.Signal, 1), syscall.SIGPIPE)
	return ctx, cancel
}

// Stages returns the two contexts of a stage that reads input: read ends when
// it should take nothing more in, work when it should give up what is not
// settled. Ctrl-C and systemd signal every stage of a pipeline at once, so a
// stage behind a pipe reads on to the end of it, for at most drain; one that
// reads a file or a terminal stops reading at once.
func Stages(ctx context.Context, in *os.File, drain time.Duration) (read, work context.Context) {
	work, cancel := context.WithCancel(context.WithoutCancel(ctx))
	context.AfterFunc(ctx, func() {
		if errors.Is(context.Cause(ctx), ErrReaderGone) {
			cancel() // there is nobody to hand anything on to
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
