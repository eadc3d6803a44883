package service

import (
	"context"
	"iter"
	"time"

	"github.com/wmtools/wm/lib/simulate"
)

// Clock is a clock that can be set and can run faster than the real one.
type Clock struct {
	start time.Time // what it shows at since
	since time.Time // real time
	speed float64
}

// NewClock returns a clock that shows start and runs at speed times the speed of
// a real one.
func NewClock(start time.Time, speed float64) *Clock {
	return &Clock{start, time.Now(), speed}
}

// Now returns what the clock shows.
func (c *Clock) Now() time.Time {
	return c.start.Add(time.Duration(float64(time.Since(c.since)) * c.speed))
}

// wait waits until the clock shows t. If ctx ends first, it returns the cause.
func (c *Clock) wait(ctx context.Context, t time.Time) error {
	left := time.Duration(float64(t.Sub(c.Now())) / c.speed)
	if left <= 0 {
		return context.Cause(ctx)
	}
	timer := time.NewTimer(left)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}

// Feed appends events to the log of a service, each when the clock shows its
// message time, or at once if that is past. It returns nil at the end of the
// events, or the cause when ctx ends.
func Feed(ctx context.Context, s *Service, clock *Clock, events iter.Seq[simulate.Event]) error {
	for e := range events {
		if err := clock.wait(ctx, time.UnixMilli(e.Time).UTC()); err != nil {
			return err
		}
		s.Append(e)
	}
	return nil
}
