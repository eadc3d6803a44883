//go:build !unix

package app

import "context"

// WatchStdout cannot ask whether a pipe still has a reader on this system; the
// next write will tell.
func WatchStdout(parent context.Context) (context.Context, context.CancelFunc) {
	return context.WithCancel(parent)
}
