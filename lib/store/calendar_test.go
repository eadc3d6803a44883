package store

import (
	"testing"
	"time"
)

// Buckets of local time cover all times around changes of the clock, each time in
// the bucket that bucket returns for its start.
func TestBucketsAcrossClockChanges(t *testing.T) {
	for _, name := range []string{"America/New_York", "Europe/Berlin", "Australia/Lord_Howe", "Asia/Kolkata", "Africa/Casablanca"} {
		zone, err := time.LoadLocation(name)
		if err != nil {
			t.Fatal(err)
		}
		for _, minutes := range []int64{1, 7, 30, 60, 90, 180, 720, 1440, 4320} {
			r := rounding{width: minutes * 60_000, zone: zone}
			start, next := r.bucket(time.Date(2026, 2, 1, 0, 0, 0, 0, time.UTC).UnixMilli())
			const step = 7 * 60_000
			for ms := start; ms < time.Date(2026, 11, 20, 0, 0, 0, 0, time.UTC).UnixMilli(); ms += step {
				for ms >= next {
					before := next
					start, next = r.bucket(next)
					if start != before || next <= start {
						t.Fatalf("%s, %d minutes: the bucket of the start %d is %d to %d", name, minutes, before, start, next)
					}
				}
				if s, n := r.bucket(ms); s != start || n != next {
					t.Fatalf("%s, %d minutes: the bucket of %d is %d to %d, not %d to %d", name, minutes, ms, s, n, start, next)
				}
			}
		}
	}
}

// What Elasticsearch 8.19 answers.
func TestBucketAcrossTheStartOfSummerTime(t *testing.T) {
	zone, err := time.LoadLocation("America/New_York")
	if err != nil {
		t.Fatal(err)
	}
	r := rounding{width: 12 * 3_600_000, zone: zone}
	event := time.Date(2026, 3, 8, 10, 0, 0, 0, time.UTC).UnixMilli()
	if start, next := r.bucket(event); start != 1772946000000 || next != time.Date(2026, 3, 8, 16, 0, 0, 0, time.UTC).UnixMilli() {
		t.Errorf("got %d to %d", start, next)
	}
}
