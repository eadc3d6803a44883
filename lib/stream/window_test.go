package stream

import (
	"net/url"
	"testing"
	"time"

	"github.com/wmtools/wm/lib/event"
)

func TestWindow(t *testing.T) {
	at := func(ms int64) time.Time { return time.UnixMilli(ms) }
	sender := &place{stamp: 1501}
	for _, tt := range []struct {
		window window
		line   string
		want   bool
	}{
		{window{}, `{}`, true},
		{window{at(1000), at(2000)}, `{"meta":{"dt":"1970-01-01T00:00:01Z"}}`, true},
		{window{at(1000), at(2000)}, `{"meta":{"dt":"1970-01-01T00:00:00.999Z"}}`, false},
		{window{at(1000), at(2000)}, `{"meta":{"dt":"1970-01-01T00:00:02Z"}}`, false},
		{window{since: at(1000)}, `{"meta":{"dt":"2026-01-01T00:00:02Z"}}`, true},
		{window{until: at(2000)}, `{"meta":{"dt":"2026-01-01T00:00:02Z"}}`, false},
		{window{at(1000), at(2000)}, `{}`, true}, // by its message's time
		{window{at(1000), at(1400)}, `{}`, false},
	} {
		e := event.New([]byte(tt.line))
		if got := !tt.window.before(e, sender) && !tt.window.after(e, sender); got != tt.want {
			t.Errorf("%v holds %s: %v", tt.window, tt.line, got)
		}
	}
}

// A replay ends when each partition has passed its end, or all have been silent
// for ten seconds since the last message of any that has not.
func TestReplayIsFinished(t *testing.T) {
	start := time.UnixMilli(1_000_000)
	until := start.Add(-time.Minute)
	a, b := &place{partition: partition{topic: "a"}}, &place{partition: partition{topic: "b"}}
	both := []*place{a, b}
	r := &bounds{until: until, last: start}
	check := func(what string, after time.Duration, clock time.Time, want bool) {
		t.Helper()
		if got := r.finished(both, clock, start.Add(after)); got != want {
			t.Errorf("%s: finished is %v", what, got)
		}
	}
	check("no message yet", 9*time.Second, start, false)
	check("the server's clock is not past the end", time.Hour, until.Add(29*time.Second), false)
	a.stamp = until.UnixMilli()
	r.passes(a, start.Add(time.Hour))
	check("a sends", 9*time.Second, start, false)
	check("a is silent for less than ten seconds", 18*time.Second, start, false)
	check("all are silent", 19*time.Second, start, true)
	r.blocked(time.Minute)
	check("the reader was blocked", 78*time.Second, start, false)
	check("all are silent after that", 79*time.Second, start, true)
	a.stamp = until.Add(slack).UnixMilli() + 1
	r.passes(a, start.Add(time.Hour))
	check("a is past the end", 30*time.Second, start, false)
	r.passes(a, start.Add(time.Hour))
	check("a is live and no longer waited for", 39*time.Second, start, false)
	b.stamp = a.stamp
	r.passes(b, start.Add(time.Hour))
	check("both are past the end", 39*time.Second, start, true)
	open := &bounds{last: start}
	if open.finished(both, start.Add(time.Hour), start.Add(time.Hour)) {
		t.Error("a stream without an end has ended")
	}
}

// A replay up to now ends on a live stream within 45 s, in any phase of the
// second: a Date header has whole seconds, so what is known of the server's clock
// is up to a second slow.
func TestReplayUpToNowEndsInAnyPhase(t *testing.T) {
	for phase := time.Duration(0); phase < time.Second; phase += 20 * time.Millisecond {
		start := time.UnixMilli(1_800_000_000_000).Add(phase)
		date := start.Truncate(time.Second)
		live, idle := &place{partition: partition{topic: "live"}}, &place{partition: partition{topic: "idle"}}
		r := &bounds{until: start, last: start}
		for after := time.Duration(0); ; after += 33 * time.Millisecond {
			clock := date.Add(after)
			live.stamp = start.Add(after).UnixMilli() + 1
			r.passes(live, clock)
			if r.finished([]*place{live, idle}, clock, start.Add(after)) {
				break
			}
			if after > 45*time.Second {
				t.Fatalf("started %v into a second, it has not ended after %v", phase, after)
			}
		}
	}
}

func TestMissing(t *testing.T) {
	hour := time.Hour.Milliseconds()
	for _, tt := range []struct {
		asked, first int64
		want         bool
	}{{5 * hour, 6 * hour, false}, {5 * hour, 6*hour + 1, true}, {5 * hour, hour, false}, {1, 500 * hour, false}} {
		if got := missing(tt.asked, tt.first); (got != nil) != tt.want {
			t.Errorf("asked for %d, got %d: %v", tt.asked, tt.first, got)
		}
	}
}

// A new topic begins later than the time requested, without a loss.
func TestNewTopicsAreNotMissingHistory(t *testing.T) {
	s, err := New(Options{URL: "http://127.0.0.1:9", OnLoss: func(err error) { t.Error(err) }})
	if err != nil {
		t.Fatal(err)
	}
	pl := addedPlace(partition{topic: "a"}, 1000)
	pl.stamp = 1000 + 20*time.Hour.Milliseconds()
	r := &reading{Stream: s, asked: true}
	if err := r.begin(pl); err != nil || s.stats.Missing != 0 {
		t.Errorf("%v missing, error %v", s.stats.Missing, err)
	}
}

func TestRedirectsThatAreFollowed(t *testing.T) {
	for _, tt := range []struct {
		from, to string
		want     bool
	}{
		{"https://a.org/x", "https://b.org/y", true},
		{"https://a.org/x", "http://a.org/y", false},
		{"http://a.org/x", "http://a.org/y", true},
		{"http://a.org/x", "https://a.org/y", true},
		{"http://a.org/x", "http://b.org/y", false},
		{"http://a.org/x", "https://b.org/y", false},
		{"http://127.0.0.1:1/x", "http://localhost:2/y", true},
		{"http://a.org/x", "http://127.0.0.1/y", false},
		{"http://127.0.0.1/x", "http://a.org/y", false},
		{"https://a.org/x", "file:///etc/passwd", false},
	} {
		from, to := address(t, tt.from), address(t, tt.to)
		if got := follow(from, to); got != tt.want {
			t.Errorf("%s to %s: followed is %v", from, to, got)
		}
	}
}

func address(t *testing.T, text string) *url.URL {
	t.Helper()
	u, err := url.Parse(text)
	if err != nil {
		t.Fatal(err)
	}
	return u
}
