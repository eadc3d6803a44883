package stream

import "strings"

// maxSeen bounds the memory of what the server may send again. At live rates a
// few dozen are kept.
const maxSeen = 1 << 16

// seen knows the events that the server will repeat after a reconnect: in each
// partition all from the first one on, in the order of its log, that is not
// older than what will be asked for.
type seen struct {
	ids    map[string]struct{}
	queues map[partition]*queue
	full   bool // maxSeen was reached: repeats may pass
}

type sighting struct {
	id   string
	time int64 // of the message, ms
}

// queue is a FIFO of the sightings in one partition.
type queue struct {
	items []sighting
	head  int
}

func newSeen() *seen {
	return &seen{ids: make(map[string]struct{}), queues: make(map[partition]*queue)}
}

func (s *seen) has(id string) bool {
	_, ok := s.ids[id]
	return ok
}

func (s *seen) add(tp partition, id string, time int64) {
	if len(s.ids) >= maxSeen {
		s.full = true
		return
	}
	if s.has(id) {
		return
	}
	q := s.queues[tp]
	if q == nil {
		q = new(queue)
		s.queues[tp] = q
	}
	id = strings.Clone(id) // it points into the event
	s.ids[id] = struct{}{}
	q.items = append(q.items, sighting{id, time})
}

// forget drops what lies before the first message that is not older than time.
func (s *seen) forget(tp partition, time int64) {
	q := s.queues[tp]
	if q == nil {
		return
	}
	for q.head < len(q.items) && q.items[q.head].time < time {
		delete(s.ids, q.items[q.head].id)
		q.items[q.head].id = ""
		q.head++
	}
	if q.head > 64 && q.head*2 > len(q.items) {
		q.items = q.items[:copy(q.items, q.items[q.head:])]
		q.head = 0
	}
}
