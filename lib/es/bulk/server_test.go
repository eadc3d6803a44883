package bulk

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"net"
	"net/http"
	"net/http/httptest"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/wmtools/wm/lib/es"
)

// server is an Elasticsearch that stores documents and fails on demand, over a real
// HTTP connection.
type server struct {
	*httptest.Server
	t *testing.T

	mu       sync.Mutex
	docs     map[string]string // "index/id": source
	requests [][]string        // ids in each complete bulk request
	faults   []fault           // for the next requests; nil: none
	always   fault             // for all others
}

// fault answers a request differently. apply writes the new documents and returns
// the outcome of each.
type fault func(w http.ResponseWriter, apply func(...refusal) []outcome)

// refusal returns a special outcome for a document, or nil.
type refusal func(sent) *outcome

type sent struct{ index, id, source string }

// outcome of one document; a status below 300 has no error.
type outcome struct {
	status       int
	kind, reason string
}

func newServer(t *testing.T, faults ...fault) *server {
	s := &server{t: t, docs: map[string]string{}, faults: faults}
	s.Server = httptest.NewServer(s)
	t.Cleanup(s.Close)
	return s
}

func (s *server) client() *es.Client {
	s.t.Helper()
	c, err := es.New(es.Options{URLs: []string{s.URL}})
	if err != nil {
		s.t.Fatal(err)
	}
	return c
}

func (s *server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return // the client hung up
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	docs := s.parse(r, body)
	f := s.always
	if len(s.faults) > 0 {
		f, s.faults = s.faults[0], s.faults[1:]
	}
	apply := func(refusals ...refusal) []outcome { return s.apply(docs, refusals) }
	if f != nil {
		f(w, apply)
		return
	}
	respond(w, apply())
}

// parse reads a body as strictly as Elasticsearch does.
func (s *server) parse(r *http.Request, body []byte) (docs []sent) {
	if r.Method != "POST" || r.URL.Path != "/_bulk" || r.Header.Get("Content-Type") != "application/x-ndjson" || r.ContentLength != int64(len(body)) {
		s.t.Errorf("request %s %s %v", r.Method, r.URL, r.Header)
	}
	// Elasticsearch omits what is not named here.
	if filter := strings.Split(r.URL.Query().Get("filter_path"), ","); !slices.Contains(filter, "items.*.status") || !slices.Contains(filter, "items.*.error") {
		s.t.Errorf("filter %q", filter)
	}
	lines := bytes.Split(body, []byte("\n"))
	if len(lines)%2 != 1 || len(lines[len(lines)-1]) != 0 {
		s.t.Errorf("body of %d lines, the last %q", len(lines), lines[len(lines)-1])
		return nil
	}
	var ids []string
	for i := 0; i+1 < len(lines); i += 2 {
		var action struct {
			Create struct {
				Index string `json:"_index"`
				ID    string `json:"_id"`
			} `json:"create"`
		}
		if err := json.Unmarshal(lines[i], &action); err != nil || !json.Valid(lines[i+1]) {
			s.t.Errorf("not a document: %q, %q", lines[i], lines[i+1])
		}
		docs = append(docs, sent{action.Create.Index, action.Create.ID, string(lines[i+1])})
		ids = append(ids, action.Create.ID)
	}
	s.requests = append(s.requests, ids)
	return docs
}

func (s *server) apply(docs []sent, refusals []refusal) (out []outcome) {
	for _, d := range docs {
		out = append(out, s.create(d, refusals))
	}
	return out
}

func (s *server) create(d sent, refusals []refusal) outcome {
	for _, refuse := range refusals {
		if o := refuse(d); o != nil {
			return *o
		}
	}
	key := d.index + "/" + d.id
	if _, there := s.docs[key]; there {
		return outcome{409, "version_conflict_engine_exception", "document already exists"}
	}
	s.docs[key] = d.source
	return outcome{status: 201}
}

func respond(w http.ResponseWriter, outcomes []outcome) {
	w.Header().Set("Content-Type", "application/json")
	_, _ = w.Write(answerBody(outcomes))
}

func answerBody(outcomes []outcome) []byte {
	b := []byte(`{"took":1,"errors":true,"items":[`)
	for i, o := range outcomes {
		if i > 0 {
			b = append(b, ',')
		}
		if o.status < 300 {
			b = fmt.Appendf(b, `{"create":{"status":%d}}`, o.status)
		} else {
			b = fmt.Appendf(b, `{"create":{"status":%d,"error":{"type":%q,"reason":%q}}}`, o.status, o.kind, o.reason)
		}
	}
	return append(b, "]}"...)
}

// The ways in which a request can fail.

// hangUp resets the connection before or after the documents are written.
func hangUp(after bool) fault {
	return func(w http.ResponseWriter, apply func(...refusal) []outcome) {
		if after {
			apply()
		}
		conn, _, err := w.(http.Hijacker).Hijack()
		if err != nil {
			panic(err)
		}
		_ = conn.(*net.TCPConn).SetLinger(0) // a reset, not an orderly end
		_ = conn.Close()
	}
}

// cutAnswer writes the documents and half of the answer.
func cutAnswer(w http.ResponseWriter, apply func(...refusal) []outcome) {
	body := answerBody(apply())
	w.Header().Set("Content-Length", strconv.Itoa(len(body)))
	_, _ = w.Write(body[:len(body)/2])
	panic(http.ErrAbortHandler)
}

// wrongAnswer writes the documents and answers something else.
func wrongAnswer(text string) fault {
	return func(w http.ResponseWriter, apply func(...refusal) []outcome) {
		apply()
		_, _ = io.WriteString(w, text)
	}
}

// blankAnswer writes the documents and omits the outcome of the last.
func blankAnswer(w http.ResponseWriter, apply func(...refusal) []outcome) {
	out := apply()
	out[len(out)-1].status = 0
	respond(w, out)
}

// shortAnswer writes the documents and leaves one out of the answer.
func shortAnswer(w http.ResponseWriter, apply func(...refusal) []outcome) {
	respond(w, apply()[1:])
}

// status refuses the whole request.
func status(code int, body string, header ...string) fault {
	return func(w http.ResponseWriter, _ func(...refusal) []outcome) {
		for i := 0; i+1 < len(header); i += 2 {
			w.Header().Set(header[i], header[i+1])
		}
		w.WriteHeader(code)
		_, _ = io.WriteString(w, body)
	}
}

// esError is the body of Elasticsearch's own refusals.
func esError(code int, kind, reason string) string {
	return fmt.Sprintf(`{"error":{"root_cause":[],"type":%q,"reason":%q},"status":%d}`, kind, reason, code)
}

// fail gives the documents with these ids the outcome o and writes the rest.
func fail(o outcome, ids ...string) fault {
	return func(w http.ResponseWriter, apply func(...refusal) []outcome) {
		respond(w, apply(func(d sent) *outcome {
			if len(ids) == 0 || slices.Contains(ids, d.id) {
				return &o
			}
			return nil
		}))
	}
}

// atMost refuses bodies with more than n documents, like a server that limits their
// size.
func (s *server) atMost(n int) fault {
	return func(w http.ResponseWriter, apply func(...refusal) []outcome) {
		if len(s.requests[len(s.requests)-1]) > n {
			status(http.StatusRequestEntityTooLarge, "too large")(w, apply)
			return
		}
		respond(w, apply())
	}
}

func (s *server) stored() map[string]string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return maps.Clone(s.docs)
}
