package stream

import (
	"errors"
	"math/rand/v2"
	"time"
)

const (
	firstWait = 500 * time.Millisecond
	maxWait   = 30 * time.Second
	// healthy is how long a connection lives that is a good one though it brings
	// no event: a quiet stream has a few in an hour.
	healthy = 30 * time.Second
)

// backoff says how long to wait before the next connection: not at all after
// one that brought events, then up to twice as long each time.
type backoff struct {
	good bool // the last connection brought an event
	wait time.Duration
	last time.Time // when a connection was last known to be good
	once bool      // what ended the last connection was settled
}

func newBackoff() *backoff { return &backoff{last: time.Now()} }

// reset is told that an event arrived. That the server answered is not enough:
// one that answers and then sends nothing would be asked in a tight loop.
func (b *backoff) reset() { b.good, b.wait, b.once = true, 0, false }

// settled is told that the reason for the end of the last connection is gone,
// so that nothing has to be waited for: once, until an event arrives.
func (b *backoff) settled() {
	if !b.once {
		b.once, b.good = true, true
	}
}

// next returns the wait after a connection that ended with err. A server that
// names a time itself is heeded.
func (b *backoff) next(err error) time.Duration {
	good := b.good
	if b.good = false; good {
		b.last = time.Now()
	}
	if busy, ok := errors.AsType[*statusError](err); ok && busy.retryAfter > 0 {
		return busy.retryAfter
	}
	if good {
		return 0
	}
	b.wait = min(max(2*b.wait, firstWait), maxWait)
	// Full speed of many clients after an outage would be the next outage.
	return b.wait/2 + rand.N(b.wait/2)
}

// out returns for how long there has been no good connection.
func (b *backoff) out() time.Duration { return time.Since(b.last) }
