package bulk

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"testing"
	"time"
)

func TestPatienceGrowsAndForgets(t *testing.T) {
	var f fakeTime
	reports := 0
	p := patience{clock: f.clock(), tell: func(error, time.Duration) { reports++ }}
	bound := firstDelay
	for range 12 {
		if err := p.wait(t.Context(), errUnusable, 0); err != nil {
			t.Fatal(err)
		}
		if d := f.sleeps[len(f.sleeps)-1]; d < bound/2 || d > bound {
			t.Errorf("wait %d is %v, want %v to %v", reports, d, bound/2, bound)
		}
		bound = min(2*bound, longestWait)
	}
	if bound != longestWait || reports != 12 {
		t.Errorf("bound %v, reported %d times", bound, reports)
	}
	p.progress()
	_ = p.wait(t.Context(), errUnusable, 0)
	if d := f.sleeps[12]; d > firstDelay {
		t.Errorf("wait %v after progress", d)
	}
	_ = p.wait(t.Context(), errUnusable, 7*time.Second)
	if d := f.sleeps[13]; d != 7*time.Second {
		t.Errorf("wait %v where the server asked for 7s", d)
	}
}

// Waiting ends at the limit, or if the server asks for more.
func TestPatienceLastsToItsLimit(t *testing.T) {
	f := fakeTime{at: time.Unix(1e9, 0)}
	const limit = 75 * time.Second
	p := patience{clock: f.clock(), tell: func(error, time.Duration) {}, limit: limit}
	begin := p.now()
	var err error
	for err == nil {
		err = p.wait(t.Context(), errUnusable, 0)
	}
	if took := p.now().Sub(begin); took != limit || err.Error() != "gave up after 1m15s: "+errUnusable.Error() {
		t.Errorf("after %v: %v", took, err)
	}
	p.progress()
	if err := p.wait(t.Context(), errUnusable, limit+1); err == nil {
		t.Error("it waits longer than it may")
	}
}

func TestPatienceEndsWithContext(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	p := patience{clock: wallClock, tell: func(error, time.Duration) {}}
	err := p.wait(ctx, errUnusable, time.Hour)
	if !errors.Is(err, errUnusable) || !strings.HasPrefix(err.Error(), "gave up waiting: ") {
		t.Errorf("error %v", err)
	}
}

func TestRetryAfter(t *testing.T) {
	now := time.Date(2026, 11, 23, 10, 0, 0, 0, time.UTC)
	c := (&fakeTime{at: now}).clock()
	tests := map[string]time.Duration{
		"": 0, "3": 3 * time.Second, "-3": 0, "soon": 0, "4000000000": longestRetryAfter, "99999999999999": 0,
		"Mon, 23 Nov 2026 10:00:05 GMT": 5 * time.Second,
		"Mon, 23 Nov 2026 09:00:00 GMT": 0,
		"Mon, 23 Nov 2027 09:00:00 GMT": longestRetryAfter,
	}
	for value, want := range tests {
		if got := c.retryAfter(http.Header{"Retry-After": {value}}); got != want {
			t.Errorf("%q: %v, want %v", value, got, want)
		}
	}
}

func TestWriterHonoursRetryAfter(t *testing.T) {
	s := newServer(t, status(429, "", "Retry-After", "17"), status(503, "", "Retry-After", "5"))
	r := write(t, s, linesOf(3))
	if r.err != nil || len(r.time.sleeps) != 2 || r.time.sleeps[0] != 17*time.Second || r.time.sleeps[1] != 5*time.Second {
		t.Errorf("%v, waited %v", r.err, r.time.sleeps)
	}
}
