package service

import (
	"slices"
	"sync"

	"github.com/wmtools/wm/lib/simulate"
)

// partition is a topic-partition, the unit in which messages have an order.
type partition struct {
	topic  string
	number int
}

// eventLog keeps events in the order in which they were appended. Positions in it
// are sequence numbers, which keep rising when old events are dropped.
type eventLog struct {
	limit int // minimum number of events kept; 0: all

	mu     sync.RWMutex
	kept   []simulate.Event
	first  int64               // sequence number of kept[0]
	next   map[partition]int64 // offset after the last one
	topics map[string][]string // of each stream
	wake   chan struct{}       // closed by the next append; nil: no reader waits
}

func newEventLog(limit int) *eventLog {
	l := &eventLog{limit: limit, next: map[partition]int64{}, topics: map[string][]string{}}
	for _, stream := range knownStreams {
		for _, dc := range simulate.DataCenters {
			l.topics[stream] = append(l.topics[stream], dc+"."+stream)
		}
	}
	return l
}

func (l *eventLog) append(events []simulate.Event) {
	l.mu.Lock()
	for _, e := range events {
		l.next[partition{e.Topic, e.Partition}] = e.Offset + 1
		if topics := l.topics[e.Stream]; !slices.Contains(topics, e.Topic) {
			l.topics[e.Stream] = append(topics, e.Topic)
		}
	}
	l.kept = append(l.kept, events...)
	// Connections may still read the old array, so the remaining events move to a
	// new one, from time to time.
	if over := len(l.kept) - l.limit; l.limit > 0 && over > l.limit {
		l.kept = slices.Clone(l.kept[over:])
		l.first += int64(over)
	}
	wake := l.wake
	l.wake = nil
	l.mu.Unlock()
	if wake != nil {
		close(wake)
	}
}

// from returns the events from a sequence number on, and the number after them.
// If there are no such events yet, it returns a channel that is closed on the
// next append.
func (l *eventLog) from(seq int64) (events []simulate.Event, next int64, more <-chan struct{}) {
	l.mu.RLock()
	events, next = l.tail(seq)
	l.mu.RUnlock()
	if len(events) > 0 {
		return events, next, nil
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if events, next = l.tail(seq); len(events) > 0 {
		return events, next, nil
	}
	if l.wake == nil {
		l.wake = make(chan struct{})
	}
	return nil, next, l.wake
}

func (l *eventLog) tail(seq int64) ([]simulate.Event, int64) {
	next := l.first + int64(len(l.kept))
	// The third index keeps a caller's append from overwriting the log.
	return l.kept[max(0, seq-l.first):len(l.kept):len(l.kept)], next
}

// all returns the events kept, and the sequence number of the first.
func (l *eventLog) all() ([]simulate.Event, int64) {
	l.mu.RLock()
	defer l.mu.RUnlock()
	return l.kept[:len(l.kept):len(l.kept)], l.first
}

// partitions returns the numbers of a topic's partitions: only 0, unless events of
// others were appended.
func (l *eventLog) partitions(topic string) []int {
	l.mu.RLock()
	defer l.mu.RUnlock()
	numbers := []int{0}
	for p := range l.next {
		if p.topic == topic && p.number != 0 {
			numbers = append(numbers, p.number)
		}
	}
	slices.Sort(numbers)
	return numbers
}

// knows returns the topics of a stream, and whether the stream exists.
func (l *eventLog) knows(stream string) ([]string, bool) {
	l.mu.RLock()
	defer l.mu.RUnlock()
	topics, ok := l.topics[stream]
	return topics, ok
}

// streams returns the names of all streams.
func (l *eventLog) streams() []string {
	l.mu.RLock()
	defer l.mu.RUnlock()
	names := make([]string, 0, len(l.topics))
	for stream := range l.topics {
		names = append(names, stream)
	}
	slices.Sort(names)
	return names
}

// offsetAt returns the offset of the first message of a topic-partition, in
// the order of the log, whose time is not before ms; -1 if it does not exist.
func (l *eventLog) offsetAt(p partition, ms int64) int64 {
	events, _ := l.all()
	for _, e := range events {
		if e.Time >= ms && e.Topic == p.topic && e.Partition == p.number {
			return e.Offset
		}
	}
	return -1
}

// Offsets that mean an end of the log, as in Kafka's clients.
const (
	atEnd   = -1
	atStart = -2
)

// sequence returns where reading from an offset begins. An offset that is not
// in the log, too old or too new, means its end, as with the service.
func (l *eventLog) sequence(p partition, offset int64) int64 {
	events, first := l.all()
	end := first + int64(len(events))
	if offset < 0 && offset != atStart {
		return end
	}
	older := false // the log has a message before the offset
	for i, e := range events {
		switch {
		case e.Topic != p.topic || e.Partition != p.number:
		case e.Offset == offset, offset == atStart, e.Offset > offset && older:
			return first + int64(i)
		case e.Offset > offset:
			return end
		default:
			older = true
		}
	}
	return end
}
