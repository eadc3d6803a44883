package stream

import (
	"bytes"
	"context"
	"fmt"
	"time"

	"github.com/wmtools/wm/lib/event"
)

// reading is the state of one connection, or capture, while it is read.
type reading struct {
	*Stream
	conn  *connection // nil for a capture
	yield func(event.Event, error) bool
	asked bool      // for a time; otherwise the connection begins at the live end
	since time.Time // when the connection was opened, by the server's clock
	begun bool      // a message has come

	fresh, repeats bool // see outcome
}

// message is a frame with an event, and what is known about it.
type message struct {
	event.Event
	meta   event.Meta
	sender *place // nil: unknown
	key    string // identifies the event across connections
	size   int    // of a frame that was too large and skipped; otherwise 0

	repeat, remembered bool // see seen.repeated
}

// read reads one connection to its end.
func (s *Stream) read(ctx context.Context, yield func(event.Event, error) bool) outcome {
	what := s.ask()
	c, err := s.conn.open(ctx, what, s.answerLimit())
	if err != nil {
		return outcome{err: err}
	}
	defer c.close()
	s.connected(c, what)
	r := &reading{Stream: s, conn: c, yield: yield, asked: what != (ask{}), since: s.clock}
	c.onWait = r.onWait
	err = r.readFrames(newFrames(c, s.opts.MaxEvent))
	return outcome{err, c.lived(), r.fresh, r.repeats}
}

func (r *reading) readFrames(frames *frames) error {
	for {
		fr, err := frames.next()
		if err != nil {
			return err
		}
		r.clock = r.conn.now()
		if err := r.take(fr); err != nil {
			return err
		}
	}
}

// ask returns what the next connection asks for.
func (s *Stream) ask() ask {
	if s.pos.known() {
		return ask{lastEventID: s.pos.lastEventID()}
	}
	return ask{since: s.pos.from}
}

// connected records that a connection is open. A reader that began at the live
// end now knows when that was.
func (s *Stream) connected(c *connection, what ask) {
	s.clock = c.now()
	if s.pos.from == 0 {
		s.pos.from = s.clock.Add(-time.Second).UnixMilli()
	}
	if what.lastEventID == "" {
		s.topics.known(c.date.UnixMilli())
	}
	s.pos.connected()
	s.bounds.last = c.opened
	s.setConnected(true, nil)
}

// onWait runs when the connection is about to wait, and while it waits.
func (r *reading) onWait() error {
	r.clock = r.conn.now()
	if r.conn.lived() >= settled {
		r.endOutage()
	}
	r.publish()
	began := time.Now()
	if err := r.opts.Drained(); err != nil {
		return &finalError{err}
	}
	now := time.Now()
	r.bounds.blocked(now.Sub(began))
	if r.bounds.finished(r.pos.places, r.clock, now) {
		return errFinished
	}
	return nil
}

// take delivers the event of a frame, unless it is to be dropped, and moves the
// position past it. An error ends the connection.
func (r *reading) take(fr frame) error {
	if fr.retry > 0 && r.back != nil {
		r.back.retry = fr.retry
	}
	if string(fr.kind) == "error" {
		return &reportedError{clip(fr.data)}
	}
	if len(fr.data) == 0 && fr.tooLarge == 0 {
		return nil
	}
	m := message{Event: event.New(fr.data), size: fr.tooLarge}
	m.meta = m.Meta()
	m.sender = r.pos.sender(fr.id, m.meta)
	m.key = key(m.meta.ID, fr.data)
	if err := r.begin(m.sender); err != nil {
		return err
	}
	m.repeat, m.remembered = r.pos.seen.repeated(m.key)
	if r.asked && m.sender != nil && m.sender.unproven(r.since.UnixMilli(), m.repeat) {
		return errAgain // before a message that may not be the first of those asked for
	}
	if m.repeat {
		r.repeats = true
	} else if !r.fresh {
		r.firstNew()
	}
	if r.window.after(m.Event, m.sender) && !m.repeat {
		// The position does not move past it: a reader that resumes may want it.
		r.stats.Outside++
		r.bounds.passes(m.sender, r.clock)
		return nil
	}
	err := r.deliver(&m)
	r.pass(&m)
	return err
}

