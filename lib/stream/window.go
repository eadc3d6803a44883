package stream

import (
	"fmt"
	"time"

	"github.com/wmtools/wm/lib/event"
)

const (
	// slack is how far behind the end of a bounded replay messages are read:
	// those before it may come so much later.
	slack = 30 * time.Second
	// quiet is how long a partition is silent that has nothing more to send.
	quiet = 10 * time.Second
	// tolerance is how much later than asked for the first message may be. Every
	// stream has several canaries an hour.
	tolerance = time.Hour
)

// window is the time that a replay is about: since <= t < until. A zero time is
// no bound.
type window struct{ since, until time.Time }

// before and after report on which side of the window an event is: by its own
// time, or by that of its message where it has none.
func (w window) before(e event.Event, sender *place) bool {
	return !w.since.IsZero() && timeOf(e, sender).Before(w.since)
}

func (w window) after(e event.Event, sender *place) bool {
	return !w.until.IsZero() && !timeOf(e, sender).Before(w.until)
}

func timeOf(e event.Event, sender *place) time.Time {
	if t := e.Time(); !t.IsZero() || sender == nil {
		return t
	}
	return time.UnixMilli(sender.time())
}

// bounds knows when a bounded replay has come to its end: when every partition
// has sent a message behind it, or has nothing more to send.
type bounds struct {
	until  time.Time
	needed bool      // a message came that was waited for
	last   time.Time // when that was, or when the connection began
}

// passes takes note of a message. One that is ahead of the server's clock shows
// nothing: those behind it are not.
func (b *bounds) passes(pl *place, clock time.Time) {
	if b.until.IsZero() || pl == nil || pl.passed {
		return
	}
	b.needed = true
	pl.passed = pl.time() >= b.until.Add(slack).UnixMilli() && pl.time() <= clock.UnixMilli()
}

// blocked is told that nobody listened to the server for a while: that is no
// silence.
func (b *bounds) blocked(time time.Duration) { b.last = b.last.Add(time) }

// finished reports whether nothing is to be waited for any more. The partitions
// may take turns however they like, so silence counts from the last message of
// any that was still waited for.
func (b *bounds) finished(places []*place, clock, now time.Time) bool {
	if b.until.IsZero() || clock.Before(b.until.Add(slack)) {
		return false
	}
	if b.needed {
		b.needed, b.last = false, now
	}
	if now.Sub(b.last) >= quiet {
		return true
	}
	for _, pl := range places {
		if !pl.passed {
			return false
		}
	}
	return len(places) > 0
}

// missingError says that the server does not have all that was asked for.
type missingError struct{ asked, first time.Time }

func (e *missingError) Error() string {
	const form = "2006-01-02T15:04:05Z"
	return fmt.Sprintf("asked for events since %s, the first that the server has is of %s: %v are missing",
		e.asked.UTC().Format(form), e.first.UTC().Format(form), e.missing().Round(time.Second))
}

func (e *missingError) missing() time.Duration { return e.first.Sub(e.asked) }

// missing compares the time of the first message of a connection with what was
// asked for; both in ms. A server silently begins with the oldest that it has.
// Who asks for the very beginning of time wants just that.
func missing(asked, first int64) *missingError {
	if asked <= 1 || first-asked <= tolerance.Milliseconds() {
		return nil
	}
	return &missingError{time.UnixMilli(asked), time.UnixMilli(first)}
}
