// Package stream reads Wikimedia EventStreams: the one room that dials it. A
// Stream keeps one connection at a time, takes it up again where it ended, and
// yields every event once.
package stream

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"strings"
	"time"

	"github.com/wmtools/wm/lib/cursor"
	"github.com/wmtools/wm/lib/event"
)

const (
	// DefaultURL is the service of the Wikimedia Foundation.
	DefaultURL = "https://stream.wikimedia.org"
	// DefaultStream has every change that any wiki lists in its recent changes.
	DefaultStream = "recentchange"
	// DefaultOverlap covers a second data centre whose log is ordered a little
	// differently.
	DefaultOverlap = time.Second
	// DefaultIdle is longer than the service itself lets a connection be silent.
	DefaultIdle = 90 * time.Second
	// DefaultMaxEvent is the default of Config.MaxEvent.
	DefaultMaxEvent = 16 << 20
)

// Config says what to read.
type Config struct {
	URL       string   // of the service, or the whole URL of a stream; default DefaultURL
	Streams   []string // default DefaultStream
	UserAgent string   // the service refuses clients that do not name themselves

	// Since and Until bound the events' own time: Since <= t < Until. Without
	// Since the stream begins at its live end, without Until it has no end.
	Since, Until time.Time
	// Cursor is where an earlier reader stood. It goes before Since.
	Cursor *cursor.Cursor
	// Overlap is how much older than the position the first message may be that
	// is asked for after a reconnect.
	Overlap time.Duration

	Idle     time.Duration // how long a connection may be silent; default DefaultIdle
	RetryFor time.Duration // how long an outage may last before it is an error; 0: for ever
	MaxEvent int           // size in bytes of the largest frame that is handed on; default DefaultMaxEvent
	Canary   bool          // hand on canary events too

	// Drained is called before the stream waits for the server, and again each
	// second that it waits: what was handed on so far can be flushed, and the
	// Cursor noted. It is called by one goroutine at a time, never while an
	// event is handed on. Its error ends the stream.
	Drained func() error
	// OnOutage is told why there is no connection and how long the stream waits
	// before it tries again. Not every end of a connection is an outage: the
	// service ends each after some minutes.
	OnOutage func(err error, wait time.Duration)
	// OnNotice is told what the user should know and need not act on.
	OnNotice func(error)
	// OnLoss is told of events that were asked for and will not come.
	OnLoss func(error)
}

func (c Config) withDefaults() Config {
	if c.Idle == 0 {
		c.Idle = DefaultIdle
	}
	if c.MaxEvent == 0 {
		c.MaxEvent = DefaultMaxEvent
	}
	if c.Drained == nil {
		c.Drained = func() error { return nil }
	}
	if c.OnOutage == nil {
		c.OnOutage = func(error, time.Duration) {}
	}
	if c.OnNotice == nil {
		c.OnNotice = func(error) {}
	}
	if c.OnLoss == nil {
		c.OnLoss = func(error) {}
	}
	return c
}

// Stream reads some streams over one connection. It is an event.Source.
type Stream struct {
	cfg    Config
	conn   *connector
	pos    *positions
	window window
	bounds bounds
	back   *backoff
	stats  Stats
	newest int64     // ms: message time of the last event that was handed on
	clock  time.Time // the server's, when it was last heard; zero: never
	public published
	name   string // of what is read, in messages
	told   bool   // that repeats may pass
}

// New makes a Stream. It does not connect yet. A cursor that cannot be taken up
// is an error.
func New(cfg Config) (*Stream, error) {
	cfg = cfg.withDefaults()
	conn, err := newConnector(cfg)
	if err != nil {
		return nil, err
	}
	since, err := conn.takeSince()
	if err != nil {
		return nil, err
	}
	s := &Stream{cfg: cfg, conn: conn, pos: newPositions(cfg.Overlap), name: conn.url.Redacted()}
	s.window.until, s.bounds.until = cfg.Until, cfg.Until
	switch {
	case cfg.Cursor != nil:
		if err := cfg.Cursor.Check(conn.streams, time.Now()); err != nil {
			return nil, err
		}
		s.pos.resume(*cfg.Cursor)
	case !cfg.Since.IsZero():
		s.pos.from, s.window.since = max(1, cfg.Since.UnixMilli()), cfg.Since
	default:
		s.pos.from = since
	}
	return s, nil
}