// firstNew records that the connection brought a new event.
func (r *reading) firstNew() {
	r.fresh = true
	r.pos.restoreOverlap()
	r.endOutage()
}

// deliver yields a message that is not after the window, reports it as skipped,
// or drops it.
func (r *reading) deliver(m *message) error {
	switch {
	case m.repeat:
		r.stats.Repeats++
	case m.size > 0:
		return r.skip(m, fmt.Errorf("event of %d bytes is larger than the limit of %d: skipped", m.size, r.opts.MaxEvent))
	case !isObject(m.Line()):
		return r.skip(m, fmt.Errorf("event of %d bytes is not a JSON object: skipped", len(m.Line())))
	case m.meta.Domain == "canary" && !r.opts.Canary:
		r.stats.Canaries++
	case r.window.before(m.Event, m.sender):
		r.stats.Outside++
	default:
		return r.handOn(m)
	}
	return nil
}

func (r *reading) handOn(m *message) error {
	r.stats.Events++
	r.stats.Bytes += int64(len(m.Line()))
	if m.sender != nil {
		r.newest = m.sender.time()
	}
	if !r.yield(m.Event, nil) {
		return errStopped
	}
	return nil
}

// pass moves the position past a message.
func (r *reading) pass(m *message) {
	if m.sender != nil {
		if jump := m.sender.count(m.meta.Offset, m.repeat); jump != (numbering{}) {
			r.report(jump)
		}
		r.bounds.passes(m.sender, r.clock)
	}
	switch {
	case m.remembered || r.conn == nil: // a capture has no reconnects
	case m.sender != nil:
		r.pos.pass(m.sender, m.key, r.clock.UnixMilli())
	default:
		r.pos.remember(m.key)
	}
	if r.pos.seen.full && !r.warned {
		r.warned = true
		r.opts.OnNotice(fmt.Errorf("more than %d events will be sent again after the next reconnect: some may come twice", maxSeen))
	}
}

func (r *reading) report(n numbering) {
	if n.anew {
		r.opts.OnNotice(n)
		return
	}
	r.stats.Gaps += n.missing
	r.opts.OnLoss(n)
}

// begin checks the first message of a connection: a server that no longer has
// the requested history silently begins later. It compares with the time
// requested in the partition of the message, because others may have been
// silent. Missing history is reported once.
func (r *reading) begin(sender *place) error {
	if r.begun || sender == nil || sender.added && sender.high == 0 {
		return nil
	}
	r.begun = true
	if !r.asked {
		return nil
	}
	asked := sender.ask(r.pos.ahead)
	if !r.gone.IsZero() {
		asked = max(asked, r.gone.UnixMilli())
	}
	gone := missing(asked, sender.time())
	if gone == nil {
		return nil
	}
	if !r.opts.Until.IsZero() {
		return &finalError{event.WithHint(gone, "the service keeps only some days; ask for a later time")}
	}
	r.gone = gone.First
	r.stats.Missing += gone.missing()
	r.opts.OnLoss(gone)
	return nil
}

// skip reports an event that is not delivered.
func (r *reading) skip(m *message, why error) error {
	r.stats.Skipped++
	place := r.name
	switch {
	case m.meta.Topic != "" && m.meta.Offset >= 0:
		place = fmt.Sprintf("%s:%d", m.meta.Topic, m.meta.Offset)
	case m.sender != nil:
		place = m.sender.topic
		m.sender.offset = -1 // not to be compared with the next one's
	}
	if !r.yield(event.Event{}, &event.LineError{Place: place, Err: why}) {
		return errStopped
	}
	return nil
}

// isObject reports whether a line looks like a JSON object. Programs that read
// its fields check the rest.
func isObject(line []byte) bool {
	line = bytes.TrimSpace(line)
	return len(line) > 1 && line[0] == '{' && line[len(line)-1] == '}'
}
