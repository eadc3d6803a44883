//go:build !unix

package app

import (
	"context"

	"github.com/urfave/cli/v2"
)

// CheckStdout does nothing: on this system a write to a closed stdout fails.
func CheckStdout(*cli.Context) error { return nil }

// WatchStdout returns a context that does not depend on stdout: this system
// reports the end of a pipe only to a write.
func WatchStdout(parent context.Context) (context.Context, context.CancelFunc) {
	return context.WithCancel(parent)
}
