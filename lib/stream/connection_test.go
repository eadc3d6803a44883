package stream

import (
	"context"
	"testing"
	"time"
)

// onWait may block on a full pipe. That is not the server's silence.
func TestTimeInOnWaitIsNotIdle(t *testing.T) {
	const blocked = 20 * time.Millisecond
	ctx, cancel := context.WithCancelCause(t.Context())
	c := &connection{ctx: ctx, cancel: cancel, idle: time.Hour, timer: time.NewTimer(time.Hour)}
	c.onWait = func() error {
		time.Sleep(blocked)
		return nil
	}
	c.setWaiting(true)
	before := c.since
	c.tick()
	if moved := c.since.Sub(before); moved < blocked {
		t.Errorf("%v of %v were counted as idle", blocked-moved, blocked)
	}
}
