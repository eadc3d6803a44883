package cmd_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/wmtools/wm/cmd/internal/cmdtest"
)

// endless is an input without end that counts how much of it was read.
type endless struct {
	text string
	read atomic.Int64
}

func (e *endless) Read(p []byte) (int, error) {
	n := 0
	for n < len(p) {
		at := int(e.read.Load()) % len(e.text)
		copied := copy(p[n:], e.text[at:])
		e.read.Add(int64(copied))
		n += copied
	}
	return n, nil
}

// In an outage wm-es stops reading, so that its memory does not grow, and gives up
// after --retry-for.
func TestEsHoldsBackInAnOutage(t *testing.T) {
	t.Parallel()
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if strings.HasSuffix(r.URL.Path, "/_bulk") {
			w.WriteHeader(http.StatusServiceUnavailable)
			return
		}
		_, _ = io.WriteString(w, `{"index_templates":[{"index_template":{"index_patterns":["wm-*-*.*.*"]}}]}`)
	}))
	t.Cleanup(srv.Close)
	events, err := io.ReadAll(cmdtest.NDJSON(t, cmdtest.NoCanaries(cmdtest.AroundMidnight(500))))
	if err != nil {
		t.Fatal(err)
	}
	in := &endless{text: string(events)}
	cmd := exec.CommandContext(t.Context(), filepath.Join(cmdtest.Bin(), "wm-es"), "--es", srv.URL, "--retry-for", "4s", "--workers", "2")
	var messages said
	pipe, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	cmd.Stderr = &messages
	go func() { _, _ = io.Copy(pipe, in) }() // ends when the reader does
	most := cmdtest.PeakMemory(t, cmd)
	if code := cmd.ProcessState.ExitCode(); code != 2 {
		t.Errorf("exit %d", code)
	}
	cmdtest.Contains(t, messages.String(), "status 503; trying again in ", "events are not settled: ", "gave up after 4s: ")
	if got := cmdtest.ParseTally(t, messages.String()); got.Created+got.Present+got.Rejected+got.Skipped != 0 || got.Read == 0 {
		t.Errorf("%+v: %s", got, &messages)
	}
	const batch = 5 << 20
	if read := in.read.Load(); read > 4*batch {
		t.Errorf("%d bytes were read, which is more than three batches and a pipe", read)
	}
	t.Logf("peak %d KiB", most>>10)
	if runtime.GOOS == "linux" && (most == 0 || most > 64<<20) {
		t.Errorf("peak of the memory: %d KiB", most>>10)
	}
}

var metricsAddress = regexp.MustCompile(`wm-es: metrics at (http://\S+)/metrics`)

// The metrics show the outcome of the events.
func TestEsMetrics(t *testing.T) {
	t.Parallel()
	s := cmdtest.NewStore(t)
	in, feed := io.Pipe()
	cmd, _ := s.Command(t, in, "--metrics", "127.0.0.1:0", "--index", "figures")
	var messages said
	cmd.Stderr = &messages
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	cmdtest.WaitFor(t, "it says where", func() bool { return metricsAddress.MatchString(messages.String()) })
	url := metricsAddress.FindStringSubmatch(messages.String())[1]
	const line = `{"meta":{"id":"a","dt":"2026-11-01T12:00:00Z","stream":"mediawiki.recentchange"}}` + "\n"
	if _, err := io.WriteString(feed, line+line+"no JSON\n"+strings.Replace(line, `"id"`, `"domain":"canary","id"`, 1)); err != nil {
		t.Fatal(err)
	}
	var figures string
	cmdtest.WaitFor(t, "all are settled", func() bool {
		figures = string(cmdtest.Fetch(t, url+"/metrics", ""))
		return strings.Contains(figures, `wm_es_documents_total{outcome="skipped"} 1`)
	})
	for _, want := range []string{
		"wm_es_read_total 4", `wm_es_documents_total{outcome="created"} 1`, `wm_es_documents_total{outcome="present"} 1`,
		`wm_es_documents_total{outcome="rejected"} 1`, "wm_es_retries_total 0", "wm_es_requests_total ", "wm_es_bytes_total ",
		"wm_es_request_seconds_count ", "wm_es_lag_seconds ",
	} {
		if !strings.Contains(figures, "\n"+want) && !strings.HasPrefix(figures, want) {
			t.Errorf("%s is not among the figures: %s", want, figures)
		}
	}
	if got := string(cmdtest.Fetch(t, url+"/healthz", "")); got != "ok\n" {
		t.Errorf("healthz says %q", got)
	}
	feed.Close()
	_ = cmd.Wait() // with 2, for the line that is no JSON
}
