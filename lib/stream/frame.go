package stream

import (
	"bytes"
	"io"
	"strconv"
	"time"

	"github.com/r3labs/sse/v2"
)

// frame is one server-sent event. Its bytes are valid until the next is read.
type frame struct {
	kind  []byte        // of "event:"; empty means message
	id    []byte        // of "id:"; may be empty
	data  []byte        // of "data:"
	retry time.Duration // of "retry:"; 0 if absent

	// tooLarge is the size in bytes of a frame that exceeds the limit and was
	// skipped; the fields are those of its first bytes. It is 0 for all others.
	tooLarge int
}

// frames reads the frames of one connection.
type frames struct {
	gate   *gate
	max    int
	blocks *sse.EventStreamReader
	size   int // of the last block
	joined []byte
}

// newFrames reads the frames of src. Of a frame larger than max bytes only the
// beginning is kept.
func newFrames(src io.Reader, max int) *frames {
	f := &frames{max: max, gate: newGate(src, max)}
	f.renew()
	return f
}

// renew replaces the SSE reader, whose buffer grows and never shrinks. Between
// two blocks it holds no bytes: the gate passes on one at a time.
func (f *frames) renew() {
	// The scanner inside needs space for a block and its blank line.
	f.blocks = sse.NewEventStreamReader(f.gate, f.max+2)
	f.size, f.joined = 0, nil
}

// next returns the next frame. A truncated frame is never returned; the error is
// then the one that truncated it, io.EOF for a clean end.
func (f *frames) next() (frame, error) {
	if f.size > firstSize {
		f.renew()
	}
	block, err := f.gate.next()
	if err != nil {
		return frame{}, err
	}
	if head, size := f.gate.oversize(); size > 0 {
		fr := f.parse(head, bytes.Count(head, []byte{'\n'})+1)
		fr.tooLarge = size
		return fr, nil
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

// usual parses a block in the form that the service writes: the three lines
// event, id and data. The gate knows where they end, so there is nothing to
// search or copy; the SSE reader would do both.
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
	return frame{kind: kind, id: id, data: data}, ok1 && ok2 && ok3
}

// rest returns the size of the truncated frame, once next has failed.
func (f *frames) rest() int { return f.gate.rest() }

// parse splits a block into its fields as the specification of server-sent
// events says, with one exception: several lines of data are joined by blanks,
// because an event is one line for wm, and no JSON string contains a newline.
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
		case "retry":
			fr.retry = retryTime(value)
		}
	}
	return fr
}

// retryTime parses the value of "retry:", in milliseconds; 0 if it is invalid.
func retryTime(value []byte) time.Duration {
	ms, err := strconv.ParseUint(string(value), 10, 32)
	if err != nil {
		return 0
	}
	return min(time.Duration(ms)*time.Millisecond, maxRetryAfter)
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
