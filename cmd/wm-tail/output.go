package main

import (
	"os"

	"github.com/wmtools/wm/lib/event"
	"github.com/wmtools/wm/lib/ndjson"
)

// output writes events to stdout and, from time to time, stores the position in
// the stream after them.
type output interface {
	event.Sink
	// drained is called before the stream waits for the server, and while it does.
	drained() error
	// follow sets the source whose position is stored.
	follow(src source)
	release()
}

func openOutput(s *settings) (output, error) {
	lines := ndjson.NewWriter(os.Stdout)
	switch {
	case s.cursor != "":
		return newKeeper(lines, os.Stdout, s)
	case s.resume != "" && s.watermark > 0:
		return &marker{Writer: lines, every: s.watermark}, nil
	}
	return plain{lines}, nil
}

// plain stores no position.
type plain struct{ *ndjson.Writer }

func (p plain) drained() error { return p.Flush() }

func (p plain) follow(source) {}

func (p plain) release() {}
