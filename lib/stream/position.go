package stream

import (
	"slices"
	"strconv"
	"time"

	"github.com/tidwall/gjson"
)

// Where a reader stands.
//
// The id of a frame is a JSON array with one element for each partition of each
// topic behind the streams. The partition that sent the frame stands there with
// the time of that message plus 1 ms; one that has sent nothing stands at an
// offset, usually -1, which means "the live end". Sending that id back, as the
// server-sent events standard has it, loses events: message times go backwards,
// so messages older than the last one may still be to come; several share one
// millisecond; and whatever a partition at -1 sends while we are away is gone.
//
// So the position of a partition is the highest message time handed on in it.
// The server answers with everything from the first message on, in the order
// of its log, that is not older than what is asked for. The message with the
// highest time was handed on, hence all before it were, hence nothing can be
// skipped, however the times jump. A little less than the position is asked
// for, because a second data centre may keep its log in a slightly different
// order; what is sent again is known by its meta.id and dropped.

// partition is one partition of a topic.
type partition struct {
	topic string
	part  int64
}

// positions is where a reader stands in every partition of its streams.
type positions struct {
	overlap time.Duration
	from    int64               // ms: where partitions stand that have sent nothing
	order   []partition         // all of the last id, in its order
	high    map[partition]int64 // ms: highest message time handed on
	seen    *seen
}

func newPositions(overlap time.Duration) *positions {
	return &positions{overlap: overlap, high: make(map[partition]int64), seen: newSeen()}
}

// advance takes the id of a frame that was handed on, and the meta.id and place
// of its event. A time later than the server's clock counts as the clock: one
// message dated tomorrow must not hide all that come before tomorrow.
func (p *positions) advance(id []byte, from partition, metaID string, clock int64) {
	var sent int64 // message time of the event, if the id has its partition
	order := p.order[:0]
	gjson.ParseBytes(id).ForEach(func(_, el gjson.Result) bool {
		tp := partition{el.Get("topic").Str, el.Get("partition").Int()}
		order = append(order, tp)
		if ts := el.Get("timestamp"); ts.Type == gjson.Number {
			time := ts.Int() - 1
			p.high[tp] = max(p.high[tp], min(time, clock))
			if tp == from {
				from, sent = tp, time // from may point into bytes that change
			}
		}
		return true
	})
	p.order = order
	if sent != 0 && metaID != "" {
		p.seen.add(from, metaID, sent)
		p.seen.forget(from, p.high[from]-p.overlap.Milliseconds())
	}
}

// known reports whether the reader has an id to resume from.
func (p *positions) known() bool { return len(p.order) > 0 }

// lastEventID renders the position as a Last-Event-ID header.
func (p *positions) lastEventID() string {
	b := []byte{'['}
	for i, tp := range p.order {
		if i > 0 {
			b = append(b, ',')
		}
		b = append(b, `{"topic":`...)
		b = gjson.AppendJSONString(b, tp.topic)
		b = append(b, `,"partition":`...)
		b = strconv.AppendInt(b, tp.part, 10)
		b = append(b, `,"timestamp":`...)
		b = strconv.AppendInt(b, p.ask(tp), 10)
		b = append(b, '}')
	}
	return string(append(b, ']'))
}

// ask is the message time to ask for; never negative, which the server does
// not take.
func (p *positions) ask(tp partition) int64 {
	if high, ok := p.high[tp]; ok {
		return max(0, high-p.overlap.Milliseconds())
	}
	return max(0, p.from)
}

// mend replaces the topics by those that the server has now. New ones start at
// the oldest position of the others. It reports whether anything changed.
func (p *positions) mend(available []string) bool {
	oldest := p.from
	for i, tp := range p.order {
		if at := p.ask(tp); i == 0 || at < oldest {
			oldest = at
		}
	}
	order := slices.DeleteFunc(slices.Clone(p.order), func(tp partition) bool {
		return !slices.Contains(available, tp.topic)
	})
	for _, topic := range available {
		if !slices.ContainsFunc(order, func(tp partition) bool { return tp.topic == topic }) {
			tp := partition{topic, 0}
			order = append(order, tp)
			p.high[tp] = oldest + p.overlap.Milliseconds()
		}
	}
	changed := !slices.Equal(order, p.order)
	p.order = order
	return changed && len(order) > 0
}
