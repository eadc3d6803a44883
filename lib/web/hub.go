package web

import (
	"context"
	"encoding/json"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/wmtools/wm/lib/es/query"
	"github.com/wmtools/wm/lib/event"
)

// hubs poll the newest documents of the streams that clients watch: one poller
// for each stream, however many clients there are.
type hubs struct {
	poll    func(ctx context.Context, stream string, newest time.Time) (polled, error)
	dropped *atomic.Int64 // counts watchers that were too slow

	mu       sync.Mutex
	byStream map[string]*hub
	closed   bool
}

// hub passes the new changes of a stream to all its watchers.
type hub struct {
	stop     context.CancelFunc
	dropped  *atomic.Int64
	mu       sync.Mutex
	watchers map[*watcher]struct{}
}

// watcher receives new changes. batches is closed if the watcher is too slow, or when
// the dashboard closes.
type watcher struct {
	batches chan batch
}

// batch is what is new since the last poll.
type batch struct {
	changes []change
	missed  int // changes that were not read, because there were too many
}

// change is a new change: the stored document, and the row in JSON, encoded once for
// all watchers.
type change struct {
	line, row []byte
}

const (
	pollEvery = 500 * time.Millisecond
	// pollOverlap is how much older than the newest change a new one may be:
	// documents are not indexed in the order of their times.
	pollOverlap = 5 * time.Second
	// pollAhead is how far in the future, by this machine's clock, a change may be. A
	// later one would be the newest for as long, and hide the changes after it.
	pollAhead = 5 * time.Second
	// pollSize is how many documents are read at most.
	pollSize = 500
	// maxQueued is how many batches may wait for a watcher.
	maxQueued = 8
	// longestPause is the longest time between polls while the server fails.
	longestPause = 8 * time.Second
)

// watch adds a watcher of a stream, or returns nil after close.
func (h *hubs) watch(stream string) *watcher {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.closed {
		return nil
	}
	one := h.byStream[stream]
	if one == nil {
		ctx, cancel := context.WithCancel(context.Background())
		one = &hub{stop: cancel, dropped: h.dropped, watchers: make(map[*watcher]struct{})}
		if h.byStream == nil {
			h.byStream = make(map[string]*hub)
		}
		h.byStream[stream] = one
		go one.run(ctx, func(newest time.Time) (polled, error) { return h.poll(ctx, stream, newest) })
	}
	w := &watcher{make(chan batch, maxQueued)}
	one.mu.Lock()
	one.watchers[w] = struct{}{}
	one.mu.Unlock()
	return w
}

// leave removes a watcher, and stops the poller after the last one.
func (h *hubs) leave(stream string, w *watcher) {
	h.mu.Lock()
	defer h.mu.Unlock()
	one := h.byStream[stream]
	if one == nil {
		return
	}
	one.mu.Lock()
	delete(one.watchers, w)
	empty := len(one.watchers) == 0
	one.mu.Unlock()
	if empty {
		one.stop()
		delete(h.byStream, stream)
	}
}

func (h *hubs) close() {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.closed = true
	for _, one := range h.byStream {
		one.stop()
		one.drop(func(*watcher) bool { return true })
	}
	h.byStream = nil
}

// run polls until ctx is done.
func (h *hub) run(ctx context.Context, poll func(newest time.Time) (polled, error)) {
	seen := newSeen()
	pause := pollEvery
	for {
		found, err := poll(seen.newest)
		switch {
		case err != nil:
			pause = min(2*pause, longestPause)
		default:
			pause = pollEvery
			h.send(seen.fresh(found))
		}
		select {
		case <-ctx.Done():
			return
		case <-time.After(pause):
		}
	}
}

// send sends a batch to every watcher. It drops a watcher that lags instead of
// waiting for it.
func (h *hub) send(b batch) {
	if len(b.changes) == 0 {
		return
	}
	h.drop(func(w *watcher) bool {
		select {
		case w.batches <- b:
			return false
		default:
			h.dropped.Add(1)
			return true
		}
	})
}

// drop closes the watchers for which slow returns true.
func (h *hub) drop(slow func(*watcher) bool) {
	h.mu.Lock()
	defer h.mu.Unlock()
	for w := range h.watchers {
		if slow(w) {
			close(w.batches)
			delete(h.watchers, w)
		}
	}
}

// seen records which documents were sent to watchers.
type seen struct {
	newest time.Time // of the documents; zero before the first poll
	ids    map[string]time.Time
}

func newSeen() *seen { return &seen{ids: make(map[string]time.Time)} }

// fresh returns the changes among the newest documents that have not been sent yet,
// oldest first. The first poll returns none: the page already has what exists then.
func (s *seen) fresh(found polled) batch {
	before := s.newest
	missed := found.newer
	var list []change
	for _, hit := range found.hits {
		e := event.New(hit.Source)
		at := e.IndexTime()
		if _, known := s.ids[hit.ID]; known {
			continue
		}
		s.ids[hit.ID] = at
		if at.After(before) {
			missed--
		}
		if at.After(s.newest) {
			s.newest = at
		}
		if before.IsZero() {
			continue
		}
		row, err := json.Marshal(newRow(hit.ID, e))
		if err == nil {
			list = append(list, change{hit.Source, row})
		}
	}
	s.forget()
	slices.Reverse(list) // hits are newest first
	return batch{list, max(0, missed)}
}

// forget drops the ids that no poll will return again.
func (s *seen) forget() {
	for id, at := range s.ids {
		if at.Before(s.newest.Add(-2 * pollOverlap)) {
			delete(s.ids, id)
		}
	}
}

// polled is the result of a poll.
type polled struct {
	hits  []query.Hit // the newest documents, at most pollSize
	newer int         // how many are newer than the results of the previous poll
}

// poll reads the newest documents of a stream. newest is the time of the newest one of
// the poll before, or zero.
func (d *Dashboard) poll(ctx context.Context, stream string, newest time.Time) (polled, error) {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	s := source{d.options.Index, stream}
	index, err := s.index()
	if err != nil {
		return polled{}, err
	}
	search := query.Search{Size: pollSize, Sort: newestFirst(), Timeout: answerTimeout}
	end := d.options.Now().Add(pollAhead)
	if newest.IsZero() {
		search.Query = s.filter(emptyQuery, zero, end)
	} else {
		search.Query = s.filter(emptyQuery, newest.Add(-pollOverlap), end)
		search.Aggs = aggs{"newer": matching(query.Clause{Range: map[string]query.Range{timeField: {GT: millis(newest)}}})}
	}
	found, err := d.msearch(ctx, index, []query.Search{search})
	if err == nil {
		err = found[0].Err
	}
	if err != nil {
		if ctx.Err() == nil {
			d.options.OnError(err)
		}
		return polled{}, err
	}
	return polled{found[0].Hits.Hits, int(found[0].Aggs["newer"].Count)}, nil
}
