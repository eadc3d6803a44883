package service

import (
	"errors"
	"maps"
	"net"
	"net/http"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/wmtools/wm/lib/simulate"
)

// Options configure a Service. The zero value has no faults and waits at the end
// of the log for more events.
type Options struct {
	// Faults returns what goes wrong on each connection that requests a stream;
	// they are numbered from 1. It is called from many goroutines.
	Faults func(n int, r *http.Request) Fault
	// Finite ends each response cleanly at the end of the log.
	Finite bool
	// LineByLine writes every line of a frame separately even while the client
	// catches up, as the service does. It is several times slower.
	LineByLine bool
	// MaxPerClient is the number of streams that one client address may have open;
	// 0: no limit.
	MaxPerClient int
	// Retain is the minimum number of events kept; 0: all.
	Retain int
	// Now is the clock for the Date header; default time.Now.
	Now func() time.Time
}

// Service looks like https://stream.wikimedia.org to a client. It serves the
// events that are appended to it. It is an http.Handler and safe for concurrent
// use.
type Service struct {
	config      Options
	log         *eventLog
	mux         *http.ServeMux
	connections atomic.Int64

	mu     sync.Mutex
	active map[string]int // streams open, by client
}

// knownStreams are the streams that the service offers without any event.
var knownStreams = []string{
	"eventgate-main.test.event",
	"mediawiki.page-create", "mediawiki.page-delete", "mediawiki.page-links-change", "mediawiki.page-move",
	"mediawiki.page-properties-change", "mediawiki.page-undelete", "mediawiki.page_change.v1",
	"mediawiki.page_revert_risk_prediction_change.v1",
	"mediawiki.recentchange", "mediawiki.revision-create", "mediawiki.revision-tags-change",
	"mediawiki.revision-visibility-change",
}

// aliases are short names of streams.
var aliases = map[string]string{
	"page-create": "mediawiki.page-create", "page-delete": "mediawiki.page-delete",
	"page-links-change": "mediawiki.page-links-change", "page-move": "mediawiki.page-move",
	"page-properties-change": "mediawiki.page-properties-change", "page-undelete": "mediawiki.page-undelete",
	"recentchange": "mediawiki.recentchange", "revision-create": "mediawiki.revision-create",
	"test": "eventgate-main.test.event",
}

// New returns a service with an empty log.
func New(c Options) *Service {
	if c.Now == nil {
		c.Now = time.Now
	}
	if c.Faults == nil {
		c.Faults = Cycle()
	}
	s := &Service{config: c, log: newEventLog(c.Retain), mux: http.NewServeMux(), active: map[string]int{}}
	s.mux.HandleFunc("GET /v2/stream/{streams}", s.stream)
	s.mux.HandleFunc("GET /{$}", s.root)
	s.mux.Handle("GET /rc", http.RedirectHandler("/?doc", http.StatusMovedPermanently))
	s.mux.HandleFunc("GET /robots.txt", robots)
	return s
}

// Append adds events at the end of the log. Clients that wait there get them
// at once. The service keeps their Data.
func (s *Service) Append(events ...simulate.Event) { s.log.append(events) }

// Events returns the events in the log, in its order. They are shared with the
// service and must not be changed.
func (s *Service) Events() []simulate.Event {
	events, _ := s.log.all()
	return events
}

// Connections returns the number of requests for a stream.
func (s *Service) Connections() int { return int(s.connections.Load()) }

// ServeHTTP responds as the service and the edge in front of it do.
func (s *Service) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	h := w.Header()
	h.Set("Date", s.config.Now().UTC().Format(http.TimeFormat))
	if generic(r.UserAgent()) {
		h.Set("Content-Type", "text/plain; charset=utf-8")
		w.WriteHeader(http.StatusForbidden)
		_, _ = w.Write([]byte("Please set a user-agent and respect our robot policy https://w.wiki/4wJS. See also T400119.\n"))
		return
	}
	h.Set("Access-Control-Allow-Origin", "*")
	h.Set("Access-Control-Allow-Headers", "accept, x-requested-with, content-type")
	h.Set("Access-Control-Expose-Headers", "etag")
	h.Set("X-Content-Type-simulate.Options", "nosniff")
	s.mux.ServeHTTP(w, r)
}

