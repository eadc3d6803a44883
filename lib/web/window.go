package web

import "time"

// window is the time range of a view, divided into buckets.
type window struct {
	from, to time.Time // from <= t < to
	now      time.Time // the end of the current slot; there is no later data
	start    time.Time // of the first bucket, <= from
	interval time.Duration
}

// ladder holds the intervals that divide hours and days, so that buckets begin at
// round times.
var ladder = []time.Duration{
	time.Second, 5 * time.Second, 10 * time.Second, 30 * time.Second,
	time.Minute, 2 * time.Minute, 5 * time.Minute, 10 * time.Minute, 15 * time.Minute, 30 * time.Minute,
	time.Hour, 2 * time.Hour, 3 * time.Hour, 6 * time.Hour, 12 * time.Hour,
	24 * time.Hour, 7 * 24 * time.Hour, 28 * 24 * time.Hour, 56 * 24 * time.Hour,
}

// maxBuckets is about as many bars as can be distinguished on a screen.
const maxBuckets = 120

// intervalFor returns the shortest interval of the ladder that divides a span into at
// most maxBuckets.
func intervalFor(span time.Duration) time.Duration {
	for _, step := range ladder {
		if span <= maxBuckets*step {
			return step
		}
	}
	return ladder[len(ladder)-1]
}

// slotFor returns how long an answer for a view is cached. The longer the span, the
// less a second matters, and the more a search costs.
func slotFor(span time.Duration) time.Duration {
	switch {
	case span <= 24*time.Hour:
		return 2 * time.Second
	case span <= 7*24*time.Hour:
		return 5 * time.Second
	}
	return time.Minute
}

// window returns the window of a view. A range that ends now begins with a whole
// bucket, and ends with the current slot rather than before it, so that it includes
// the newest change. every is the length of a bucket; 0 chooses one.
func (v view) window(now time.Time, every time.Duration) window {
	span := v.length()
	w := window{from: v.from, to: v.to, interval: every}
	if every == 0 || span/every > 10*maxBuckets {
		w.interval = intervalFor(span)
	}
	slot := slotFor(span)
	w.now = now.UTC().Truncate(slot).Add(slot)
	if v.span > 0 {
		w.to = w.now
		w.from = floor(w.to.Add(-span), w.interval)
	}
	w.start = floor(w.from, w.interval)
	return w
}

// length returns the length of a view's time range.
func (v view) length() time.Duration {
	if v.span > 0 {
		return v.span
	}
	return v.to.Sub(v.from)
}

// before returns the previous window of the same length, with the same number of
// buckets.
func (w window) before() window {
	shift := time.Duration(w.buckets()) * w.interval
	return window{
		from: w.from.Add(-shift), to: w.to.Add(-shift), start: w.start.Add(-shift),
		now: w.now, interval: w.interval,
	}
}

// floor rounds a time down to a multiple of d since 1970, as Elasticsearch does;
// Truncate counts from the year 1.
func floor(t time.Time, d time.Duration) time.Time {
	ms, step := t.UnixMilli(), d.Milliseconds()
	rest := ms % step
	if rest < 0 {
		rest += step
	}
	return time.UnixMilli(ms - rest).UTC()
}

// buckets returns the number of buckets of the window.
func (w window) buckets() int {
	return int((w.to.Sub(w.start) + w.interval - 1) / w.interval)
}

// complete returns the number of buckets that are over. Later ones may still grow.
func (w window) complete() int {
	end := w.to
	if w.now.Before(end) {
		end = w.now
	}
	return max(0, min(w.buckets(), int(end.Sub(w.start)/w.interval)))
}

// index returns the bucket that starts at a time in milliseconds since 1970.
func (w window) index(ms int64) (int, bool) {
	i := (ms - w.start.UnixMilli()) / w.interval.Milliseconds()
	return int(i), ms >= w.start.UnixMilli() && i < int64(w.buckets())
}

// bucket returns the part of bucket i that is in the window.
func (w window) bucket(i int) (from, to time.Time) {
	from = w.start.Add(time.Duration(i) * w.interval)
	to = from.Add(w.interval)
	if from.Before(w.from) {
		from = w.from
	}
	if to.After(w.to) {
		to = w.to
	}
	return from, to
}

// times is a window as JSON, in milliseconds.
type times struct {
	From     int64 `json:"from"` // from <= t < to
	To       int64 `json:"to"`
	Start    int64 `json:"start"` // of the first bucket
	Interval int64 `json:"interval"`
	Buckets  int   `json:"buckets"`
	Complete int   `json:"complete"` // buckets that are over
}

func (w window) json() times {
	return times{w.from.UnixMilli(), w.to.UnixMilli(), w.start.UnixMilli(), w.interval.Milliseconds(), w.buckets(), w.complete()}
}
