// Package app is what every main of wm needs and no library should know: the
// settings of the command line, exit codes, errors on stderr, signals, the
// version, and the frame of an HTTP server. Only packages below cmd import it;
// they pass settings on and wrap handlers.
package app

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"syscall"

	"github.com/urfave/cli/v2"
)

// Status is an error that only sets the exit code: everything that the user
// should know was printed before.
type Status int

// Exit codes of all binaries.
const (
	NoMatch Status = 1 // wm-grep: nothing matched
	Failed  Status = 2 // usage or error, also when some input was bad or refused
)

func (s Status) Error() string { return fmt.Sprintf("exit status %d", int(s)) }

// Main runs the command with the arguments of the process and exits.
func Main(a *cli.App) {
	prepare(a)
	ctx, stop := notify(context.Background())
	defer stop()
	err := a.RunContext(ctx, permute(a, os.Args))
	os.Exit(settle(os.Stderr, a.Name, err))
}

// settle prints an error the way every wm command does and returns the exit
// code that goes with it.
func settle(stderr io.Writer, name string, err error) int {
	if err == nil || errors.Is(err, ErrReaderGone) || errors.Is(err, syscall.EPIPE) {
		return 0 // a reader that has gone wants nothing more: not a failure
	}
	if s, ok := errors.AsType[Status](err); ok {
		return int(s)
	}
	PrintError(stderr, name, err)
	return int(Failed)
}

// hinted is an error that knows what the user can do about it.
type hinted interface {
	error
	Hint() string
}

// PrintError writes "name: error" and, when the error carries one, a second
// line "name: hint: ..." to w. Errors that were joined get a line each.
func PrintError(w io.Writer, name string, err error) {
	for line := range strings.SplitSeq(err.Error(), "\n") {
		fmt.Fprintf(w, "%s: %s\n", name, line)
	}
	if h, ok := errors.AsType[hinted](err); ok {
		fmt.Fprintf(w, "%s: hint: %s\n", name, h.Hint())
	}
}

// advice is the hinted error of this package.
type advice struct {
	error
	hint string
}

func (a *advice) Unwrap() error { return a.error }

func (a *advice) Hint() string { return a.hint }

// Usage makes the error for a command line that cannot be meant.
func Usage(format string, args ...any) error {
	return &advice{fmt.Errorf(format, args...), "-h shows how it is used"}
}

// Messages returns where the messages of a command go: stderr, or nowhere when
// the user wants it quiet.
func Messages(c *cli.Context) io.Writer {
	if c.Bool("q") {
		return io.Discard
	}
	return os.Stderr
}
