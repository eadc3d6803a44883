package cmd_test

import (
	"net"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/wmtools/wm/cmd/internal/cmdtest"
)

// silent is a server that accepts connections and never answers, as a stopped
// process does.
func silent(t *testing.T) *cmdtest.SearchServer {
	t.Helper()
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = ln.Close() })
	return &cmdtest.SearchServer{URL: "http://" + ln.Addr().String()}
}

// Indexing gives up within --retry-for, also if the server accepts the connection
// and says nothing.
func TestEsRetryForLimitsRequests(t *testing.T) {
	t.Parallel()
	for name, s := range map[string]*cmdtest.SearchServer{"from the start": silent(t), "for documents": {URL: silentBulk(t)}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			cmd, stderr := s.Command(t, strings.NewReader(eventOf("a", 0)), "--retry-for", "1s")
			if err := cmd.Run(); err == nil || cmd.ProcessState.ExitCode() != 2 {
				t.Errorf("%v", err)
			}
			cmdtest.Contains(t, stderr.String(), "gave up after 1s: ", s.URL+": no answer in time", "hint: is the server stopped or overloaded?")
		})
	}
}

// silentBulk is a proxy in front of a store that does not answer bulk requests.
func silentBulk(t *testing.T) string {
	t.Helper()
	target, err := url.Parse(cmdtest.NewStore(t).URL)
	if err != nil {
		t.Fatal(err)
	}
	pass := &httputil.ReverseProxy{Rewrite: func(r *httputil.ProxyRequest) { r.SetURL(target) }}
	done := make(chan struct{})
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if strings.HasSuffix(r.URL.Path, "/_bulk") {
			<-done
			return
		}
		pass.ServeHTTP(w, r)
	}))
	t.Cleanup(srv.Close)
	t.Cleanup(func() { close(done) })
	return srv.URL
}

// Commands give up on a server that does not respond.
func TestEsCommandsGiveUp(t *testing.T) {
	t.Parallel()
	s := silent(t)
	for _, command := range []string{"count", "search", "search --all", "top wiki", "check", "cursor", "prune --keep 1d", "init-index", "init-index --diff"} {
		t.Run(command, func(t *testing.T) {
			t.Parallel()
			cmd, stderr := s.Command(t, nil, append(strings.Fields(command), "--timeout", "100ms")...)
			if out, err := cmd.Output(); err == nil || len(out) > 0 || cmd.ProcessState.ExitCode() != 2 {
				t.Errorf("%v, %q", err, out)
			}
			cmdtest.Contains(t, stderr.String(), s.URL+": no response for 100ms\n", "hint: is the server stopped or overloaded?")
		})
	}
}

// At a terminal, a command says what it waits for.
func TestEsCommandSaysThatItWaits(t *testing.T) {
	t.Parallel()
	if runtime.GOOS != "linux" {
		t.Skip("script has other flags on this system")
	}
	script := cmdtest.Need(t, "script") // provides a terminal
	s := silent(t)
	command := filepath.Join(cmdtest.Bin(), "wm-es") + " count --timeout 4s --es " + s.URL
	out, _ := exec.CommandContext(t.Context(), script, "-qec", command, "/dev/null").CombinedOutput() // exits with 2
	cmdtest.Contains(t, string(out), "wm-es: waiting for "+s.URL+"; giving up if it does not respond for 4s\r\n", "no response for 4s")
}

// The end of an outage is reported.
func TestEsReportsTheEndOfAnOutage(t *testing.T) {
	t.Parallel()
	target, err := url.Parse(cmdtest.NewStore(t).URL)
	if err != nil {
		t.Fatal(err)
	}
	pass := &httputil.ReverseProxy{Rewrite: func(r *httputil.ProxyRequest) { r.SetURL(target) }}
	var requests atomic.Int64
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		// The template and the documents meet an outage each.
		if n := requests.Add(1); n == 1 || strings.HasSuffix(r.URL.Path, "/_bulk") && r.Header.Get("Content-Length") != "" {
			if n == 1 || requests.Load() < 8 {
				w.WriteHeader(http.StatusServiceUnavailable)
				return
			}
		}
		pass.ServeHTTP(w, r)
	}))
	t.Cleanup(srv.Close)
	s := &cmdtest.SearchServer{URL: srv.URL}
	got, stderr, code := s.Index(t, strings.NewReader(eventOf("a", 0)))
	cmdtest.ExpectExit(t, code, 0, stderr)
	if got.Created != 1 || strings.Count(stderr, "working again after ") != 2 {
		t.Errorf("%+v: %s", got, stderr)
	}
}
