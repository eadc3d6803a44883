package stream

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/wmtools/wm/lib/event"
)

// reading is one connection while it is read.
type reading struct {
	*Stream
	conn  *connection
	yield func(event.Event, error) bool
	asked bool      // for a time; otherwise the connection begins at the live end
	since time.Time // when the connection was opened, by the server's clock
	begun bool      // a message has come
	err   error     // that a frame ends the connection with
}

// read reads one connection to its end.
func (s *Stream) read(ctx context.Context, yield func(event.Event, error) bool) error {
	what := s.ask()
	c, err := s.conn.open(ctx, what)
	if err != nil {
		return err
	}
	defer c.close()
	defer func() {
		if c.lived() >= healthy {
			s.back.reset()
		}
	}()
	r := &reading{Stream: s, conn: c, yield: yield, asked: what != (ask{})}
	s.connected(c)
	r.since = s.clock
	c.waits = r.waits
	frames := newFrames(c, s.cfg.MaxEvent, r.tooLarge)
	for r.err == nil {
		fr, err := frames.next()
		if err != nil {
			return err
		}
		if r.err == nil {
			r.take(fr)
		}
	}
	return r.err
}

// ask returns what the next connection asks for.
func (s *Stream) ask() ask {
	if s.pos.known() {
		return ask{lastEventID: s.pos.lastEventID()}
	}
	return ask{since: s.pos.from}
}

// connected is told that a connection is open. A reader that began at the live
// end now knows when that was.
func (s *Stream) connected(c *connection) {
	s.clock = c.now()
	if s.pos.from == 0 {
		s.pos.from = s.clock.Add(-time.Second).UnixMilli()
	}
	s.pos.connected()
	s.bounds.last = c.opened
	s.setConnected(true, nil)
}

// waits runs whenever the connection is about to wait, and while it does.
func (r *reading) waits() error {
	r.clock = r.conn.now()
	r.publish()
	began := time.Now()
	if err := r.cfg.Drained(); err != nil {
		return &finalError{err}
	}
	now := time.Now()
	r.bounds.blocked(now.Sub(began))
	if r.bounds.finished(r.pos.places, r.clock, now) {
		return errFinished
	}
	return nil
}

// take hands on the event of a frame, unless there is a reason not to, and
// moves the position past it.
func (r *reading) take(fr frame) {
	if string(fr.kind) == "error" {
		r.err = &reportedError{clip(fr.data)}
		return
	}
	if len(fr.data) == 0 {
		return
	}
	e := event.New(fr.data)
	m := e.Meta()
	sender := r.pos.sender(fr.id, m)
	if !r.begin(sender) {
		return
	}
	repeat, remembered := r.pos.seen.repeated(m.ID)
	if r.again(sender, repeat) {
		return
	}
	if !repeat {
		r.back.reset()
	}
	switch {
	case repeat:
		r.stats.Repeats++
	case r.window.after(e, sender):
		// Whoever goes on from the cursor of this replay still wants it.
		r.stats.Outside++
		r.bounds.passes(sender, r.clock)
		return
	case !isObject(fr.data):
		r.skip(sender, m, fmt.Errorf("event of %d bytes is not a JSON object: skipped", len(fr.data)))
	case m.Domain == "canary" && !r.cfg.Canary:
		r.stats.Canaries++
	case r.window.before(e, sender):
		r.stats.Outside++
	default:
		r.handOn(e, sender)
	}
	r.pass(sender, m, repeat, remembered)
}

// again ends the connection before a message that may not be the first of those
// that were asked for.
func (r *reading) again(sender *place, repeat bool) bool {
	if !r.asked || sender == nil || !sender.unproven(r.since.UnixMilli(), repeat) {
		return false
	}
	r.err = errAgain
	return true
}

func (r *reading) handOn(e event.Event, sender *place) {
	r.stats.Events++
	r.stats.Bytes += int64(len(e.Line()))
	if sender != nil {
		r.newest = sender.time()
	}
	r.stop(!r.yield(e, nil))
}

// stop ends the reading if the consumer wants no more.
func (r *reading) stop(enough bool) {
	if enough {
		r.err = errStopped
	}
}

// pass moves the position past an event.
func (r *reading) pass(sender *place, m event.Meta, repeat, remembered bool) {
	if sender == nil {
		return
	}
	if jump := sender.count(m.Offset, repeat); jump != (numbering{}) {
		r.tell(jump)
	}
	r.bounds.passes(sender, r.clock)
	if !remembered {
		r.pos.pass(sender, m.ID, r.clock.UnixMilli())
	}
	if r.pos.seen.full && !r.told {
		r.told = true
		r.cfg.OnNotice(fmt.Errorf("more than %d events will be sent again after the next reconnect: some may come twice", maxSeen))
	}
}

func (r *reading) tell(n numbering) {
	if n.anew {
		r.cfg.OnNotice(n)
		return
	}
	r.stats.Gaps += n.missing
	r.cfg.OnLoss(n)
}

// begin looks at the first message of a connection: a server that no longer
// has what was asked for begins later without a word. What counts is what was
// asked for in the partition of the message; others may have been silent.
func (r *reading) begin(sender *place) bool {
	if r.begun || sender == nil {
		return true
	}
	r.begun = true
	if !r.asked {
		return true
	}
	gone := missing(sender.ask(r.pos.overlap), sender.time())
	if gone == nil {
		return true
	}
	if !r.cfg.Until.IsZero() {
		r.err = &finalError{event.WithHint(gone, "the service keeps some days only; ask for a later time")}
		return false
	}
	r.stats.Missing += gone.missing()
	r.cfg.OnLoss(gone)
	return true
}

// tooLarge skips an event whose frame is not read to its end. What there is of
// it tells which one it was, so that it counts as passed.
func (r *reading) tooLarge(begin frame, size int) {
	m := event.New(begin.data).Meta()
	sender := r.pos.sender(begin.id, m)
	repeat, remembered := r.pos.seen.repeated(m.ID)
	if r.again(sender, repeat) {
		return
	}
	if !repeat {
		r.skip(sender, m, fmt.Errorf("event of %d bytes is larger than the limit of %d: skipped", size, r.cfg.MaxEvent))
	}
	r.pass(sender, m, repeat, remembered)
}

// skip reports an event that is not handed on.
func (r *reading) skip(sender *place, m event.Meta, why error) {
	r.stats.Skipped++
	where := r.name
	switch {
	case m.Topic != "" && m.Offset >= 0:
		where = fmt.Sprintf("%s:%d", m.Topic, m.Offset)
	case sender != nil:
		where = sender.topic
		sender.offset = -1 // not to be compared with the next one's
	}
	r.stop(!r.yield(event.Event{}, &event.LineError{Place: where, Err: why}))
}

// isObject reports whether a line looks like a JSON object. Whether it is one
// to the last comma is the business of those who read its fields.
func isObject(line []byte) bool {
	line = bytes.TrimSpace(line)
	return len(line) > 1 && line[0] == '{' && line[len(line)-1] == '}'
}

// plain puts the ends of connections into words.
func plain(err error) error {
	switch cause(err) {
	case CauseEnd, CauseCut:
		return errors.New("connection closed")
	}
	return err
}
