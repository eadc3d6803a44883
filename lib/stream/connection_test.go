package stream

import (
	"context"
	"testing"
	"time"
)

// While a connection waits, those who are told may have to wait for the reader
// of stdout. That is not the server's silence.
func TestTimeOfOthersIsNotIdle(t *testing.T) {
	const blocked = 20 * time.Millisecond
	ctx, cancel := context.WithCancelCause(t.Context())
	c := &connection{ctx: ctx, cancel: cancel, idle: time.Hour, timer: time.NewTimer(time.Hour)}
	c.waits = func() error {
		time.Sleep(blocked)
		return nil
	}
	c.setWaiting(true)
	before := c.since
	c.tick()
	if moved := c.since.Sub(before); moved < blocked {
		t.Errorf("%v of %v do not count", moved, blocked)
	}
}
