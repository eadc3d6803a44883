package stream

import (
	"time"

	"github.com/wmtools/wm/lib/event"
)

const (
	// slack is how far past the end of a bounded replay messages are read, because
	// messages can be that late.
	slack = 30 * time.Second
	// quiet is the silence after which a partition has nothing left to send.
	quiet = 10 * time.Second
	// fast is how far message times may be ahead of the known time of the server: a
	// Date header has whole seconds, and clocks differ a little.
	fast = 2 * time.Second
	// tolerance is how much later than requested the first message may be. Every
	// stream has several canaries per hour.
	tolerance = time.Hour
)

// window is the time of a replay: since <= t < until. A zero time is no bound.
type window struct{ since, until time.Time }

// before and after report on which side of the window an event is: by its own
// time, or by that of its message if it has none.
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

// bounds decides when a bounded replay is complete: when every partition has
// sent a message after its end, or has nothing left to send.
type bounds struct {
	until  time.Time
	needed bool      // a message came from a partition that has not passed the end
	last   time.Time // when that was, or when the connection began
}

// passes records a message. One ahead of the server's clock proves nothing:
// those after it may be older.
func (b *bounds) passes(pl *place, clock time.Time) {
	if b.until.IsZero() || pl == nil || pl.passed {
		return
	}
	b.needed = true
	pl.passed = pl.time() >= b.until.Add(slack).UnixMilli() && pl.time() <= clock.Add(fast).UnixMilli()
}

// blocked records that the reader was blocked for a while: that is not the
// server's silence.
func (b *bounds) blocked(time time.Duration) { b.last = b.last.Add(time) }

// finished reports whether nothing is left to wait for. The server may send the
// partitions in any order, so silence counts from the last message of any that
// has not passed the end.
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

// missing compares the time of the first message of a connection with the time
// requested, both in ms. A server that no longer has the requested history
// silently begins with its oldest message. A request from 1970 on asks for the
// oldest message there is, so nothing is missing.
func missing(asked, first int64) *MissingError {
	if asked <= 1 || first-asked <= tolerance.Milliseconds() {
		return nil
	}
	return &MissingError{time.UnixMilli(asked), time.UnixMilli(first)}
}
