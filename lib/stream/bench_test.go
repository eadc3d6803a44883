package stream

import (
	"bytes"
	"context"
	"errors"
	"io"
	"slices"
	"testing"
	"time"

	"github.com/wmtools/wm/lib/event"
	"github.com/wmtools/wm/lib/ndjson"
	"github.com/wmtools/wm/lib/simulate"
	"github.com/wmtools/wm/lib/simulate/service"
)

// BenchmarkRead measures one event, from the bytes of an open connection to a
// line in the output buffer: no socket, no server in the same process.
func BenchmarkRead(b *testing.B) {
	var body bytes.Buffer
	made := simulate.New(5, simulate.Options{Canary: -1}).Take(20_000)
	if err := service.WriteSSE(&body, []string{simulate.RecentChange}, slices.Values(made)); err != nil {
		b.Fatal(err)
	}
	s, err := New(Options{URL: "http://127.0.0.1:9"})
	if err != nil {
		b.Fatal(err)
	}
	s.back, s.clock = newBackoff(), time.Now().AddDate(1, 0, 0)
	out := ndjson.NewWriter(io.Discard)
	r := &reading{Stream: s, conn: new(connection), begun: true, yield: func(e event.Event, err error) bool {
		return errors.Join(err, out.Put(context.Background(), e)) == nil
	}}
	again := &endless{body.Bytes(), 0}
	frames := newFrames(again, DefaultMaxEvent)
	b.ReportAllocs()
	b.SetBytes(int64(body.Len() / len(made)))
	for b.Loop() {
		fr, err := frames.next()
		if err != nil {
			b.Fatal(err)
		}
		if err := r.take(fr); err != nil {
			b.Fatal(err)
		}
	}
	if r.stats.Events != int64(b.N) {
		b.Fatalf("%d of %d events delivered", r.stats.Events, b.N)
	}
}

// endless repeats the same bytes forever.
type endless struct {
	text []byte
	at   int
}

func (e *endless) Read(p []byte) (int, error) {
	n := copy(p, e.text[e.at:])
	e.at = (e.at + n) % len(e.text)
	return n, nil
}
