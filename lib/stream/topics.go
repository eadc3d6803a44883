package stream

import (
	"context"
	"fmt"
	"strings"
	"time"
)

// A request with a Last-Event-ID gets messages only of the topics named in it. So
// finding a topic that a cursor lacks, or that appears while the stream is read,
// takes a request without that header.

// lookEvery is how often topics are looked for, after the first time.
const lookEvery = 24 * time.Hour

// topics is what is known about the completeness of the positions.
type topics struct {
	complete int64     // ms: the positions had all topics until then; 0: unknown
	looked   time.Time // when topics were last looked for
}

// known records a connection at whose start, in ms, all topics were sent.
func (t *topics) known(at int64) { t.complete, t.looked = at, time.Now() }

func (t *topics) due() bool { return time.Since(t.looked) >= lookEvery }

// look opens one short connection to learn about new topics. They are read from
// the time until which the positions were complete. It asks for messages from
// the oldest position, so that one comes at once. If that connection fails, the
// next reconnect tries again.
func (s *Stream) look(ctx context.Context) {
	if !s.pos.known() {
		return // the next request has no Last-Event-ID
	}
	ctx, cancel := context.WithTimeout(ctx, lookTimeout)
	defer cancel()
	c, err := s.conn.open(ctx, ask{since: s.pos.oldest()}, lookTimeout)
	if err != nil {
		return
	}
	defer c.close()
	s.topics.looked = time.Now()
	id := firstID(newFrames(c, s.opts.MaxEvent))
	if len(id) == 0 {
		return // no message in time
	}
	if added := s.pos.add(id, s.topics.complete); len(added) > 0 {
		s.opts.OnNotice(fmt.Errorf("new topics: %s", strings.Join(added, ", ")))
	}
	s.topics.known(c.date.UnixMilli())
}

// firstID returns the first id line of a connection, or nil.
func firstID(f *frames) []byte {
	for {
		fr, err := f.next()
		if err != nil || len(fr.id) > 0 {
			return fr.id
		}
	}
}
