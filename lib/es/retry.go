package es

import (
	"context"
	"fmt"
	"math/rand/v2"
	"net/http"
	"strconv"
	"time"
)

const (
	firstDelay  = 250 * time.Millisecond
	longestWait = 30 * time.Second
	// A server that names a longer time than this is not taken at its word.
	longestRetryAfter = time.Hour
)

// clock is time as waiting sees it. Tests bring their own.
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

// patience waits between attempts while the server is away or busy.
type patience struct {
	clock
	tell  func(err error, wait time.Duration) // called before each wait
	limit time.Duration                       // of an outage; 0: none
	delay time.Duration                       // upper bound of the last wait; 0: all was well
	since time.Time                           // when this outage began
}

// wait sleeps before the next attempt: twice as long each time, with jitter, so
// that many clients do not come back at once, and not shorter than the server
// asked for. It returns an error when ctx ends, or the limit is reached before the
// server may be asked again.
func (p *patience) wait(ctx context.Context, why error, atLeast time.Duration) error {
	if p.delay == 0 {
		p.since = p.now()
	}
	p.delay = min(max(2*p.delay, firstDelay), longestWait)
	d := max(p.delay/2+rand.N(p.delay/2), atLeast)
	if p.limit > 0 {
		left := p.limit - p.now().Sub(p.since)
		if left <= 0 || atLeast > left {
			return fmt.Errorf("gave up after %v: %w", p.limit, why)
		}
		d = min(d, left) // the last attempt is at the end
	}
	p.tell(why, d)
	if err := p.sleep(ctx, d); err != nil {
		return fmt.Errorf("gave up waiting: %w", why)
	}
	return nil
}

// progress makes the next wait a short one.
func (p *patience) progress() { p.delay = 0 }

// retryAfter returns how long the server asks to be left alone: a number of
// seconds or a date. 0: it does not ask.
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
