package web

import "time"

// window is the time that a view covers, cut into buckets.
type window struct {
	from, to time.Time // from <= t < to
	now      time.Time // the end of the present slot; nothing later is known yet
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
const maxBuckets = 120

// intervalFor returns the shortest interval of the ladder that cuts a span into
// at most maxBuckets.
func intervalFor(span time.Duration) time.Duration {
	for _, step := range ladder {
		if span <= maxBuckets*step {
			return step
		}
	}
	return ladder[len(ladder)-1]
}

// slotFor is how long an answer serves everyone who asks for the same view: the
// longer the span, the less a second changes, and the more a search costs.
func slotFor(span time.Duration) time.Duration {
	switch {
	case span <= 24*time.Hour:
		return 2 * time.Second
	case span <= 7*24*time.Hour:
		return 5 * time.Second
	}
	return time.Minute
}

// window fixes the times of a view. A range that ends now begins with a whole
// bucket, and ends with the present slot rather than before it, so that it
// includes the newest change. Every is the length of a bucket, 0 to choose one.
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

// length returns how much time a view covers.
func (v view) length() time.Duration {
	if v.span > 0 {
		return v.span
	}
	return v.to.Sub(v.from)
}

// before returns the window of the same length just before, cut into the same
// buckets.
func (w window) before() window {
	shift := time.Duration(w.buckets()) * w.interval
	return window{
		from: w.from.Add(-shift), to: w.to.Add(-shift), start: w.start.Add(-shift),
		now: w.now, interval: w.interval,
	}
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

// complete returns how many buckets are over. A later one may still grow.
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
