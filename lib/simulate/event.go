package simulate

import "time"

// Event is one event and its position in the stream.
type Event struct {
	Stream    string // "mediawiki.recentchange"
	Topic     string // "eqiad.mediawiki.recentchange": the stream in one data centre
	Partition int
	Offset    int64  // in the topic-partition
	Time      int64  // message time, milliseconds since 1970; the event's meta.dt
	Data      []byte // the event: one JSON object, without a newline
}

// DataCenters are the two data centres, in the order in which the service lists
// their topics.
var DataCenters = [2]string{"eqiad", "codfw"}

// dtLayout is the form of meta.dt since 2025, with milliseconds.
const dtLayout = "2006-01-02T15:04:05.000Z"

func fromMillis(ms int64) time.Time { return time.UnixMilli(ms).UTC() }
