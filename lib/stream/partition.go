package stream

import (
	"bytes"
	"fmt"
	"strings"
	"time"

	"github.com/wmtools/wm/lib/cursor"
)

// partition is one partition of a topic: the unit in which messages have an
// order and gapless offsets.
type partition struct {
	topic  string
	number int64
}

// place is the position of a reader in one partition.
type place struct {
	partition
	start int64 // ms: where to begin while nothing has been delivered
	high  int64 // ms: highest message time delivered; 0: none
	added bool  // is new: start may be long before its first message

	offset  int64 // of the last message delivered; -1: none
	counted bool  // offsets of this connection are known to continue from offset
	blind   bool  // offset is from a cursor without ids, so repeats are not recognized

	heard bool // has sent a message on this connection
	twice bool // its first message is requested a second time

	passed bool // has sent a message after the end of a bounded replay

	// The partition's element of the last id line, up to the timestamp, or all
	// of it while it has none.
	head    []byte
	stamped bool
	stamp   int64 // the timestamp: message time plus 1 ms
}

// newPlace copies the topic, which may point into a frame.
func newPlace(p partition, start int64) *place {
	p.topic = strings.Clone(p.topic)
	return &place{partition: p, start: start, offset: -1}
}

// addedPlace is newPlace for a topic that appeared while the stream was read.
func addedPlace(p partition, start int64) *place {
	pl := newPlace(p, start)
	pl.added = true
	return pl
}

// time is the message time of the partition's last message.
func (p *place) time() int64 { return p.stamp - 1 }

// ask is the message time to ask for. The service rejects negative times and
// reads 0 as no time.
func (p *place) ask(overlap int64) int64 {
	if p.high > 0 {
		return max(1, p.high-overlap)
	}
	return max(1, p.start)
}

// lateness is how much older than its arrival a message may be. The service's
// are up to 100 s old.
const lateness = 2 * time.Minute

// unproven reports whether messages may be missing before the first one that a
// place sends on a connection, opened at a time in ms, that asked for a time.
//
// If no message is as new as the time asked for, the server begins at the end of
// the log, but some time after the lookup: messages that arrive in between are
// not sent, and once the position is past the first message that was sent, they
// are lost. On a second request that message exists, so the lookup finds those
// before it.
func (p *place) unproven(opened int64, repeat bool) bool {
	if p.heard {
		return false
	}
	p.heard = true
	known := repeat || p.high > 0 && p.time() <= p.high
	p.twice = !p.twice && !known && p.time() > opened-lateness.Milliseconds()
	return p.twice
}

// position returns the place as a cursor holds it.
func (p *place) position() cursor.Position {
	at := cursor.Position{Topic: p.topic, Partition: p.number, Timestamp: p.ask(0)}
	if p.offset >= 0 && p.high > 0 {
		offset := p.offset
		at.Offset = &offset
	}
	return at
}

// numbering is what the offset of a message says about those before it. The zero
// value means that nothing is missing.
type numbering struct {
	topic   string
	missing int64 // messages of the log that were not sent
	after   int64 // offset before them
	anew    bool  // offsets do not continue those before
}

func (n numbering) Error() string {
	if n.anew {
		return n.topic + ": offsets changed, counting anew"
	}
	return fmt.Sprintf("%s: gap of %d events after offset %d", n.topic, n.missing, n.after)
}

// count records the offset of the next message. Offsets differ between data
// centres, so after a reconnect they continue those before only if the last
// message is sent again with the same offset.
func (p *place) count(offset int64, repeat bool) numbering {
	if offset < 0 {
		return numbering{}
	}
	if repeat {
		p.counted = p.counted || offset == p.offset
		return numbering{}
	}
	last, counted, blind := p.offset, p.counted, p.blind
	p.offset, p.counted, p.blind = offset, true, false
	switch {
	case last < 0 || offset == last+1 || blind:
		return numbering{}
	case !counted || offset <= last:
		return numbering{topic: p.topic, anew: true}
	}
	return numbering{topic: p.topic, missing: offset - last - 1, after: last}
}

// same reports whether an element of an id line, up to its timestamp or its end,
// is the same as last time.
func (p *place) same(rest []byte) bool { return len(p.head) > 0 && bytes.HasPrefix(rest, p.head) }
