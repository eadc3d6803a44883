package stream

import (
	"errors"
	"math/rand/v2"
	"time"
)

const (
	firstWait = 500 * time.Millisecond
	maxWait   = 30 * time.Second
)

// backoff says how long to wait before the next connection: not at all after
// one that brought events, then up to twice as long each time.
type backoff struct {
	good bool // the last connection brought an event
	wait time.Duration
}

func newBackoff() *backoff { return &backoff{} }

// reset is told that an event arrived. That the server answered is not enough:
// one that answers and then sends nothing would be asked in a tight loop.
func (b *backoff) reset() { b.good, b.wait = true, 0 }

// next returns the wait after a connection that ended with err. A server that
// names a time itself is heeded.
func (b *backoff) next(err error) time.Duration {
	if busy, ok := errors.AsType[*statusError](err); ok && busy.retryAfter > 0 {
		b.good = false
		return busy.retryAfter
	}
	if b.good {
		b.good = false
		return 0
	}
	b.wait = min(max(2*b.wait, firstWait), maxWait)
	// Full speed of many clients after an outage would be the next outage.
	return b.wait/2 + rand.N(b.wait/2)
}
