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
	blocks *sse.EventStreamReader
	joined []byte
}

// newFrames reads src behind a gate. A frame larger than max bytes is skipped
// and reported to tooLarge with its size.
func newFrames(src io.Reader, max int, tooLarge func(size int)) *frames {
	// The scanner inside needs room for a block and its blank line.
	return &frames{blocks: sse.NewEventStreamReader(newGate(src, max, tooLarge), max+2)}
}

// next returns the next frame. A frame that was cut is never returned; the
// error is then the one that cut it, io.EOF for a clean end.
func (f *frames) next() (frame, error) {
	block, err := f.blocks.ReadEvent()
	if err != nil {
		return frame{}, err
	}
	return f.parse(block), nil
}

// parse splits a block into its fields as the specification of the event
// stream format says, with one exception: data in several lines is joined by
// blanks. An event is one line for wm, and no JSON string holds a line's end.
func (f *frames) parse(block []byte) frame {
	var fr frame
	lines := 0
	for len(block) > 0 {
		line, rest, _ := bytes.Cut(block, []byte{'\n'})
		block = rest
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
			fr.data = f.join(fr.data, value, lines)
			lines++
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
