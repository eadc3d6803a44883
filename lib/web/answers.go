package web

import (
	"container/list"
	"context"
	"sync"
	"sync/atomic"
	"time"

	"golang.org/x/sync/singleflight"
)

// answers keeps the newest answers, so that everyone who looks at the same view
// costs one search. A key includes the slot of time that it is for, so an answer
// never has to expire: later requests have another key.
type answers struct {
	flights singleflight.Group
	kept    lru[[]byte]
	hits    *atomic.Int64
}

const (
	maxAnswers = 256
	// maxPages bounds the cached pages of single searches, some of which are used for
	// an hour.
	maxPages = 512
	// patience is the maximum time for all searches of an answer.
	patience = 15 * time.Second
)

func newAnswers(hits *atomic.Int64) *answers {
	return &answers{kept: lru[[]byte]{size: maxAnswers}, hits: hits}
}

// get returns the answer for a key, and makes it if it is missing. Making it
// goes on when the first client has gone, because others may wait for it. A
// failure goes to everyone who waits, and is not kept.
func (a *answers) get(ctx context.Context, key string, mk func(context.Context) ([]byte, error)) ([]byte, error) {
	if c, ok := a.kept.get(key); ok {
		a.hits.Add(1)
		return c, nil
	}
	flight := a.flights.DoChan(key, func() (any, error) {
		work, cancel := context.WithTimeout(context.WithoutCancel(ctx), patience)
		defer cancel()
		c, err := mk(work)
		if err == nil {
			a.kept.put(key, c)
		}
		return c, err
	})
	select {
	case r := <-flight:
		c, _ := r.Val.([]byte)
		return c, r.Err
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// lru keeps the most recently used values. It is safe for concurrent use.
type lru[V any] struct {
	size int

	mu    sync.Mutex
	order list.List // of entries, the most recently used first
	byKey map[string]*list.Element
}

type entry[V any] struct {
	key   string
	value V
}

func (l *lru[V]) get(key string) (v V, ok bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	e, ok := l.byKey[key]
	if !ok {
		return v, false
	}
	l.order.MoveToFront(e)
	return e.Value.(entry[V]).value, true
}

func (l *lru[V]) put(key string, v V) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.byKey == nil {
		l.byKey = make(map[string]*list.Element)
	}
	if e, ok := l.byKey[key]; ok {
		l.order.Remove(e)
	} else if l.order.Len() == l.size {
		oldest := l.order.Back()
		l.order.Remove(oldest)
		delete(l.byKey, oldest.Value.(entry[V]).key)
	}
	l.byKey[key] = l.order.PushFront(entry[V]{key, v})
}
