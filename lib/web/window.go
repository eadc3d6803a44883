package web

import "time"

// window is the time that a view covers, cut into buckets.
type window struct {
	from, to time.Time // from <= t < to
	now      time.Time // the end of the present slot: nothing later is known yet
	start    time.Time // of the first bucket, <= from
	interval time.Duration
}

// ladder holds the intervals that divide clock faces and days, so that the
// bounds of buckets are round times.
var ladder = []time.Duration{
	time.Second, 5 * time.Second, 10 * time.Second, 30 * time.Second,
	time.Minute, 2 * time.Minute, 5 * time.Minute, 10 * time.Minute, 15 * time.Minute, 30 * time.Minute,
	time.Hour, 2 * time.Hour, 3 * time.Hour, 6 * time.Hour, 12 * time.Hour,
	24 * time.Hour, 7 * 24 * time.Hour, 28 * 24 * time.Hour, 56 * 24 * time.Hour,
}

// maxBuckets is about as many bars as can be told apart on a screen.
const maxBuckets = 100

// intervalFor returns the shortest interval of the ladder that cuts a span
// into at most maxBuckets.
func intervalFor(span time.Duration) time.Duration {
	for _, step := range ladder {
		if span <= maxBuckets*step {
			return step
		}
	}
	return ladder[len(ladder)-1]
}

// slotFor is how long an answer serves all who ask for the same view: the
// longer the span, the less a second changes, and the more a search costs.
func slotFor(span time.Duration) time.Duration {
	switch {
	case span <= time.Hour:
		return time.Second
	case span <= 24*time.Hour:
		return 2 * time.Second
	}
	return 5 * time.Second
}

// window fixes the times of a view. A range that ends now begins with a whole
// bucket, and ends with the present slot rather than before it, so that the
// newest change is in.
func (req request) window(now time.Time) window {
	span := req.span
	if span == 0 {
		span = req.to.Sub(req.from)
	}
	w := window{from: req.from, to: req.to, interval: intervalFor(span)}
	slot := slotFor(span)
	w.now = now.UTC().Truncate(slot).Add(slot)
	if req.span > 0 {
		w.to = w.now
		w.from = floor(w.to.Add(-span), w.interval)
	}
	w.start = floor(w.from, w.interval)
	return w
}

// floor rounds a time down to a multiple of d since 1970, where Elasticsearch
// cuts too; Truncate counts from the year 1.
func floor(t time.Time, d time.Duration) time.Time {
	ms, step := t.UnixMilli(), d.Milliseconds()
	rest := ms % step
	if rest < 0 {
		rest += step
	}
	return time.UnixMilli(ms - rest).UTC()
}

// buckets returns how many buckets the window has.
func (w window) buckets() int {
	return int((w.to.Sub(w.start) + w.interval - 1) / w.interval)
}

// index returns the bucket that begins at a time in milliseconds since 1970.
func (w window) index(ms int64) (int, bool) {
	i := (ms - w.start.UnixMilli()) / w.interval.Milliseconds()
	return int(i), ms >= w.start.UnixMilli() && i < int64(w.buckets())
}

// bucket returns the begin of a bucket, and whether it is incomplete: cut off
// by a bound of the window, or not over yet.
func (w window) bucket(i int) (begin time.Time, incomplete bool) {
	begin = w.start.Add(time.Duration(i) * w.interval)
	end := begin.Add(w.interval)
	return begin, begin.Before(w.from) || end.After(w.to) || end.After(w.now)
}
