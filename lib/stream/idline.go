package stream

import (
	"bytes"
	"math"
	"slices"

	"github.com/tidwall/gjson"
)

// maxPlaces bounds the partitions that are remembered. The service has two for
// each of its streams, of which there are some dozens.
const maxPlaces = 4096

// maxElement bounds the memory for each, in bytes: the name of a topic has up to
// 249.
const maxElement = 1 << 10

// read reads an id line. It returns the place that sent the frame: the one whose
// timestamp changed, or nil if none did, because several messages have the same
// millisecond.
//
// From one frame to the next only the digits of one timestamp change, so a line
// is compared with the last one, and parsed as JSON only if that fails.
func (p *positions) read(id []byte) *place {
	if sender, ok := p.readSame(id); ok {
		return sender
	}
	return p.readAny(id)
}

// readSame reads a line that differs from the last one in timestamps alone. It
// changes nothing otherwise.
func (p *positions) readSame(id []byte) (sender *place, ok bool) {
	rest, stamps := id, p.stamps[:0]
	for i, pl := range p.places {
		open := byte(',')
		if i == 0 {
			open = '['
		}
		if len(rest) == 0 || rest[0] != open || !pl.same(rest[1:]) {
			return nil, false
		}
		rest = rest[1+len(pl.head):]
		stamp := pl.stamp
		if pl.stamped {
			n := 0
			if stamp, n = digits(rest); n == 0 || n == len(rest) || rest[n] != '}' {
				return nil, false
			}
			rest = rest[n+1:]
		}
		stamps = append(stamps, stamp)
	}
	p.stamps = stamps
	if len(rest) != 1 || rest[0] != ']' {
		return nil, false
	}
	for i, pl := range p.places {
		if pl.stamp != stamps[i] {
			pl.stamp, sender = stamps[i], pl
		}
	}
	return sender, true
}

// digits parses the positive number at the start of b and returns its length, or
// 0 if b does not begin with one or it is too large.
func digits(b []byte) (value int64, n int) {
	if len(b) > 0 && b[0] == '0' {
		return 0, 0
	}
	for n < len(b) && b[n] >= '0' && b[n] <= '9' {
		if n == 18 {
			return 0, 0
		}
		value = value*10 + int64(b[n]-'0')
		n++
	}
	return value, n
}

// readAny reads any id line. New partitions get a place.
func (p *positions) readAny(id []byte) (sender *place) {
	if !gjson.ValidBytes(id) {
		return nil
	}
	var order []*place
	gjson.ParseBytes(id).ForEach(func(_, el gjson.Result) bool {
		tp := partition{el.Get("topic").String(), el.Get("partition").Int()}
		if tp.topic == "" || len(el.Raw) > maxElement {
			return true
		}
		pl := p.find(tp)
		if pl == nil && len(p.places)+len(order) >= maxPlaces {
			return false
		}
		if pl == nil {
			pl = newPlace(tp, p.from)
		}
		if pl.readElement(el) {
			sender = pl
		}
		order = append(order, pl)
		return true
	})
	for _, pl := range p.places {
		// It was added without an id line: the server lists it once it is requested.
		if !slices.Contains(order, pl) {
			order = append(order, pl)
		}
	}
	p.places = order
	return sender
}

// readElement reads the place's element of an id line and reports whether its
// timestamp changed.
func (p *place) readElement(el gjson.Result) (changed bool) {
	p.head, p.stamped = []byte(el.Raw), false
	ts := el.Get("timestamp")
	if ts.Type != gjson.Number || ts.Num < 1 || ts.Num > math.MaxInt64/2 {
		return false
	}
	changed = ts.Int() != p.stamp
	p.stamped, p.stamp = true, ts.Int()
	if head, ok := bytes.CutSuffix(p.head, []byte(ts.Raw+"}")); ok {
		p.head = head
	} else {
		p.head = nil // the timestamp is not last: parse it each time
	}
	return changed
}
