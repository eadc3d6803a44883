package stream

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"sync"
	"time"
)

// tick is how often onWait is called while a connection waits.
const tick = time.Second

// connection is one response of the server that is an event stream. One goroutine
// reads it, under a watchdog: only the time that a read waits counts as idle, not
// the time between two reads.
type connection struct {
	res    *http.Response
	ctx    context.Context
	cancel context.CancelCauseFunc
	idle   time.Duration
	date   time.Time // of the server, when the response began; in whole seconds
	opened time.Time
	read   time.Time // when the last read returned, or last waited

	// onWait is called before each read and on every tick while the read waits,
	// never at the same time as the reader runs. Its error ends the connection.
	onWait func() error

	mu      sync.Mutex
	waiting bool
	since   time.Time // when the waiting read began
	timer   *time.Timer
}

func newConnection(ctx context.Context, cancel context.CancelCauseFunc, res *http.Response, idle time.Duration) *connection {
	now := time.Now()
	c := &connection{res: res, ctx: ctx, cancel: cancel, idle: idle, date: serverDate(res), opened: now, read: now}
	c.onWait = func() error { return nil }
	c.timer = time.AfterFunc(time.Hour, c.tick)
	c.timer.Stop()
	return c
}

// now returns the server's clock at the last read. It is never ahead, and up to a
// second behind.
func (c *connection) now() time.Time { return c.date.Add(c.read.Sub(c.opened)) }

// lived returns how long the connection has been open.
func (c *connection) lived() time.Duration { return time.Since(c.opened) }

// silent returns how long the current read has been waiting.
func (c *connection) silent() time.Duration { return time.Since(c.since) }

func (c *connection) close() {
	c.cancel(nil)
	c.timer.Stop()
	c.res.Body.Close()
}

// Read reads the body.
func (c *connection) Read(p []byte) (int, error) {
	if err := c.onWait(); err != nil {
		return 0, err
	}
	c.setWaiting(true)
	n, err := c.res.Body.Read(p)
	c.setWaiting(false)
	if err != nil {
		err = c.cause(err)
	}
	return n, err
}

func (c *connection) setWaiting(on bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.waiting = on
	now := time.Now()
	if on {
		c.since = now
		c.timer.Reset(tick)
		return
	}
	c.timer.Stop()
	c.read = now
}

// tick runs every second while a read waits. The lock blocks the reader until
// tick returns.
func (c *connection) tick() {
	c.mu.Lock()
	defer c.mu.Unlock()
	if !c.waiting {
		return
	}
	if c.idle > 0 && c.silent() >= c.idle {
		c.cancel(&idleError{c.idle})
		return
	}
	c.read = time.Now()
	if err := c.onWait(); err != nil {
		c.cancel(err)
		return
	}
	// Time that onWait was blocked is not the server's silence.
	c.since = c.since.Add(time.Since(c.read))
	c.timer.Reset(tick)
}

// idleError ends a connection that the watchdog found silent.
type idleError struct{ after time.Duration }

func (e *idleError) Error() string { return fmt.Sprintf("server sent nothing for %v", e.after) }

// answerTimeout ends a request to which the server does not respond.
type answerTimeout struct{ after time.Duration }

func (e *answerTimeout) Error() string {
	return fmt.Sprintf("no answer within %v", e.after.Round(100*time.Millisecond))
}

// cause returns why reading ended: an error found by tick shows as a cancelled
// request.
func (c *connection) cause(err error) error {
	if cause := context.Cause(c.ctx); cause != nil && !errors.Is(cause, context.Canceled) {
		return cause
	}
	return err
}
