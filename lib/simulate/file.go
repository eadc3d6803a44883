package simulate

import (
	"bufio"
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/tidwall/gjson"
)

// ReadEvents reads events from NDJSON, such as a capture. The position of an
// event comes from its meta. Without a topic, the event belongs to its stream
// (recentchange by default) in the first data centre; without an offset, it
// follows the previous event of its topic; without a time, it has the time of the
// previous event.
func ReadEvents(r io.Reader) ([]Event, error) {
	var (
		events []Event
		in     = bufio.NewReaderSize(r, 1<<20)
		next   = map[string]int64{} // offset, by topic
		last   int64                // message time
	)
	for line := 1; ; line++ {
		data, err := in.ReadBytes('\n')
		if data = bytes.TrimSpace(data); len(data) > 0 {
			e, parseErr := parseEvent(data, next, last)
			if parseErr != nil {
				return nil, fmt.Errorf("line %d: %w", line, parseErr)
			}
			next[e.Topic], last = e.Offset+1, e.Time
			events = append(events, e)
		}
		if errors.Is(err, io.EOF) {
			return events, nil
		}
		if err != nil {
			return nil, fmt.Errorf("line %d: %w", line, err)
		}
	}
}

func parseEvent(data []byte, next map[string]int64, last int64) (Event, error) {
	if !gjson.ValidBytes(data) || data[0] != '{' {
		return Event{}, errors.New("not a JSON object")
	}
	object := gjson.ParseBytes(data)
	meta := object.Get("meta")
	e := Event{
		Data:      data,
		Stream:    meta.Get("stream").Str,
		Topic:     meta.Get("topic").Str,
		Partition: int(meta.Get("partition").Int()),
		Time:      cmp.Or(messageTime(object), last),
	}
	if e.Stream == "" {
		e.Stream = cmp.Or(streamOf(e.Topic), RecentChange)
	}
	if e.Topic == "" {
		e.Topic = DataCenters[0] + "." + e.Stream
	}
	e.Offset = next[e.Topic]
	if offset := meta.Get("offset"); offset.Exists() {
		e.Offset = offset.Int()
	}
	return e, nil
}

// streamOf returns the stream that a topic holds: its name without the data
// centre.
func streamOf(topic string) string {
	for _, dc := range DataCenters {
		if stream, ok := strings.CutPrefix(topic, dc+"."); ok {
			return stream
		}
	}
	return topic
}

func messageTime(object gjson.Result) int64 {
	for _, path := range []string{"meta.dt", "dt"} {
		if t, err := time.Parse(time.RFC3339, object.Get(path).Str); err == nil {
			return t.UnixMilli()
		}
	}
	return object.Get("timestamp").Int() * 1000
}
