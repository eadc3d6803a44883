package main

import (
	"bytes"
	"errors"
	"io"
	"slices"
	"time"

	"github.com/tidwall/gjson"

	"github.com/wmtools/wm/lib/simulate"
	"github.com/wmtools/wm/lib/simulate/service"
)

const (
	// templates is how many different events there are.
	templates = 20_000
	// eventRate is the number of events per second of event time. It determines
	// how many a reader has to remember for a reconnect.
	eventRate = 1000
	// firstOffset has as many digits as all that follow it.
	firstOffset = 5_000_000_000
	// blockSize is how much is written at once.
	blockSize = 256 << 10
)

// frames are the frames of some events, byte for byte as the service sends
// them. They can be sent repeatedly: what must differ is overwritten in place,
// which is an order of magnitude cheaper than generating events.
type frames struct {
	text   []byte
	spots  []spot
	span   int64 // ms of event time, whole seconds, from one round to the next
	second secondText
}

// spot records where a frame has the text that is overwritten.
type spot struct {
	start, end int // of the frame
	idTime     int // 13 digits, ms: message time + 1
	metaID     int // a UUID
	dt         int // message time in RFC 3339
	offset     int // 10 digits
	timestamp  int // 10 digits, seconds

	message, happened int64 // message time in ms and timestamp, as they were made
}

// newFrames generates the frames of n events from start on. A long-running reader
// has also seen an event of the other data center, so each id has a time for it.
func newFrames(n int, start time.Time) (*frames, error) {
	idle := simulate.New(1, simulate.Options{Start: start.Add(-time.Minute), DataCenter: "codfw", Canary: -1}).Next()
	events := simulate.New(2, simulate.Options{Start: start, Rate: eventRate, Canary: -1}).Take(n)
	for i := range events {
		renumber(&events[i], firstOffset+int64(i))
	}
	var body bytes.Buffer
	err := service.WriteSSE(&body, []string{simulate.RecentChange}, slices.Values(append([]simulate.Event{idle}, events...)))
	if err != nil {
		return nil, err
	}
	blocks := bytes.SplitAfter(body.Bytes(), []byte("\n\n"))
	f := &frames{}
	for _, frame := range blocks[2 : len(blocks)-1] { // after :ok and the idle data center
		if err := f.add(frame); err != nil {
			return nil, err
		}
	}
	first, last := f.spots[0].message, f.spots[n-1].message
	f.span = (last-first)/1000*1000 + 1000
	return f, nil
}

// renumber gives an event another offset.
func renumber(e *simulate.Event, offset int64) {
	old := gjson.GetBytes(e.Data, "meta.offset")
	e.Data = slices.Concat(e.Data[:old.Index], appendDecimal(offset), e.Data[old.Index+len(old.Raw):])
	e.Offset = offset
}

var errShape = errors.New("lib/simulate makes frames of a shape that this bench does not know")

// add appends a frame and finds its spots.
func (f *frames) add(frame []byte) error {
	at := len(f.text)
	_, data, ok := bytes.Cut(frame, []byte("\ndata: "))
	idTime := bytes.Index(frame, []byte(`"timestamp":`))
	meta := gjson.GetManyBytes(data, "meta.id", "meta.dt", "meta.offset", "timestamp")
	message, err := time.Parse(time.RFC3339, meta[1].Str)
	if !ok || err != nil || len(meta[0].Str) != 36 || len(meta[2].Raw) != 10 || len(meta[3].Raw) != 10 {
		return errShape
	}
	body := at + len(frame) - len(data)
	f.text = append(f.text, frame...)
	f.spots = append(f.spots, spot{
		start: at, end: at + len(frame),
		idTime: at + idTime + len(`"timestamp":`),
		metaID: body + meta[0].Index + 1, dt: body + meta[1].Index + 1,
		offset: body + meta[2].Index, timestamp: body + meta[3].Index,
		message: message.UnixMilli(), happened: meta[3].Int(),
	})
	return nil
}

// clone returns a copy for one more reader.
func (f *frames) clone() *frames {
	c := *f
	c.text = bytes.Clone(f.text)
	return &c
}

// stamp updates the frame of event k, counted from 0, and returns it. The order
// of events, their content and how their times go backwards repeat in each round;
// ids never repeat, offsets have no gap, and time advances.
func (f *frames) stamp(k int64) spot {
	count := int64(len(f.spots))
	s, shift := f.spots[k%count], k/count*f.span
	message := s.message + shift
	putDecimal(f.text[s.idTime:s.idTime+13], message+1)
	putHex(f.text[s.metaID:s.metaID+8], k)
	copy(f.text[s.dt:], f.second.of(message/1000)) // shift has no milliseconds
	putDecimal(f.text[s.offset:s.offset+10], firstOffset+k)
	putDecimal(f.text[s.timestamp:s.timestamp+10], s.happened+shift/1000)
	return s
}

// write sends the events from to until, the last one not included, in blocks.
func (f *frames) write(w io.Writer, from, until int64) error {
	start := -1
	for k := from; k < until; k++ {
		s := f.stamp(k)
		if start < 0 {
			start = s.start
		}
		if s.end-start >= blockSize || s.end == len(f.text) || k == until-1 {
			if _, err := w.Write(f.text[start:s.end]); err != nil {
				return err
			}
			start = -1
		}
	}
	return nil
}

// writeLarge sends event k with an additional field of the given size.
func (f *frames) writeLarge(w io.Writer, k int64, size int) error {
	s := f.stamp(k)
	head := bytes.TrimSuffix(f.text[s.start:s.end], []byte("}\n\n"))
	_, err := w.Write(slices.Concat(head, []byte(`,"added_links":"`), bytes.Repeat([]byte{'x'}, size), []byte("\"}\n\n")))
	return err
}
