package stream

import (
	"bytes"
	"io"

	"github.com/r3labs/sse/v2"
)

// frame is one server-sent event. Its bytes are valid until the next is read.
type frame struct {
	kind []byte // of "event:"; empty means message
	id   []byte // of "id:"; empty if the frame has none
	data []byte // of "data:"
}

// frames reads the frames of one connection.
type frames struct {
	gate   *gate
	max    int
	blocks *sse.EventStreamReader
	size   int // of the last block
	joined []byte
}

// newFrames reads src behind a gate. A frame larger than max bytes is skipped
// and reported to tooLarge: what it begins with, and its size.
func newFrames(src io.Reader, max int, tooLarge func(begin frame, size int)) *frames {
	f := &frames{max: max}
	f.gate = newGate(src, max, func(head []byte, size int) {
		tooLarge(f.parse(head, bytes.Count(head, []byte{'\n'})+1), size)
	})
	f.renew()
	return f
}

// renew makes the reader behind the gate, whose buffer grows and never shrinks.
// Between two blocks it holds no bytes: the gate hands out one at a time.
func (f *frames) renew() {
	// The scanner inside needs room for a block and its blank line.
	f.blocks = sse.NewEventStreamReader(f.gate, f.max+2)
	f.size, f.joined = 0, nil
}

// next returns the next frame. A frame that was cut is never returned; the
// error is then the one that cut it, io.EOF for a clean end.
func (f *frames) next() (frame, error) {
	if f.size > firstSize {
		f.renew()
	}
	block, err := f.gate.next()
	if err != nil {
		return frame{}, err
	}
	if fr, ok := f.usual(block); ok {
		f.gate.take()
		return fr, nil
	}
	if block, err = f.blocks.ReadEvent(); err != nil {
		return frame{}, err
	}
	f.size = len(block)
	return f.parse(block, f.gate.lines), nil
}

// usual reads a block of the one form that the service writes: three lines, the
// event, its id and its data. The gate knows where they end, so nothing has to
// be searched or copied; the reader behind the gate would do both.
func (f *frames) usual(block []byte) (fr frame, ok bool) {
	if f.gate.lines != len(f.gate.ends) {
		return fr, false
	}
	first, second, third := f.gate.ends[0], f.gate.ends[1], f.gate.ends[2]
	kind, ok1 := bytes.CutPrefix(block[:first], []byte("event: "))
	id, ok2 := bytes.CutPrefix(block[first+1:second], []byte("id: "))
	data, ok3 := bytes.CutPrefix(block[second+1:third], []byte("data: "))
	if bytes.IndexByte(id, 0) >= 0 {
		return fr, false
	}
	return frame{kind, id, data}, ok1 && ok2 && ok3
}

// rest returns the size of the frame that was cut, once next has failed.
func (f *frames) rest() int { return f.gate.rest() }

// parse splits a block into its fields as the specification of the event
// stream format says, with one exception: data in several lines is joined by
// blanks. An event is one line for wm, and no JSON string holds a line's end.
// The last of the lines, which is nearly all of a block, needs no search.
func (f *frames) parse(block []byte, lines int) frame {
	var fr frame
	data := 0
	for ; lines > 0; lines-- {
		line := block
		if lines > 1 {
			line, block, _ = bytes.Cut(block, []byte{'\n'})
		}
		name, value, _ := bytes.Cut(line, []byte{':'})
		value = bytes.TrimPrefix(value, []byte{' '})
		switch string(name) {
		case "event":
			fr.kind = value
		case "id":
			if bytes.IndexByte(value, 0) < 0 {
				fr.id = value
			}
		case "data":
			fr.data = f.join(fr.data, value, data)
			data++
		}
	}
	return fr
}

func (f *frames) join(data, value []byte, lines int) []byte {
	if lines == 0 {
		return value
	}
	if lines == 1 {
		f.joined = append(f.joined[:0], data...)
	}
	f.joined = append(append(f.joined, ' '), value...)
	return f.joined
}
