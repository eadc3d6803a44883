package bulk

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/http"
	"strconv"
	"time"

	"github.com/wmtools/wm/lib/es"
)

const (
	firstDelay  = 250 * time.Millisecond
	longestWait = 30 * time.Second
	// longestRetryAfter limits what a server may ask for.
	longestRetryAfter = time.Hour
	// shortestRequest is how long a request may take at least, even if the outage
	// has nearly lasted for Options.RetryFor.
	shortestRequest = time.Second
)

// clock is replaced in tests.
type clock struct {
	now   func() time.Time
	sleep func(context.Context, time.Duration) error
}

var wallClock = clock{time.Now, sleep}

func sleep(ctx context.Context, d time.Duration) error {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return nil
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}

// patience waits between attempts while the server is down or busy.
type patience struct {
	clock
	tell  func(err error, wait time.Duration) // called before each wait
	limit time.Duration                       // of an outage; 0: none
	delay time.Duration                       // upper bound of the last wait; 0: no outage
	since time.Time                           // start of the first attempt of this outage
}

// errSlow is the cause of a request that ended with the limit.
var errSlow = errors.New("no answer in time")

// bound limits a request to what remains of the limit.
func (p *patience) bound(ctx context.Context) (context.Context, context.CancelFunc) {
	p.begin()
	if p.limit == 0 {
		return ctx, func() {}
	}
	return context.WithTimeoutCause(ctx, max(p.left(), shortestRequest), errSlow)
}

// nameLimit replaces the error of a request that the limit has ended.
func nameLimit(request context.Context, c *es.Client, err error) error {
	if err != nil && errors.Is(context.Cause(request), errSlow) {
		return c.Fail(es.Silent, errSlow)
	}
	return err
}

// begin records the start of what may become an outage.
func (p *patience) begin() {
	if p.since.IsZero() {
		p.since = p.now()
	}
}

func (p *patience) left() time.Duration { return p.limit - p.now().Sub(p.since) }

// wait sleeps before the next attempt. Delays double and have jitter, so that many
// clients do not return at once, and are at least as long as the server asked for.
// It returns an error when ctx ends, or if the limit is reached before the server
// may be asked again.
func (p *patience) wait(ctx context.Context, why error, atLeast time.Duration) error {
	p.begin()
	p.delay = min(max(2*p.delay, firstDelay), longestWait)
	d := max(p.delay/2+rand.N(p.delay/2), atLeast)
	if p.limit > 0 {
		left := p.left()
		if left <= 0 || atLeast > left {
			return fmt.Errorf("gave up after %v: %w", p.limit, why)
		}
		d = min(d, left) // the last attempt is at the limit
	}
	p.tell(why, d)
	if err := p.sleep(ctx, d); err != nil {
		return fmt.Errorf("gave up waiting: %w", why)
	}
	return nil
}

// progress makes the next wait a short one.
func (p *patience) progress() { p.delay, p.since = 0, time.Time{} }

// retryAfter returns how long the server asks the client to wait, in seconds or
// until a date; 0 if it does not.
func (c clock) retryAfter(h http.Header) time.Duration {
	value := h.Get("Retry-After")
	if s, err := strconv.ParseUint(value, 10, 32); err == nil {
		return min(time.Duration(s)*time.Second, longestRetryAfter)
	}
	if t, err := http.ParseTime(value); err == nil {
		return min(max(t.Sub(c.now()), 0), longestRetryAfter)
	}
	return 0
}
