// Package stream reads Wikimedia EventStreams.
//
// [New] makes a [Stream] from [Options]; [Stream.Events] yields its events, each
// exactly once, across the ends of connections and the outages between them.
// [Stream.Cursor] is the position to resume from in another process.
// [NewCapture] reads a stream saved to a file, and [List] asks the service which
// streams it offers.
//
// A Stream holds one connection at a time. It resumes by time, not by the id
// that the server sends; position.go explains why.
package stream

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"iter"
	"time"

	"github.com/wmtools/wm/lib/cursor"
	"github.com/wmtools/wm/lib/event"
)

// Stream reads one or more streams over one connection. It is an event.Source.
type Stream struct {
	opts   Options
	conn   *connector
	pos    *positions
	topics topics
	window window
	bounds bounds
	back   *backoff
	outage time.Time // when it began; zero: no outage
	stats  Stats
	newest int64     // ms: message time of the last event delivered
	gone   time.Time // history before this is reported as missing
	clock  time.Time // the server's, when it was last heard; zero: never
	public published
	name   string // of the input, in messages
	warned bool   // that repeats may pass
}

// New returns a Stream. It does not connect yet. The errors for a cursor that
// cannot be resumed are those of [cursor.Cursor.Check].
func New(o Options) (*Stream, error) {
	o = o.withDefaults()
	conn, err := newConnector(o)
	if err != nil {
		return nil, err
	}
	since, err := conn.takeSince(time.Now())
	if err != nil {
		return nil, err
	}
	s := &Stream{opts: o, conn: conn, pos: newPositions(o.Overlap), name: conn.url.Redacted()}
	s.window.until, s.bounds.until = o.Until, o.Until
	switch {
	case o.Cursor != nil:
		if err := o.Cursor.Check(conn.streams, time.Now()); err != nil {
			return nil, err
		}
		s.pos.resume(*o.Cursor)
		s.topics.complete = o.Cursor.Saved
	case !o.Since.IsZero():
		s.pos.from, s.window.since = max(1, o.Since.UnixMilli()), o.Since
	default:
		s.pos.from = since
	}
	return s, nil
}

// Cursor returns the position after the last event delivered. It reports false
// before the first connection of a reader that begins at the live end. It may
// be called by Drained, while an event is being yielded (the cursor is before
// that event), and after Events has ended.
func (s *Stream) Cursor() (cursor.Cursor, bool) {
	if s.pos.from == 0 {
		return cursor.Cursor{}, false
	}
	return cursor.Cursor{
		Streams: s.conn.streams, From: s.pos.from, Saved: cmp.Or(s.topics.complete, s.pos.from),
		Positions: s.pos.list(), Seen: s.pos.seen.ids(),
	}, true
}

var (
	// errStopped ends a connection because the consumer wants no more events.
	errStopped = errors.New("stopped")
	// errFinished ends a connection because a bounded replay is complete.
	errFinished = errors.New("finished")
)

// Events yields the events of the streams until ctx is done or a bounded replay
// is complete. It reconnects as often as necessary. A frame that is too large,
// or data that is not a JSON object, is a *event.LineError. Any other error ends
// the sequence: the server permanently rejects the request, or an outage lasts
// too long.
func (s *Stream) Events(ctx context.Context) iter.Seq2[event.Event, error] {
	return func(yield func(event.Event, error) bool) {
		s.back = newBackoff()
		for ctx.Err() == nil {
			end := s.read(ctx, yield)
			s.publish()
			if errors.Is(end.err, errStopped) || errors.Is(end.err, errFinished) || ctx.Err() != nil {
				return
			}
			if err := s.recover(ctx, end); err != nil {
				yield(event.Event{}, err)
				return
			}
		}
	}
}

// recover waits before the next connection, or returns the error that ends the
// stream.
func (s *Stream) recover(ctx context.Context, end outcome) error {
	s.setConnected(false, end.err)
	if final, ok := errors.AsType[*finalError](end.err); ok {
		return s.conn.explainUnknown(ctx, final.err)
	}
	s.stats.Reconnects[cause(end.err)]++
	gone, _ := errors.AsType[*topicsError](end.err)
	mended := gone != nil && s.pos.mend(gone.available)
	if mended {
		s.opts.OnNotice(gone)
	}
	promising := mended || !end.fresh && end.repeats && s.pos.halveOverlap()
	wait := s.back.next(end, promising)
	if limit := s.opts.RetryFor; wait > 0 && limit > 0 && s.back.out()+wait > limit {
		return fmt.Errorf("%s: gave up after %v without a connection: %w", s.conn.url.Host, limit, plain(end.err))
	}
	if !end.worked() && !mended && !errors.Is(end.err, errAgain) {
		s.beginOutage(end.err, wait)
	}
	if err := s.pause(ctx, wait); err != nil {
		return err
	}
	if end.worked() && s.topics.due() {
		s.look(ctx)
	}
	return nil
}

func (s *Stream) beginOutage(err error, wait time.Duration) {
	if s.outage.IsZero() {
		s.outage = time.Now()
	}
	s.opts.OnOutage(fmt.Errorf("%s: %w", s.conn.url.Host, plain(err)), wait)
}

// endOutage reports that a connection works again, if there was an outage.
func (s *Stream) endOutage() {
	if !s.outage.IsZero() {
		s.opts.OnRecovery(time.Since(s.outage))
		s.outage = time.Time{}
	}
}

// pause waits before the next connection.
func (s *Stream) pause(ctx context.Context, wait time.Duration) error {
	s.publish()
	for end := time.Now().Add(wait); ctx.Err() == nil; {
		if err := s.opts.Drained(); err != nil {
			return err
		}
		left := time.Until(end)
		if left <= 0 {
			return nil
		}
		select {
		case <-time.After(min(left, tick)):
		case <-ctx.Done():
		}
	}
	return nil
}

// minAnswer is the minimum time that a server gets to respond to a request.
const minAnswer = time.Second

// answerLimit is how long the server may take to respond to the next request: an
// outage includes the time spent waiting for a response.
func (s *Stream) answerLimit() time.Duration {
	if s.opts.RetryFor == 0 {
		return s.opts.Idle
	}
	return min(s.opts.Idle, max(minAnswer, s.opts.RetryFor-s.back.out()))
}
