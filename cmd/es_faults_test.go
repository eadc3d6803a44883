package cmd_test

import (
	"bytes"
	"io"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/wmtools/wm/cmd/internal/cmdtest"
)

// fault disturbs a bulk request. pass forwards it to the server.
type fault func(w http.ResponseWriter, r *http.Request, pass http.Handler)

var faults = map[string]fault{
	"reset before the request is through": func(w http.ResponseWriter, _ *http.Request, _ http.Handler) { hangUpOn(w) },
	"reset when it is written": func(w http.ResponseWriter, r *http.Request, pass http.Handler) {
		pass.ServeHTTP(httptest.NewRecorder(), r)
		hangUpOn(w)
	},
	"answer cut short": func(w http.ResponseWriter, r *http.Request, pass http.Handler) {
		answer := httptest.NewRecorder()
		pass.ServeHTTP(answer, r)
		for name, values := range answer.Header() {
			w.Header()[name] = values
		}
		_, _ = w.Write(answer.Body.Bytes()[:answer.Body.Len()/2]) // the rest of Content-Length never comes
		hangUpOn(w)
	},
	"503 of a proxy": func(w http.ResponseWriter, _ *http.Request, _ http.Handler) {
		w.WriteHeader(http.StatusServiceUnavailable)
	},
}

// hangUpOn ends the connection of a request.
func hangUpOn(w http.ResponseWriter) { panic(http.ErrAbortHandler) }

// newFaulty returns a proxy that disturbs every third bulk request.
func newFaulty(t *testing.T, target string, f fault) *httptest.Server {
	t.Helper()
	u, err := url.Parse(target)
	if err != nil {
		t.Fatal(err)
	}
	pass := &httputil.ReverseProxy{ErrorLog: cmdtest.QuietLog(), Rewrite: func(r *httputil.ProxyRequest) { r.SetURL(u) }}
	var bulks atomic.Int64
	srv := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if strings.HasSuffix(r.URL.Path, "/_bulk") && bulks.Add(1)%3 == 1 {
			f(w, r, pass)
			return
		}
		pass.ServeHTTP(w, r)
	}))
	srv.Config.ErrorLog = cmdtest.QuietLog()
	srv.Start()
	t.Cleanup(srv.Close)
	return srv
}

// runFaultCases checks that each event is in the index once, whatever faults occur
// between wm-es and the server, and that none is rejected because of them.
func runFaultCases(t *testing.T, s *cmdtest.SearchServer, n int) {
	i := 0
	for name, f := range faults {
		i++
		index := "fault-" + string(rune('a'+i))
		t.Run(name, func(t *testing.T) {
			proxy := newFaulty(t, s.URL, f)
			events := cmdtest.NoCanaries(cmdtest.AroundMidnight(n))
			got, stderr, code := s.Index(t, cmdtest.NDJSON(t, events), "--es", proxy.URL, "--index", index, "--batch-bytes", "200KiB", "--workers", "3")
			cmdtest.ExpectExit(t, code, 0, stderr)
			if got.Created+got.Present != len(events) || got.Read != len(events) || got.Rejected != 0 {
				t.Errorf("%+v of %d: %s", got, len(events), stderr)
			}
			if written := name == "reset when it is written" || name == "answer cut short"; written != (got.Present > 0) {
				t.Errorf("%d documents were there already: %s", got.Present, stderr)
			}
			cmdtest.Contains(t, stderr, "trying again in ")
			if count := s.Count(t, index); count != len(events) {
				t.Errorf("%d documents of %d", count, len(events))
			}
		})
	}
}

func TestEsFaultsOnTheStore(t *testing.T) {
	t.Parallel()
	runFaultCases(t, cmdtest.NewStore(t), 3000)
}

// said collects the output of a running program.
type said struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (s *said) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.text.Write(p)
}

func (s *said) String() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.text.String()
}

// trouble is a state of the server in which nothing can be written.
type trouble struct {
	begin, end [3]string // method, path, body
	message    string    // part of what wm-es reports meanwhile
	todo       string    // a part of its hint
}

// isReported waits until wm-es reports the trouble and what to do about it.
func (tr trouble) isReported(t *testing.T, messages *said) {
	t.Helper()
	cmdtest.WaitFor(t, "it says what is wrong", func() bool { return strings.Contains(messages.String(), tr.message) })
	cmdtest.WaitFor(t, "it says what to do", func() bool {
		_, hint, _ := strings.Cut(messages.String(), "wm-es: hint: ")
		return strings.Contains(hint, tr.todo)
	})
}

// outlasts checks that wm-es waits during the trouble, says why, and loses nothing.
func (tr trouble) outlasts(t *testing.T, s *cmdtest.SearchServer, index string, n int) {
	events := cmdtest.NoCanaries(cmdtest.AroundMidnight(n))
	if got, stderr, code := s.Index(t, cmdtest.NDJSON(t, events[:10]), "--index", index); code != 0 {
		t.Fatalf("%+v: %s", got, stderr)
	}
	s.Ask(t, tr.begin[0], tr.begin[1], tr.begin[2])
	cmd, _ := s.Command(t, io.Reader(cmdtest.NDJSON(t, events)), "--index", index, "--batch-bytes", "200KiB")
	var messages said
	cmd.Stderr = &messages
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	tr.isReported(t, &messages)
	cmdtest.Contains(t, messages.String(), ": index "+index+": ")
	s.Ask(t, tr.end[0], tr.end[1], tr.end[2])
	if err := cmd.Wait(); err != nil {
		t.Errorf("%v: %s", err, &messages)
	}
	if got := cmdtest.ParseTally(t, messages.String()); got.Created+got.Present != len(events) || got.Rejected != 0 {
		t.Errorf("%+v of %d: %s", got, len(events), &messages)
	}
	if count := s.Count(t, index); count != len(events) {
		t.Errorf("%d documents of %d", count, len(events))
	}
}