// genericAgents are prefixes of the default User-Agent of libraries. The service
// requires one that names the client.
var genericAgents = []string{"Go-http-client/", "python-requests/", "Python-urllib/", "Java/", "okhttp/"}

func generic(agent string) bool {
	return agent == "" || slices.ContainsFunc(genericAgents, func(prefix string) bool { return strings.HasPrefix(agent, prefix) })
}

// stream serves one or more streams. The order of the checks is the service's.
func (s *Service) stream(w http.ResponseWriter, r *http.Request) {
	fault := s.config.Faults(int(s.connections.Add(1)), r)
	if fault.answer(w, r) {
		return
	}
	leave, ok := s.enter(r)
	if !ok {
		tooMany(r).write(w)
		return
	}
	defer leave()
	ids, refused := s.position(r)
	if refused != nil {
		refused.write(w)
		return
	}
	c := &connection{service: s, w: w, flusher: http.NewResponseController(w), ids: ids, fault: fault}
	c.ndjson = contentType(w.Header(), r.Header)
	if err := c.serve(r.Context()); errors.Is(err, errFault) {
		c.end(r.Context())
	}
}

// position returns what a request asks for, and from where.
func (s *Service) position(r *http.Request) (identity, *refusal) {
	topics, unknown := s.topics(strings.Split(r.PathValue("streams"), ","))
	if unknown != nil {
		return nil, unknownStreams(r, unknown)
	}
	values := r.URL.Query()["since"]
	since, ok := parseSince(values)
	if !ok {
		return nil, invalidSince(r, values)
	}
	return s.assign(r, topics, since)
}

// topics returns the topics of streams, each once, and the unknown names.
func (s *Service) topics(names []string) (topics, unknown []string) {
	for _, name := range names {
		stream := name
		if full, ok := aliases[name]; ok {
			stream = full
		}
		list, ok := s.log.knows(stream)
		if !ok {
			unknown = append(unknown, name)
		}
		for _, topic := range list {
			if !slices.Contains(topics, topic) {
				topics = append(topics, topic)
			}
		}
	}
	return topics, unknown
}

// enter counts a connection of a client until leave is called.
func (s *Service) enter(r *http.Request) (leave func(), ok bool) {
	client := r.Header.Get("X-Client-IP")
	if client == "" {
		client, _, _ = net.SplitHostPort(r.RemoteAddr)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if limit := s.config.MaxPerClient; limit > 0 && s.active[client] >= limit {
		return nil, false
	}
	s.active[client]++
	return func() {
		s.mu.Lock()
		defer s.mu.Unlock()
		if s.active[client]--; s.active[client] == 0 {
			delete(s.active, client)
		}
	}, true
}

// contentType sets the headers of a stream and reports whether the client wants
// NDJSON rather than frames.
func contentType(answer, request http.Header) (ndjson bool) {
	kind := "text/event-stream"
	if accept := request.Values("Accept"); len(accept) > 0 {
		kind = "text/event-stream; charset=utf-8"
		if ndjson = strings.HasPrefix(accept[0], "application/json"); ndjson {
			kind = "application/json; charset=utf-8"
		}
	}
	answer.Set("Content-Type", kind)
	answer.Set("Cache-Control", "no-cache")
	answer.Set("Connection", "keep-alive")
	return ndjson
}

// names returns all names of streams, including aliases.
func (s *Service) names() []string {
	names := append(s.log.streams(), slices.Collect(maps.Keys(aliases))...)
	slices.Sort(names)
	return names
}
