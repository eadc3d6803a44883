package cmdtest

import (
	"bytes"
	"cmp"
	"slices"
	"testing"
	"time"

	"github.com/wmtools/wm/lib/event"
	"github.com/wmtools/wm/lib/simulate"
)

// NDJSON returns events as lines.
func NDJSON(t *testing.T, events []simulate.Event) *bytes.Reader {
	t.Helper()
	var b bytes.Buffer
	for _, e := range events {
		b.Write(e.Data)
		b.WriteByte('\n')
	}
	return bytes.NewReader(b.Bytes())
}

// AroundMidnight generates n events of three streams; the second half is dated
// the day after the first.
func AroundMidnight(n int) []simulate.Event {
	const rate = 40
	midnight := time.Date(2026, 11, 2, 0, 0, 0, 0, time.UTC)
	return simulate.New(11, simulate.Options{
		Start:   midnight.Add(-time.Duration(n/2) * time.Second / rate),
		Rate:    rate,
		Streams: []string{simulate.RecentChange, "mediawiki.revision-create", "mediawiki.page-create"},
	}).Take(n)
}

// OfStream moves an event of recentchange to another stream.
func OfStream(e simulate.Event, stream string) simulate.Event {
	e.Data = bytes.ReplaceAll(e.Data, []byte(simulate.RecentChange), []byte(stream))
	e.Topic, e.Stream = "eqiad."+stream, stream
	return e
}

// Made generates n events of recentchange without canaries, rate per second, the
// first of which is as old as age.
func Made(seed uint64, n int, age time.Duration, rate float64) []simulate.Event {
	return simulate.New(seed, simulate.Options{Start: time.Now().Add(-age), Rate: rate, Canary: -1}).Take(n)
}

// Lines splits text into lines without their newlines.
func Lines(text []byte) (lines []string) {
	for line := range bytes.Lines(text) {
		lines = append(lines, string(bytes.TrimSuffix(line, []byte("\n"))))
	}
	return lines
}

// NoCanaries returns the events that are not canaries.
func NoCanaries(events []simulate.Event) (kept []simulate.Event) {
	for _, e := range events {
		if !event.New(e.Data).Canary() {
			kept = append(kept, e)
		}
	}
	return kept
}

// IDs counts the lines of each meta.id. Watermarks have none.
func IDs(lines []string) map[string]int {
	count := make(map[string]int)
	for _, line := range lines {
		if id := event.New([]byte(line)).ID(); id != "" {
			count[id]++
		}
	}
	return count
}

// CompareEvents fails the test unless lines are exactly the source events, in any
// order.
func CompareEvents(t *testing.T, lines []string, source []simulate.Event) {
	t.Helper()
	got := IDs(lines)
	lost, twice := 0, 0
	for _, e := range source {
		id := event.New(e.Data).ID()
		switch n := got[id]; {
		case n == 0:
			lost++
		case n > 1:
			twice++
		}
		delete(got, id)
	}
	if lost > 0 || twice > 0 || len(got) > 0 {
		t.Errorf("of %d events %d are lost and %d repeated; %d others are unknown", len(source), lost, twice, len(got))
	}
}

// Since returns the time of an event as --since takes it.
func Since(e simulate.Event) string {
	return time.UnixMilli(e.Time).UTC().Format("2006-01-02T15:04:05.000Z")
}

// ByTime returns events sorted by time.
func ByTime(events []simulate.Event) []simulate.Event {
	return slices.SortedStableFunc(slices.Values(events), func(a, b simulate.Event) int { return cmp.Compare(a.Time, b.Time) })
}

// Earliest returns the time of the oldest event, as --since takes it.
func Earliest(events []simulate.Event) string { return Since(ByTime(events)[0]) }

// Dated gives an event another message time, in ms.
func Dated(e simulate.Event, ms int64) simulate.Event {
	old := Since(e)
	e.Time = ms
	e.Data = bytes.Replace(e.Data, []byte(`"dt":"`+old+`"`), []byte(`"dt":"`+Since(e)+`"`), 1)
	return e
}

// Restless generates n events whose times go backwards by up to 100 s, with
// bursts on one millisecond, and a switch of the data centre in the middle.
func Restless(n int, start time.Time) []simulate.Event {
	events := simulate.New(7, simulate.Options{Start: start, Late: 100 * time.Second, Switch: n / 2, Canary: 20 * time.Second}).Take(n)
	for i := range events {
		if burst := i / 50 * 50; i%50 < 12 && events[burst].Topic == events[i].Topic {
			events[i] = Dated(events[i], events[burst].Time)
		}
	}
	return events
}

// Recent returns a start time at which the last of n events is a few minutes old.
func Recent(n int) time.Time {
	return time.Now().Add(-time.Duration(n)*time.Second/40 - 5*time.Minute)
}
