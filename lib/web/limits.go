package web

import (
	"net"
	"net/http"
	"sync"
	"time"
)

// limits bounds what one client may use: requests, by a token bucket, and live
// streams.
type limits struct {
	live int // maximum number of live streams of one client

	mu      sync.Mutex
	clients map[string]*client
	swept   time.Time
}

type client struct {
	tokens float64
	seen   time.Time
	live   int
}

const (
	requestRate  = 20 // per second
	requestBurst = 60
	sweepEvery   = time.Minute
)

// limit rejects the requests of a client that asks too often.
func (d *Dashboard) limit(h http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !d.limits.allow(d.options.Client(r), time.Now()) {
			w.Header().Set("Retry-After", "1")
			http.Error(w, "too many requests", http.StatusTooManyRequests)
			return
		}
		h.ServeHTTP(w, r)
	})
}

// allow takes a token from a client's bucket.
func (l *limits) allow(address string, now time.Time) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	c := l.client(address, now)
	c.tokens = min(requestBurst, c.tokens+requestRate*now.Sub(c.seen).Seconds())
	c.seen = now
	if c.tokens < 1 {
		return false
	}
	c.tokens--
	return true
}

// client returns the state of a client. It drops idle clients.
func (l *limits) client(address string, now time.Time) *client {
	if l.clients == nil {
		l.clients = make(map[string]*client)
	}
	if now.Sub(l.swept) > sweepEvery {
		for a, c := range l.clients {
			if c.live == 0 && now.Sub(c.seen) > sweepEvery {
				delete(l.clients, a)
			}
		}
		l.swept = now
	}
	c, ok := l.clients[address]
	if !ok {
		c = &client{tokens: requestBurst, seen: now}
		l.clients[address] = c
	}
	return c
}

// open counts a live stream of a client, unless it has too many.
func (l *limits) open(address string) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	c := l.client(address, time.Now())
	if c.live >= l.live {
		return false
	}
	c.live++
	return true
}

func (l *limits) close(address string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.client(address, time.Now()).live--
}

// connectionAddress returns the address of the client, without the port.
func connectionAddress(r *http.Request) string {
	host, _, err := net.SplitHostPort(r.RemoteAddr)
	if err != nil {
		return r.RemoteAddr
	}
	return host
}
