// Package cursor holds a reader's position in the streams of EventStreams in a
// form that survives the process: as a file, and as watermarks between the
// lines of a pipe.
//
// [Load] reads a cursor file. A program that writes one calls [Open], which
// locks it against other processes, and then [File.Save]. [Cursor.Watermark] and
// [DecodeWatermark] pass a cursor down a pipe.
package cursor

import (
	"encoding/json"
	"slices"
	"strings"
	"time"
)

// version is the version of the only cursor format so far.
const version = 1

// Cursor is everything a reader needs to resume without losing an event. All
// times are message times in milliseconds since 1970, by the server's clock.
type Cursor struct {
	Streams []string `json:"streams"`
	From    int64    `json:"from"` // where the reader began
	// Saved is the time up to which Positions is known to hold every
	// topic-partition of the streams. One that is missing started later.
	Saved     int64      `json:"saved"`
	Positions []Position `json:"positions"`
	// Seen holds the ids of delivered events that the server will send again:
	// meta.id, or a digest of an event that has none.
	Seen []string `json:"seen,omitempty"`
}

// Position is how far a reader got in one partition of a topic.
type Position struct {
	Topic     string `json:"topic"`
	Partition int64  `json:"partition"`
	// Timestamp is the highest message time delivered, or the time to begin
	// at if no message has been delivered yet.
	Timestamp int64 `json:"timestamp"`
	// Offset is the offset of the last message delivered, or nil.
	Offset *int64 `json:"offset,omitempty"`
}

// versioned is a cursor as it is encoded.
type versioned struct {
	Version int `json:"version"`
	Cursor
}

// Encode returns the cursor as one line of JSON, without a newline.
func (c Cursor) Encode() []byte {
	if c.Positions == nil {
		c.Positions = []Position{}
	}
	line, err := json.Marshal(versioned{version, c})
	if err != nil {
		panic(err) // strings and numbers always encode
	}
	return line
}

// Decode parses what Encode returned. Anything else is a [*FormatError] or a
// [*VersionError]: to start somewhere else silently would lose events.
func Decode(text []byte) (Cursor, error) {
	var v versioned
	if err := json.Unmarshal(text, &v); err != nil {
		return Cursor{}, &FormatError{err.Error()}
	}
	if v.Version != version {
		return Cursor{}, &VersionError{v.Version}
	}
	if len(v.Streams) == 0 || v.From <= 0 || v.Saved <= 0 {
		return Cursor{}, &FormatError{"streams, from or saved is missing"}
	}
	for _, p := range v.Positions {
		if p.Topic == "" || p.Timestamp <= 0 {
			return Cursor{}, &FormatError{"a position lacks its topic or timestamp"}
		}
	}
	return v.Cursor, nil
}

// maxAhead is how far in the future a cursor may have been saved: clocks differ.
const maxAhead = time.Hour

// Check reports why a reader of streams cannot resume from the cursor: a
// [*StreamsError], a [*FutureError], or nil if it can. Streams compare as a
// set, with or without "mediawiki." in front.
func (c Cursor) Check(streams []string, now time.Time) error {
	if !slices.Equal(shortNames(c.Streams), shortNames(streams)) {
		return &StreamsError{Cursor: c.Streams, Asked: streams}
	}
	if saved := time.UnixMilli(c.Saved); saved.After(now.Add(maxAhead)) {
		return &FutureError{Saved: saved, Now: now}
	}
	return nil
}

// shortNames returns the sorted set of streams without "mediawiki.".
func shortNames(streams []string) []string {
	names := make([]string, len(streams))
	for i, s := range streams {
		names[i] = strings.TrimPrefix(s, "mediawiki.")
	}
	slices.Sort(names)
	return slices.Compact(names)
}
