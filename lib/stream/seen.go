package stream

import (
	"crypto/sha256"
	"encoding/hex"
	"strings"
)

const (
	// maxSeen bounds the memory of events that the server may send again. At live
	// rates a few dozen are kept.
	maxSeen = 1 << 16
	// maxID is the length of the longest meta.id used as a key. The service's own
	// have 36 bytes.
	maxID = 256
)

// seen holds the events that the server will repeat after a reconnect: in each
// partition, all from the first one that is not older than the time to ask for,
// in the order of its log. An event is identified by a key.
type seen struct {
	queues map[partition]*queue
	n      int // in all queues
	// Keys of a cursor that have not been repeated so far: neither their partition
	// nor their time is known.
	resumed map[eventID]struct{}
	// Keys that the open connection may repeat. Events come once in one
	// connection, so this is filled when it begins, and shrinks.
	repeats map[eventID]struct{}
	added   int  // total
	full    bool // maxSeen was reached: repeats may pass
}

// eventID is a key. Nearly all are UUIDs, which need no separate memory.
type eventID struct {
	uuid [16]byte
	text string // of all other keys
}

// key returns what identifies an event across connections: its meta.id, or a
// digest of its data if it has none. A prefix distinguishes the two.
func key(metaID string, data []byte) string {
	if metaID != "" && len(metaID) <= maxID {
		return metaID
	}
	sum := sha256.Sum256(data)
	return "sha256:" + hex.EncodeToString(sum[:16])
}

// parseID returns a key in a form that does not point into the event.
func parseID(text string) eventID {
	var id eventID
	if parseUUID(&id.uuid, text) {
		return id
	}
	return eventID{text: strings.Clone(text)}
}

// String is the inverse of parseID.
func (id eventID) String() string {
	if id.text != "" {
		return id.text
	}
	h := hex.EncodeToString(id.uuid[:])
	return h[:8] + "-" + h[8:12] + "-" + h[12:16] + "-" + h[16:20] + "-" + h[20:]
}

// parseUUID parses a UUID in its usual form, in lower case: any other form could
// not be restored.
func parseUUID(uuid *[16]byte, text string) bool {
	if len(text) != 36 {
		return false
	}
	n := 0
	for i := 0; i < len(text); {
		if i == 8 || i == 13 || i == 18 || i == 23 {
			if text[i] != '-' {
				return false
			}
			i++
			continue
		}
		high, low := hexValue[text[i]], hexValue[text[i+1]]
		if high|low > 15 {
			return false
		}
		uuid[n] = high<<4 | low
		n++
		i += 2
	}
	return true
}

// hexValue is the value of each hexadecimal digit, and above 15 for other bytes.
var hexValue = func() (table [256]byte) {
	for i := range table {
		table[i] = 255
	}
	for value, c := range "0123456789abcdef" {
		table[c] = byte(value)
	}
	return table
}()

type sighting struct {
	id   eventID
	time int64 // of the message, ms
}

// queue is a FIFO of the sightings in one partition.
type queue struct {
	items []sighting
	head  int
}

// resume starts with the keys of a cursor.
func (s *seen) resume(ids []string) {
	s.resumed = make(map[eventID]struct{}, len(ids))
	for _, id := range ids {
		s.resumed[parseID(id)] = struct{}{}
	}
}

// connected records that a connection begins.
func (s *seen) connected() {
	s.repeats = make(map[eventID]struct{}, s.n+len(s.resumed))
	for _, q := range s.queues {
		for _, item := range q.items[q.head:] {
			s.repeats[item.id] = struct{}{}
		}
	}
	for id := range s.resumed {
		s.repeats[id] = struct{}{}
	}
}

// repeated reports whether an event was delivered before this connection, and
// whether it is remembered. One known only from a cursor is not, until it is
// added.
func (s *seen) repeated(key string) (repeat, remembered bool) {
	if len(s.repeats) == 0 {
		return false, false
	}
	id := parseID(key)
	if _, ok := s.repeats[id]; !ok {
		return false, false
	}
	delete(s.repeats, id)
	_, resumed := s.resumed[id]
	delete(s.resumed, id)
	return true, !resumed
}

// add remembers an event, and forgets those of its partition before the first
// that is not older than oldest.
func (s *seen) add(tp partition, key string, time, oldest int64) {
	q := s.queues[tp]
	if q == nil {
		if s.queues == nil {
			s.queues = make(map[partition]*queue)
		}
		q = new(queue)
		s.queues[tp] = q
	}
	q.items = append(q.items, sighting{parseID(key), time})
	s.n++
	if s.added++; s.added > maxSeen {
		s.resumed = nil // they will not come this late
	}
	for q.head < len(q.items) && q.items[q.head].time < oldest {
		s.drop(q)
	}
	if s.n > maxSeen {
		s.full = true
		s.drop(s.longest())
	}
	if q.head > 64 && q.head*2 > len(q.items) {
		q.items = q.items[:copy(q.items, q.items[q.head:])]
		q.head = 0
	}
}

func (s *seen) drop(q *queue) {
	q.items[q.head].id.text = ""
	q.head++
	s.n--
}

func (s *seen) longest() (longest *queue) {
	for _, q := range s.queues {
		if longest == nil || len(q.items)-q.head > len(longest.items)-longest.head {
			longest = q
		}
	}
	return longest
}

// ids returns all keys.
func (s *seen) ids() []string {
	ids := make([]string, 0, s.n+len(s.resumed))
	for _, q := range s.queues {
		for _, item := range q.items[q.head:] {
			ids = append(ids, item.id.String())
		}
	}
	for id := range s.resumed {
		ids = append(ids, id.String())
	}
	return ids
}
