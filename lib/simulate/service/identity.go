package service

import "strconv"

// identity is the content of an id line: the position of a reader in each
// topic-partition that it reads, in a constant order.
type identity []*element

// element is one topic-partition of an id.
type element struct {
	partition
	from int64  // messages are sent from this sequence number on
	id   []byte // as it appears in the id
	head int    // bytes of id before the timestamp; 0: nothing was delivered
}

// find returns the element of a topic-partition, or nil.
func (ids identity) find(topic string, number int) *element {
	for _, el := range ids {
		if el.number == number && el.topic == topic {
			return el
		}
	}
	return nil
}

// delivered records that a message was sent: the element is now one millisecond
// after it.
func (el *element) delivered(ms int64) {
	if el.head == 0 {
		el.id = append(el.id[:0], `{"topic":`...)
		el.id = append(el.id, quoted(el.topic)...)
		el.id = append(el.id, `,"partition":`...)
		el.id = strconv.AppendInt(el.id, int64(el.number), 10)
		el.id = append(el.id, `,"timestamp":`...)
		el.head = len(el.id)
	}
	el.id = strconv.AppendInt(el.id[:el.head], ms+1, 10)
	el.id = append(el.id, '}')
}

// atOffset returns the element that the service generates for a topic without a
// position.
func atOffset(p partition, offset int64) []byte {
	return []byte(`{"topic":` + quoted(p.topic) + `,"partition":` + strconv.Itoa(p.number) + `,"offset":` + strconv.FormatInt(offset, 10) + `}`)
}

// lookedUp returns the element that Kafka's client generates for a time that was
// looked up. Its members are in another order.
func lookedUp(p partition, offset int64) []byte {
	return []byte(`{"offset":` + strconv.FormatInt(offset, 10) + `,"partition":` + strconv.Itoa(p.number) + `,"topic":` + quoted(p.topic) + `}`)
}

// appendID appends the current id.
func (ids identity) appendID(dst []byte) []byte {
	dst = append(dst, '[')
	for i, el := range ids {
		if i > 0 {
			dst = append(dst, ',')
		}
		dst = append(dst, el.id...)
	}
	return append(dst, ']')
}

// The lines of a frame. The service writes each separately.

func appendEventLine(dst []byte, name string) []byte {
	dst = append(dst, "event: "...)
	dst = append(dst, name...)
	return append(dst, '\n')
}

func (ids identity) appendIDLine(dst []byte) []byte {
	dst = append(dst, "id: "...)
	dst = ids.appendID(dst)
	return append(dst, '\n')
}

// appendDataLine appends the data and the empty line that ends the frame.
func appendDataLine(dst, data []byte) []byte {
	dst = append(dst, "data: "...)
	dst = append(dst, data...)
	return append(dst, '\n', '\n')
}
