package simulate

import (
	"bufio"
	"io"
	"iter"
)

// WriteNDJSON writes events, one per line.
func WriteNDJSON(w io.Writer, events iter.Seq[Event]) error {
	out := bufio.NewWriterSize(w, 64<<10)
	for e := range events {
		out.Write(e.Data)
		if err := out.WriteByte('\n'); err != nil {
			return err
		}
	}
	return out.Flush()
}
