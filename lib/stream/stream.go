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

	"github.com/wmtools/wm/lib/event"
)

const (
	// DefaultURL is the service of the Wikimedia Foundation.
	DefaultURL = "https://stream.wikimedia.org"
	// DefaultStream has every change that any wiki lists in its recent changes.
	DefaultStream = "recentchange"

	// maxEvent is the size in bytes of the largest frame that is handed on.
	maxEvent = 16 << 20
	// overlap is how much older than the position the first message may be that
	// is asked for after a reconnect.
	overlap = time.Second
	// idle is how long a connection may be silent before it counts as dead. The
	// service itself ends silent connections after about a minute.
	idle = 90 * time.Second
	// healthy is how long a connection lives that is a good one though it brings
	// no event: a quiet stream has a few in an hour.
	healthy = 30 * time.Second
)

// Config says what to read.
type Config struct {
	URL       string   // of the service, or the whole URL of a stream; default DefaultURL
	Streams   []string // default DefaultStream
	UserAgent string   // the service refuses clients that do not name themselves
	Canary    bool     // hand on canary events too
	// Drained is called before the stream waits for the server: what was handed
	// on so far can be flushed.
	Drained func() error
	// OnOutage is told why there is no connection and how long the stream waits
	// before it tries again. Not every end of a connection is an outage: the
	// service ends each after some minutes.
	OnOutage func(err error, wait time.Duration)
}

// Stats counts what a Stream has seen.
type Stats struct {
	Events     int64 // handed on
	Canaries   int64 // dropped
	Repeats    int64 // sent again by the server after a reconnect, and dropped
	Reconnects int64
}

// Stream reads some streams over one connection. It is an event.Source.
type Stream struct {
	cfg   Config
	conn  *connector
	pos   *positions
	stats Stats
}

// New makes a Stream. It does not connect yet.
func New(cfg Config) (*Stream, error) {
	if cfg.Drained == nil {
		cfg.Drained = func() error { return nil }
	}
	if cfg.OnOutage == nil {
		cfg.OnOutage = func(error, time.Duration) {}
	}
	conn, err := newConnector(cfg)
	if err != nil {
		return nil, err
	}
	return &Stream{cfg: cfg, conn: conn, pos: newPositions(overlap)}, nil
}

// URL returns what the stream reads.
func (s *Stream) URL() string { return s.conn.url.Redacted() }

// Stats returns the counts so far. It must not be called while Events runs in
// another goroutine.
func (s *Stream) Stats() Stats { return s.stats }

// errStopped ends a connection because the consumer wants no more.
var errStopped = errors.New("stopped")

// Events yields the events of the streams until ctx is done, whatever happens
// to connections. A frame that is too large or an event that is not one line is
// a *event.LineError. Any other error is final: the server does not want this
// request, and would not want it again.
func (s *Stream) Events(ctx context.Context) iter.Seq2[event.Event, error] {
	return func(yield func(event.Event, error) bool) {
		back := newBackoff()
		for first := true; ctx.Err() == nil; first = false {
			if !first {
				s.stats.Reconnects++
			}
			err := s.read(ctx, back, yield)
			if errors.Is(err, errStopped) || ctx.Err() != nil {
				return
			}
			if final, ok := errors.AsType[*finalError](err); ok {
				yield(event.Event{}, final.err)
				return
			}
			if err := s.pause(ctx, back, err); err != nil {
				yield(event.Event{}, err)
				return
			}
		}
	}
}

// pause waits before the next connection. The end of a good connection is
// routine: it is neither waited for nor told.
func (s *Stream) pause(ctx context.Context, back *backoff, cause error) error {
	if err := s.cfg.Drained(); err != nil {
		return err
	}
	wait := back.next(cause)
	if wait == 0 {
		return nil
	}
	s.cfg.OnOutage(fmt.Errorf("%s: %w", s.conn.url.Host, cause), wait)
	select {
	case <-time.After(wait):
	case <-ctx.Done():
	}
	return nil
}

// read reads one connection to its end.
func (s *Stream) read(ctx context.Context, back *backoff, yield func(event.Event, error) bool) error {
	c, err := s.conn.open(ctx, s.pos)
	if missing, ok := errors.AsType[*topicsError](err); ok && s.pos.mend(missing.available) {
		return fmt.Errorf("topics of the stream changed, now %s", strings.Join(missing.available, ", "))
	}
	if err != nil {
		return err
	}
	defer c.close()
	defer func() {
		if time.Since(c.opened) >= healthy {
			back.reset()
		}
	}()
	stopped := false
	tooLarge := func(size int) {
		bad := &event.LineError{Place: s.URL(), Err: fmt.Errorf("event of %d bytes is larger than the limit of %d: skipped", size, maxEvent)}
		stopped = stopped || !yield(event.Event{}, bad)
	}
	frames := newFrames(c.body(s.cfg.Drained), maxEvent, tooLarge)
	for !stopped {
		fr, err := frames.next()
		if err != nil {
			return c.cause(err)
		}
		if string(fr.kind) == "error" {
			return fmt.Errorf("server reports %s", clip(fr.data))
		}
		if len(fr.data) > 0 && !s.handOn(fr, c.now(), yield) {
			return errStopped
		}
		back.reset()
	}
	return errStopped
}

// handOn yields the event of a frame, unless it is a canary or a repeat, and
// then moves the position past it. It reports whether the consumer wants more.
func (s *Stream) handOn(fr frame, clock time.Time, yield func(event.Event, error) bool) bool {
	e := event.New(fr.data)
	id := e.ID()
	more := true
	switch {
	case id != "" && s.pos.seen.has(id):
		s.stats.Repeats++
	case !s.cfg.Canary && e.Canary():
		s.stats.Canaries++
	default:
		s.stats.Events++
		more = yield(e, nil)
	}
	if len(fr.id) > 0 {
		from := partition{e.Get("meta.topic").String(), e.Get("meta.partition").Int()}
		s.pos.advance(fr.id, from, id, clock.UnixMilli())
	}
	return more
}

// clip shortens what a server says to what fits in a message.
func clip(text []byte) string {
	s := strings.TrimSpace(string(text))
	if len(s) > 200 {
		s = strings.ToValidUTF8(s[:200], "") + "..."
	}
	return s
}