// Cursor returns where the stream stands: behind the last event that was handed
// on. ok is false before the first connection of a reader that begins at the
// live end, which stands nowhere. It may be called by Drained, while an event
// is handed on (the cursor is before it then) and when Events has ended.
func (s *Stream) Cursor() (c cursor.Cursor, ok bool) {
	if s.pos.from == 0 {
		return cursor.Cursor{}, false
	}
	return cursor.Cursor{
		Streams: s.conn.streams, From: s.pos.from, Saved: s.saved(), Positions: s.pos.list(), Seen: s.pos.seen.ids(),
	}, true
}

// saved is until when the positions speak for all partitions, in ms. Until a
// connection is open those that the reader's own cursor lacks are not known.
func (s *Stream) saved() int64 {
	switch {
	case !s.clock.IsZero():
		return s.clock.UnixMilli()
	case s.cfg.Cursor != nil:
		return s.cfg.Cursor.Saved
	}
	return time.Now().UnixMilli()
}

var (
	// errStopped ends a connection because the consumer wants no more.
	errStopped = errors.New("stopped")
	// errFinished ends it because a bounded replay has all of its events.
	errFinished = errors.New("finished")
)

// Events yields the events of the streams until ctx is done or a bounded replay
// is at its end, whatever happens to connections. A frame that is too large or
// an event that is no object is a *event.LineError. Any other error is final:
// the server does not want this request, and would not want it again, or an
// outage lasts too long.
func (s *Stream) Events(ctx context.Context) iter.Seq2[event.Event, error] {
	return func(yield func(event.Event, error) bool) {
		s.back = newBackoff()
		unsure := s.pos.known() // a cursor may lack partitions
		for ctx.Err() == nil {
			var err error
			if unsure {
				err = s.look(ctx)
				unsure = err != nil
			}
			if err == nil {
				err = s.read(ctx, yield)
			}
			s.publish()
			if errors.Is(err, errStopped) || errors.Is(err, errFinished) || ctx.Err() != nil {
				return
			}
			if err := s.recover(ctx, err); err != nil {
				yield(event.Event{}, err)
				return
			}
		}
	}
}

// recover decides what follows from the end of a connection: it waits and
// returns nil, or returns why there will be no other.
func (s *Stream) recover(ctx context.Context, err error) error {
	s.setConnected(false, err)
	if final, ok := errors.AsType[*finalError](err); ok {
		return s.conn.advise(ctx, final.err)
	}
	s.stats.Reconnects[cause(err)]++
	if gone, ok := errors.AsType[*topicsError](err); ok && s.pos.mend(gone.available) {
		s.cfg.OnNotice(gone)
		s.back.settled()
	}
	if errors.Is(err, errAgain) {
		s.back.settled()
	}
	wait := s.back.next(err)
	if limit := s.cfg.RetryFor; wait > 0 && limit > 0 && s.back.out()+wait > limit {
		return fmt.Errorf("%s: gave up after %v without a connection: %w", s.conn.url.Host, limit, plain(err))
	}
	if wait > 0 {
		s.cfg.OnOutage(fmt.Errorf("%s: %w", s.conn.url.Host, plain(err)), wait)
	}
	return s.pause(ctx, wait)
}

// pause waits before the next connection.
func (s *Stream) pause(ctx context.Context, wait time.Duration) error {
	s.publish()
	for end := time.Now().Add(wait); ctx.Err() == nil; {
		if err := s.cfg.Drained(); err != nil {
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

// look opens one short connection to learn of partitions that a cursor does not
// know: the service sends only those that a reader names. It asks from the
// oldest position on, where there is an event for certain. If nothing comes in
// time, the reader goes on with what it knows. An error is the end of that
// connection: there may be more to learn from another.
func (s *Stream) look(ctx context.Context) error {
	short, cancel := context.WithTimeout(ctx, lookTimeout)
	defer cancel()
	id, err := s.firstID(short)
	if err != nil && short.Err() != nil {
		return nil
	}
	if err != nil {
		return err
	}
	if added := s.pos.add(id, s.cfg.Cursor.Saved); len(added) > 0 {
		s.cfg.OnNotice(fmt.Errorf("topics that the cursor does not have: %s", strings.Join(added, ", ")))
	}
	return nil
}

// firstID returns the first id line of a connection.
func (s *Stream) firstID(ctx context.Context) ([]byte, error) {
	c, err := s.conn.open(ctx, ask{since: s.pos.oldest()})
	if err != nil {
		return nil, err
	}
	defer c.close()
	frames := newFrames(c, s.cfg.MaxEvent, func(frame, int) {})
	for {
		fr, err := frames.next()
		if err != nil || len(fr.id) > 0 {
			return fr.id, err
		}
	}
}
