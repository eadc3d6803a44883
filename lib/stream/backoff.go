package stream

import (
	"errors"
	"math/rand/v2"
	"time"
)

// firstWait is the first wait of an outage. It is a variable for the tests.
var firstWait = 500 * time.Millisecond

const (
	maxWait = 30 * time.Second
	// settled is how long a connection must live to be replaced without a wait.
	// The service is shared: if connections end sooner, the client does not
	// reconnect in a tight loop, even if each connection brought events.
	settled = 5 * time.Second
)

// outcome is how a connection, or the attempt to open one, ended.
type outcome struct {
	err     error
	lived   time.Duration // 0: it was never open
	fresh   bool          // it brought a new event
	repeats bool          // it brought events already delivered
}

// worked reports whether the end of the connection is routine, not an outage.
func (o outcome) worked() bool { return o.fresh || o.lived >= settled }

// backoff decides how long to wait before the next connection.
type backoff struct {
	wait  time.Duration // the last wait without its random part
	retry time.Duration // minimum that the server asked for in a "retry:" field
	good  time.Time     // when a connection last worked
}

func newBackoff() *backoff { return &backoff{good: time.Now()} }

// next returns the wait after a connection. It grows while connections bring
// nothing, unless the next one asks for less and may do better (promising). The
// wait is at least what the server asked for.
func (b *backoff) next(end outcome, promising bool) time.Duration {
	if end.worked() {
		b.good, b.wait = time.Now(), 0
	}
	if busy, ok := errors.AsType[*StatusError](end.err); ok && busy.RetryAfter > 0 {
		return max(b.retry, busy.RetryAfter)
	}
	switch {
	case end.lived >= settled:
		return b.retry
	case end.fresh || promising:
		b.wait = firstWait
	default:
		b.wait = min(max(2*b.wait, firstWait), maxWait)
	}
	// If all clients came back at once after an outage, they would cause another.
	return max(b.retry, b.wait/2+rand.N(b.wait/2))
}

// out returns how long ago a connection last worked.
func (b *backoff) out() time.Duration { return time.Since(b.good) }
