package stream

import (
	"time"

	"github.com/wmtools/wm/lib/cursor"
)

const (
	// DefaultURL is the service of the Wikimedia Foundation.
	DefaultURL = "https://stream.wikimedia.org"
	// DefaultStream has the recent changes of all wikis.
	DefaultStream = "recentchange"
	// DefaultOverlap covers a second data centre whose log is ordered slightly
	// differently.
	DefaultOverlap = time.Second
	// DefaultIdle is longer than the service itself lets a connection be silent.
	DefaultIdle = 90 * time.Second
	// DefaultMaxEvent is the default of Options.MaxEvent.
	DefaultMaxEvent = 16 << 20
)

// Options select what to read, and how. The zero value reads DefaultStream from
// its live end, but the service rejects clients without a UserAgent.
type Options struct {
	URL       string   // of the service, or the whole URL of a stream; default DefaultURL
	Streams   []string // default DefaultStream
	UserAgent string   // names the client and how to contact its author

	// Since and Until bound the events' own time: Since <= t < Until. Without
	// Since the stream begins at its live end; without Until it never ends.
	Since, Until time.Time
	// Cursor is the position of an earlier reader. It takes precedence over Since.
	Cursor *cursor.Cursor
	// Overlap is how far before the position a reconnect asks for messages;
	// default DefaultOverlap, negative for none.
	Overlap time.Duration

	Idle     time.Duration // longest silence of a connection; default DefaultIdle
	RetryFor time.Duration // longest outage before it becomes an error; 0: no limit
	MaxEvent int           // size in bytes of the largest frame delivered; default DefaultMaxEvent
	Canary   bool          // deliver canary events too

	// Drained is called before the stream waits for the server, and every
	// second while it waits: time to flush output and to save the Cursor. It is
	// called by one goroutine at a time, never while an event is being yielded.
	// An error ends the stream.
	Drained func() error
	// OnOutage is called with the reason why there is no connection, and the
	// time until the next attempt. The end of a connection alone is not an
	// outage: the service ends every connection after some minutes.
	OnOutage func(err error, wait time.Duration)
	// OnRecovery is called when a connection works again, with the length of
	// the outage.
	OnRecovery func(outage time.Duration)
	// OnNotice is called with things the user should know but need not act on.
	OnNotice func(error)
	// OnLoss is called with losses: events asked for that will not come.
	OnLoss func(error)
}

func (o Options) withDefaults() Options {
	switch {
	case o.Overlap == 0:
		o.Overlap = DefaultOverlap
	case o.Overlap < 0:
		o.Overlap = 0
	}
	if o.Idle == 0 {
		o.Idle = DefaultIdle
	}
	if o.MaxEvent == 0 {
		o.MaxEvent = DefaultMaxEvent
	}
	if o.Drained == nil {
		o.Drained = func() error { return nil }
	}
	if o.OnOutage == nil {
		o.OnOutage = func(error, time.Duration) {}
	}
	if o.OnRecovery == nil {
		o.OnRecovery = func(time.Duration) {}
	}
	if o.OnNotice == nil {
		o.OnNotice = func(error) {}
	}
	if o.OnLoss == nil {
		o.OnLoss = func(error) {}
	}
	return o
}
