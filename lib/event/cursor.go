package event

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"
)

// cursorVersion is the one form of a cursor that there is so far.
const cursorVersion = 1

// Cursor is where a reader of streams stands, in a form that outlives it: what
// must be known to go on without losing an event. Times are message times in
// milliseconds since 1970, by the server's clock.
type Cursor struct {
	Streams   []string   `json:"streams"`
	From      int64      `json:"from"`  // where the reader began
	Saved     int64      `json:"saved"` // when this was noted
	Positions []Position `json:"positions"`
	// Seen are the ids of events that were handed on and will be sent again.
	Seen []string `json:"seen,omitempty"`
}

// Position is where a reader stands in one partition of a topic.
type Position struct {
	Topic     string `json:"topic"`
	Partition int64  `json:"partition"`
	// Timestamp is the highest message time that was handed on, or where to
	// begin while there is none.
	Timestamp int64 `json:"timestamp"`
	// Offset is that of the last message that was handed on; nil: none was.
	Offset *int64 `json:"offset,omitempty"`
}

// versioned is a cursor as it is written.
type versioned struct {
	Version int `json:"version"`
	Cursor
}

// Encode renders the cursor as one line of JSON, without its end.
func (c Cursor) Encode() []byte {
	if c.Positions == nil {
		c.Positions = []Position{}
	}
	line, err := json.Marshal(versioned{cursorVersion, c})
	if err != nil {
		panic(err) // strings and numbers only: there is nothing that could fail
	}
	return line
}

// DecodeCursor reads what Encode wrote. Whatever is not entirely a cursor is an
// error: to begin somewhere else in silence would lose events.
func DecodeCursor(text []byte) (Cursor, error) {
	var v versioned
	if err := json.Unmarshal(text, &v); err != nil {
		return Cursor{}, WithHint(fmt.Errorf("not a whole cursor: %w", err), beginAnew)
	}
	if v.Version != cursorVersion {
		return Cursor{}, WithHint(fmt.Errorf("cursor of version %d, only %d is known", v.Version, cursorVersion),
			"a newer wm may have written it: use that one")
	}
	if len(v.Streams) == 0 || v.From <= 0 || v.Saved <= 0 {
		return Cursor{}, WithHint(fmt.Errorf("not a whole cursor: streams, from or saved is missing"), beginAnew)
	}
	for _, p := range v.Positions {
		if p.Topic == "" || p.Timestamp <= 0 {
			return Cursor{}, WithHint(fmt.Errorf("not a whole cursor: a position lacks its topic or timestamp"), beginAnew)
		}
	}
	return v.Cursor, nil
}

const beginAnew = "if the file holds nothing of worth, delete it and say with --since where to begin"

// maxAhead is how far in the future a cursor may have been saved: clocks differ.
const maxAhead = time.Hour

// Check returns why a reader of these streams cannot go on from the cursor.
func (c Cursor) Check(streams []string, now time.Time) error {
	if !slices.Equal(plainNames(c.Streams), plainNames(streams)) {
		return WithHint(fmt.Errorf("cursor of other streams: it is of %s, asked for are %s",
			strings.Join(c.Streams, ","), strings.Join(streams, ",")),
			"name the same streams, or keep another cursor for these")
	}
	if saved := time.UnixMilli(c.Saved); saved.After(now.Add(maxAhead)) {
		return WithHint(fmt.Errorf("cursor saved in the future, at %s", saved.UTC().Format(time.RFC3339)),
			"check the clock of this machine (it says "+now.UTC().Format(time.RFC3339)+")")
	}
	return nil
}

// plainNames returns the set of some streams: most have a name with and one
// without "mediawiki.".
func plainNames(streams []string) []string {
	names := make([]string, len(streams))
	for i, s := range streams {
		names[i] = strings.TrimPrefix(s, "mediawiki.")
	}
	slices.Sort(names)
	return slices.Compact(names)
}
