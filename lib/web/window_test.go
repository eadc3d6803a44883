package web

import (
	"testing"
	"time"
)

func TestIntervalFor(t *testing.T) {
	tests := map[time.Duration]time.Duration{
		time.Second:          time.Second,
		100 * time.Second:    time.Second,
		101 * time.Second:    5 * time.Second,
		15 * time.Minute:     10 * time.Second,
		time.Hour:            time.Minute,
		6 * time.Hour:        5 * time.Minute,
		24 * time.Hour:       15 * time.Minute,
		7 * 24 * time.Hour:   2 * time.Hour,
		30 * 24 * time.Hour:  12 * time.Hour,
		365 * 24 * time.Hour: 7 * 24 * time.Hour,
		longest:              56 * 24 * time.Hour,
	}
	for span, want := range tests {
		if got := intervalFor(span); got != want {
			t.Errorf("intervalFor(%v) = %v, want %v", span, got, want)
		}
	}
}

// TestWindowOfEveryRange holds what the chart relies on: whole buckets at round
// times, few enough of them, and the present in the last one.
func TestWindowOfEveryRange(t *testing.T) {
	now := time.Date(2026, 11, 23, 14, 7, 33, 400e6, time.UTC)
	for _, r := range ranges {
		w := request{span: r.span}.window(now)
		if !w.start.Equal(w.from) || w.from.UnixMilli()%w.interval.Milliseconds() != 0 {
			t.Errorf("%s: begins at %v, which is no bound of buckets of %v", r.Value, w.from, w.interval)
		}
		if d := w.to.Sub(w.from); d < r.span || d >= r.span+w.interval+slotFor(r.span) {
			t.Errorf("%s: covers %v", r.Value, d)
		}
		if late := w.to.Sub(now); late <= 0 || late > slotFor(r.span) {
			t.Errorf("%s: ends %v after now", r.Value, late)
		}
		n := w.buckets()
		if n > maxBuckets+2 || n < 50 {
			t.Errorf("%s: %d buckets", r.Value, n)
		}
		last, incomplete := w.bucket(n - 1)
		if !incomplete || last.After(now) || !last.Add(w.interval).After(now) {
			t.Errorf("%s: the last bucket, of %v, is not the present one", r.Value, last)
		}
		if first, incomplete := w.bucket(0); incomplete || !first.Equal(w.from) {
			t.Errorf("%s: the first bucket, of %v, is not a whole one", r.Value, first)
		}
	}
}

func TestWindowOfFixedTimes(t *testing.T) {
	from := time.Date(2026, 11, 23, 10, 0, 30, 0, time.UTC)
	req := request{from: from, to: from.Add(time.Hour)}
	w := req.window(from.AddDate(0, 0, 1))
	if !w.from.Equal(from) || !w.to.Equal(req.to) || w.start.Second() != 0 || w.buckets() != 61 {
		t.Fatalf("got %+v with %d buckets", w, w.buckets())
	}
	for i, want := range map[int]bool{0: true, 1: false, 59: false, 60: true} {
		if _, got := w.bucket(i); got != want {
			t.Errorf("bucket %d: incomplete is %v, want %v", i, got, want)
		}
	}
	if _, incomplete := req.window(from.Add(30 * time.Minute)).bucket(40); !incomplete {
		t.Error("a bucket of the future counts as complete")
	}
}

func TestWindowIndex(t *testing.T) {
	w := request{span: time.Hour}.window(time.Date(2026, 11, 23, 14, 0, 0, 0, time.UTC))
	start := w.start.UnixMilli()
	for ms, want := range map[int64]int{start: 0, start + 60_000: 1, start + 60*60_000: 60} {
		if i, ok := w.index(ms); !ok || i != want {
			t.Errorf("index(start+%d) = %d, %v, want %d", ms-start, i, ok, want)
		}
	}
	for _, ms := range []int64{start - 60_000, start - 1, start + 61*60_000, 0} {
		if i, ok := w.index(ms); ok {
			t.Errorf("index(start%+d) = %d, want none", ms-start, i)
		}
	}
}

func TestFloorBefore1970(t *testing.T) {
	got := floor(time.UnixMilli(-1500), time.Second)
	if got.UnixMilli() != -2000 {
		t.Errorf("got %d", got.UnixMilli())
	}
}

// TestSlot holds that all who ask within a slot ask for the same times.
func TestSlot(t *testing.T) {
	req := request{span: time.Hour}
	at := time.Date(2026, 11, 23, 14, 7, 33, 0, time.UTC)
	if a, b := req.window(at), req.window(at.Add(999*time.Millisecond)); a != b {
		t.Errorf("%+v and %+v differ within a slot", a, b)
	}
	if a, b := req.window(at), req.window(at.Add(time.Second)); a == b {
		t.Error("the view does not move on")
	}
}
