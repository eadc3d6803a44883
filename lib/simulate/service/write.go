package service

import (
	"bufio"
	"io"
	"iter"

	"github.com/wmtools/wm/lib/simulate"
)

// WriteSSE writes events as the body of a response to a request for streams that
// was made before the first event.
func WriteSSE(w io.Writer, streams []string, events iter.Seq[simulate.Event]) error {
	out := bufio.NewWriterSize(w, blockSize)
	out.WriteString(":ok\n\n")
	ids := waiting(streams)
	var frame []byte
	for e := range events {
		el := ids.find(e.Topic, e.Partition)
		if el == nil {
			continue
		}
		el.delivered(e.Time)
		frame = ids.appendIDLine(appendEventLine(frame[:0], "message"))
		if _, err := out.Write(appendDataLine(frame, e.Data)); err != nil {
			return err
		}
	}
	return out.Flush()
}

// waiting returns the identity of a reader at the end of streams.
func waiting(streams []string) identity {
	var ids identity
	for _, stream := range streams {
		for _, dc := range simulate.DataCenters {
			p := partition{topic: dc + "." + stream}
			ids = ids.with(p, 0, atOffset(p, atEnd))
		}
	}
	return ids
}
