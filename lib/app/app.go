// Package app is what every program of wm needs and no library should know: the
// command line and its configuration file, exit codes, messages on stderr,
// signals, the version, and middleware for HTTP servers. Only cmd imports it.
//
// A program calls [Main] with its flags and action. Flags with bounds are made
// with [Value]. An action returns an error, which Main prints, or an [ExitCode].
package app

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"syscall"

	"github.com/urfave/cli/v2"
	_ "golang.org/x/crypto/x509roots/fallback" // for containers without certificates
)

// ExitCode is an error that only sets the exit code: everything that the user
// should know has been printed.
type ExitCode int

// Exit codes of all programs.
const (
	NoMatch ExitCode = 1 // wm-grep: nothing matched
	Failed  ExitCode = 2 // usage or error, also if some input was bad or rejected
)

func (c ExitCode) Error() string { return fmt.Sprintf("exit code %d", int(c)) }

// Main runs the program with the arguments of the process and exits.
func Main(a *cli.App) {
	prepare(a)
	ctx, stop := notify(context.Background())
	defer stop()
	printStateOnSignal(Stderr, a.Name)
	err := a.RunContext(ctx, permute(a, os.Args))
	os.Exit(exitCode(Stderr, a.Name, err))
}

// exitCode prints an error and returns the exit code for it.
func exitCode(stderr io.Writer, name string, err error) int {
	if err == nil || errors.Is(err, ErrReaderGone) || errors.Is(err, syscall.EPIPE) {
		return 0 // the reader wants no more: not a failure
	}
	if code, ok := errors.AsType[ExitCode](err); ok {
		return int(code)
	}
	PrintError(stderr, name, err)
	return int(Failed)
}

// Usage returns the error for an invalid command line.
func Usage(format string, args ...any) error {
	return &advice{fmt.Errorf(format, args...), "see -h"}
}
