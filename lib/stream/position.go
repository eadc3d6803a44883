package stream

import (
	"slices"
	"strconv"
	"time"

	"github.com/tidwall/gjson"

	"github.com/wmtools/wm/lib/cursor"
	"github.com/wmtools/wm/lib/event"
)

// The position of a reader.
//
// The id of a frame is a JSON array with one element for each partition of each
// topic of the streams. The element of the partition that sent the frame has the
// time of that message plus 1 ms; one that has sent nothing has an offset,
// usually -1, which means "the live end". Sending that id back, as the standard
// for server-sent events says, loses events: message times go backwards, so
// messages older than the last one may still come; several share one
// millisecond; and what a partition at -1 sends in the meantime is lost.
//
// So the position of a partition is the highest message time delivered in it. The
// server sends its log from the first message that is not older than the time
// asked for. The message with the highest time was delivered, and so were all
// before it in the log, so nothing is skipped, however the times jump. A
// reconnect asks for a time a little before the position, because a second data
// centre may keep its log in a slightly different order; repeats are recognized
// by their meta.id and dropped.

// positions is the position of a reader in every partition of its streams.
type positions struct {
	overlap int64    // ms
	ahead   int64    // ms: the overlap to ask for; less than overlap after fruitless connections
	from    int64    // ms: where the reader began; 0: it has not
	places  []*place // all of the last id line, in its order
	last    *place   // sender of the last message; nil: none yet
	seen    seen
	stamps  []int64 // buffer for those of one id line
}

func newPositions(overlap time.Duration) *positions {
	ms := overlap.Milliseconds()
	return &positions{overlap: ms, ahead: ms}
}

// halveOverlap makes the next connection ask for less: if each connection ended
// after a few events, all of them repeats, the reader would make no progress. It
// reports whether the overlap was more than 0.
func (p *positions) halveOverlap() bool {
	if p.ahead == 0 {
		return false
	}
	p.ahead /= 2
	return true
}

// restoreOverlap undoes halveOverlap, after a new event.
func (p *positions) restoreOverlap() { p.ahead = p.overlap }

// resume starts from a cursor.
func (p *positions) resume(c cursor.Cursor) {
	p.from = c.From
	for _, at := range c.Positions {
		pl := newPlace(partition{at.Topic, at.Partition}, at.Timestamp)
		if at.Offset != nil {
			pl.high, pl.offset, pl.blind = at.Timestamp, *at.Offset, len(c.Seen) == 0
		}
		p.places = append(p.places, pl)
	}
	p.seen.resume(c.Seen)
}

// connected records that a connection begins: it may repeat what was seen, and
// may number its messages differently.
func (p *positions) connected() {
	p.seen.connected()
	for _, pl := range p.places {
		pl.counted, pl.heard = false, false
	}
}

// find returns the place of a partition, or nil.
func (p *positions) find(tp partition) *place {
	for _, pl := range p.places {
		if pl.partition == tp {
			return pl
		}
	}
	return nil
}

// sender reads the id line of a frame and returns the place that sent it. It is
// nil for a frame without an id, or one whose partition is unknown.
func (p *positions) sender(id []byte, m event.Meta) *place {
	if len(id) == 0 {
		return nil
	}
	pl := p.read(id)
	if pl == nil || m.Topic != "" && pl.partition != (partition{m.Topic, m.Partition}) {
		pl = p.find(partition{m.Topic, m.Partition})
	}
	if pl != nil {
		p.last = pl
	}
	return pl
}

// pass moves past a message of sender. A time later than the server's clock
// counts as the clock: one message dated tomorrow must not skip everything until
// tomorrow.
func (p *positions) pass(sender *place, key string, clock int64) {
	time := sender.time()
	sender.high = max(sender.high, min(time, clock))
	p.seen.add(sender.partition, key, time, sender.high-p.overlap)
}

// remember remembers a message whose sender is unknown, so that a repeat is
// recognized. It is forgotten as if the last sender had sent it.
func (p *positions) remember(key string) {
	if pl := p.last; pl != nil {
		p.seen.add(pl.partition, key, pl.time(), pl.high-p.overlap)
	}
}

// known reports whether the reader has positions to resume from.
func (p *positions) known() bool { return len(p.places) > 0 }

// oldest is the earliest time to ask for; from before the first position.
func (p *positions) oldest() int64 {
	oldest := p.from
	for i, pl := range p.places {
		if at := pl.ask(p.ahead); i == 0 || at < oldest {
			oldest = at
		}
	}
	return oldest
}

// lastEventID renders the positions as a Last-Event-ID header.
func (p *positions) lastEventID() string {
	b := []byte{'['}
	for i, pl := range p.places {
		if i > 0 {
			b = append(b, ',')
		}
		b = append(b, `{"topic":`...)
		b = gjson.AppendJSONString(b, pl.topic)
		b = append(b, `,"partition":`...)
		b = strconv.AppendInt(b, pl.number, 10)
		b = append(b, `,"timestamp":`...)
		b = strconv.AppendInt(b, pl.ask(p.ahead), 10)
		b = append(b, '}')
	}
	return string(append(b, ']'))
}

// add adds a place at time at for each new partition of an id line, and returns
// their topics.
func (p *positions) add(id []byte, at int64) (added []string) {
	other := positions{from: at}
	other.readAny(id)
	for _, pl := range other.places {
		if p.find(pl.partition) == nil {
			p.places = append(p.places, addedPlace(pl.partition, at))
			added = append(added, pl.topic)
		}
	}
	return added
}

// mend replaces the topics with those that the server has now. New ones start at
// the oldest position. It reports whether anything changed.
func (p *positions) mend(available []string) bool {
	oldest := p.oldest()
	kept := slices.DeleteFunc(slices.Clone(p.places), func(pl *place) bool {
		return !slices.Contains(available, pl.topic)
	})
	changed := len(kept) != len(p.places)
	for _, topic := range available {
		if !slices.ContainsFunc(kept, func(pl *place) bool { return pl.topic == topic }) {
			kept = append(kept, addedPlace(partition{topic, 0}, oldest))
			changed = true
		}
	}
	if len(kept) == 0 {
		return false
	}
	p.places = kept
	return changed
}

// list returns the positions as a cursor holds them.
func (p *positions) list() []cursor.Position {
	list := make([]cursor.Position, 0, len(p.places))
	for _, pl := range p.places {
		list = append(list, pl.position())
	}
	return list
}
