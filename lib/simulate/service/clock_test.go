package service

import (
	"context"
	"errors"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"github.com/wmtools/wm/lib/simulate"
)

func TestClockRunsFaster(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		start := time.Date(2026, 11, 1, 12, 0, 0, 0, time.UTC)
		c := NewClock(start, 60)
		time.Sleep(time.Second)
		if got := c.Now(); !got.Equal(start.Add(time.Minute)) {
			t.Errorf("after a second it shows %s", got)
		}
	})
}

func TestFeedKeepsPace(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		began := time.Now()
		s := New(Options{})
		clock := NewClock(time.UnixMilli(1_000_000).UTC(), 10)
		events := []simulate.Event{
			fixed(rc, "eqiad", 1, 1_000_000), fixed(rc, "eqiad", 2, 1_020_000),
			fixed(rc, "eqiad", 3, 1_005_000), fixed(rc, "eqiad", 4, 1_030_000),
		}
		done := make(chan error, 1)
		go func() { done <- Feed(t.Context(), s, clock, slices.Values(events)) }()
		for _, step := range []struct {
			after time.Duration
			want  int
		}{{0, 1}, {1999 * time.Millisecond, 1}, {2 * time.Second, 3}, {2999 * time.Millisecond, 3}, {3 * time.Second, 4}} {
			time.Sleep(step.after - time.Since(began))
			synctest.Wait()
			if got := len(s.Events()); got != step.want {
				t.Errorf("after %s: %d events, want %d", step.after, got, step.want)
			}
		}
		if err := <-done; err != nil {
			t.Error(err)
		}
	})
}

func TestFeedStops(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithCancelCause(t.Context())
		cause := errors.New("enough")
		done := make(chan error, 1)
		s := New(Options{})
		go func() {
			done <- Feed(ctx, s, NewClock(time.Now(), 1), simulate.New(1, simulate.Options{Start: time.Now()}).All())
		}()
		time.Sleep(10 * time.Second)
		cancel(cause)
		if err := <-done; !errors.Is(err, cause) {
			t.Errorf("ended with %v", err)
		}
		if n := len(s.Events()); n < 300 || n > 500 {
			t.Errorf("%d events in 10 s, want about 400", n)
		}
	})
}
