package web

import (
	"context"
	"sync"
	"time"
)

// answers keeps the newest answers, so that all who look at the same view cost
// one search. A key holds the slot of time that it is for, so an answer never
// has to be aged: it is asked for in its slot, and then no more.
type answers struct {
	mu    sync.Mutex
	byKey map[string]*pending
	keys  []string // oldest first
}

// pending is an answer that may not be there yet.
type pending struct {
	done chan struct{} // closed when the rest is set
	body content
	err  error
}

// maxAnswers bounds the memory; an answer takes about 40 kB.
const maxAnswers = 64

// patience is how long a search may take in all.
const patience = 15 * time.Second

func newAnswers() *answers { return &answers{byKey: make(map[string]*pending)} }

// get returns the answer for a key and makes it if nobody has. Making it goes
// on when the one who asked first has gone: others wait for it. A failure goes
// to all who wait, and is not kept.
func (a *answers) get(ctx context.Context, key string, mk func(context.Context) (content, error)) (content, error) {
	p, first := a.find(key)
	if first {
		work, cancel := context.WithTimeout(context.WithoutCancel(ctx), patience)
		go func() {
			defer cancel()
			p.body, p.err = mk(work)
			if p.err != nil {
				a.forget(key)
			}
			close(p.done)
		}()
	}
	select {
	case <-p.done:
		return p.body, p.err
	case <-ctx.Done():
		return content{}, ctx.Err()
	}
}

// find returns the answer for a key, and whether the caller has to make it.
func (a *answers) find(key string) (p *pending, first bool) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if p, ok := a.byKey[key]; ok {
		return p, false
	}
	if len(a.keys) == maxAnswers {
		delete(a.byKey, a.keys[0])
		a.keys = a.keys[1:]
	}
	p = &pending{done: make(chan struct{})}
	a.byKey[key] = p
	a.keys = append(a.keys, key)
	return p, true
}

// forget drops an answer that failed. Its key stays in line, which at worst
// makes room one answer too early.
func (a *answers) forget(key string) {
	a.mu.Lock()
	defer a.mu.Unlock()
	delete(a.byKey, key)
}
