package stream

import (
	"sync"
	"time"

	"github.com/wmtools/wm/lib/cursor"
)

// Cause is why a connection ended.
type Cause int

// Causes, in the order of Causes.
const (
	CauseEnd      Cause = iota // the server ended its response
	CauseCut                   // closed in the middle of the response
	CauseReset                 // reset by the server or something in between
	CauseIdle                  // silent for too long
	CauseReported              // the server reported a failure
	CauseTopics                // the topics of the streams changed
	CauseAgain                 // to make sure that the response began early enough
	CauseAnswer                // the response was not an event stream
	CauseNetwork               // connecting failed
	causes
)

// String names the cause in metrics.
func (c Cause) String() string {
	return [...]string{"end", "cut", "reset", "idle", "reported", "topics", "again", "answer", "network"}[c]
}

// Stats counts what a Stream has seen.
type Stats struct {
	Events     int64 // delivered
	Bytes      int64 // of these, without newlines
	Canaries   int64 // dropped
	Repeats    int64 // sent again by the server after a reconnect, and dropped
	Outside    int64 // dropped: not between Since and Until
	Skipped    int64 // too large, or not a JSON object
	Gaps       int64 // messages missing in the server's numbering
	Reconnects [causes]int64
	Missing    time.Duration // requested history that the server no longer has
}

// AllReconnects returns the number of reconnects, for any cause.
func (s Stats) AllReconnects() (n int64) {
	for _, count := range s.Reconnects {
		n += count
	}
	return n
}

// Status is the state of a Stream at a moment.
type Status struct {
	Stats
	Connected bool
	Changed   time.Time // when Connected last changed
	Cause     error     // why the last connection ended; nil: none did
	Newest    time.Time // message time of the last event delivered
	Positions []cursor.Position
}

// published is a Status that other goroutines may read.
type published struct {
	mu sync.Mutex
	Status
}

// Status returns the state of the stream when it last waited for the server. It
// may be called from any goroutine.
func (s *Stream) Status() Status {
	s.public.mu.Lock()
	defer s.public.mu.Unlock()
	return s.public.Status
}

// publish makes the current state visible.
func (s *Stream) publish() {
	positions := s.pos.list()
	s.public.mu.Lock()
	defer s.public.mu.Unlock()
	s.public.Stats, s.public.Positions = s.stats, positions
	if s.newest > 0 {
		s.public.Newest = time.UnixMilli(s.newest)
	}
}

// setConnected publishes that a connection began, or why one ended.
func (s *Stream) setConnected(on bool, cause error) {
	s.public.mu.Lock()
	defer s.public.mu.Unlock()
	if s.public.Connected != on || s.public.Changed.IsZero() {
		s.public.Connected, s.public.Changed = on, time.Now()
	}
	if cause != nil {
		s.public.Cause = cause
	}
}
