package cmd_test

import (
	"bytes"
	"fmt"
	"io"
	"maps"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/wmtools/wm/cmd/internal/cmdtest"
	"github.com/wmtools/wm/lib/event"
	"github.com/wmtools/wm/lib/simulate"
)

// stages are the processes of wm-tail | wm-grep | wm-es.
type stages []*exec.Cmd

// pipeline starts one process for each command, connected by pipes. Their messages
// go to one file.
func pipeline(t *testing.T, dir string, commands ...[]string) stages {
	t.Helper()
	said, err := os.OpenFile(filepath.Join(dir, "stderr"), os.O_WRONLY|os.O_CREATE|os.O_APPEND, 0o644)
	if err != nil {
		t.Fatal(err)
	}
	defer said.Close()
	var all stages
	var in *os.File
	for i, command := range commands {
		cmd := exec.CommandContext(t.Context(), filepath.Join(cmdtest.Bin(), command[0]), command[1:]...)
		cmd.Dir, cmd.Stderr = dir, said
		if in != nil {
			cmd.Stdin = in
		}
		var next, out *os.File
		if i < len(commands)-1 {
			if next, out, err = os.Pipe(); err != nil {
				t.Fatal(err)
			}
			cmd.Stdout = out
		}
		err := cmd.Start()
		for _, ours := range []*os.File{in, out} {
			if ours != nil {
				ours.Close()
			}
		}
		if err != nil {
			t.Fatal(err)
		}
		all, in = append(all, cmd), next
	}
	return all
}

func (s stages) wait() {
	for _, cmd := range s {
		_ = cmd.Wait() // the result is checked instead
	}
}

// slowWrites is a proxy that delays bulk requests, so that what wm-es has sent just
// before it is killed is not written.
func slowWrites(t *testing.T, target string) string {
	t.Helper()
	u, err := url.Parse(target)
	if err != nil {
		t.Fatal(err)
	}
	pass := httputil.ReverseProxy{ErrorLog: cmdtest.QuietLog(), Rewrite: func(r *httputil.ProxyRequest) { r.SetURL(u) }}
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if strings.HasSuffix(r.URL.Path, "/_bulk") {
			body, err := io.ReadAll(r.Body)
			if err != nil {
				return // the client hung up
			}
			r.Body = io.NopCloser(bytes.NewReader(body))
			select {
			case <-r.Context().Done():
				return
			case <-time.After(1500 * time.Millisecond):
			}
		}
		pass.ServeHTTP(w, r)
	}))
	t.Cleanup(srv.Close)
	return srv.URL
}

// misfits returns events that the index rejects.
func misfits(events []simulate.Event) (refused map[string]bool) {
	refused = make(map[string]bool)
	for i, e := range events {
		if i%50 == 7 && bytes.Contains(e.Data, []byte(`"namespace":0,`)) {
			events[i].Data = bytes.Replace(e.Data, []byte(`"namespace":0,`), []byte(`"namespace":"none",`), 1)
			refused[string(events[i].Data)] = true
		}
	}
	return refused
}

// Any of wm-tail --resume | wm-grep | wm-es --cursor is killed at any moment, again
// and again. At the end the index has each event that the filter selects and that
// can be written, as it was sent, and the file of rejects has the others.
func killPipeline(t *testing.T, w cmdtest.EventStreams, es *cmdtest.SearchServer, n, kills int) {
	source := cmdtest.Restless(n, cmdtest.Recent(n))
	refused := misfits(source)
	w.Add(source...)
	proxy := cmdtest.NewCutter(t, w.URL(), n/5)
	proxy.Pace = slowPace(n)
	slow, dir := slowWrites(t, es.URL), t.TempDir()
	start := func() stages {
		return pipeline(t, dir,
			[]string{"wm-tail", "-q", "--url", proxy.URL, "--since", cmdtest.Earliest(source), "--resume", "c.json", "--watermark", "50ms"},
			[]string{"wm-grep", "-k", "wiki!=commonswiki"},
			[]string{"wm-es", "-q", "--es", slow, "--cursor", "c.json", "--workers", "3"})
	}
	r := rand.New(rand.NewPCG(4, uint64(n)))
	saved := 0
	for i := range kills {
		run := start()
		if i%2 == 1 { // on a busy machine the others may all come before the first save
			cmdtest.WaitFor(t, "a cursor with a position", func() bool { return holds(filepath.Join(dir, "c.json"), `"offset"`) })
		}
		drawnPause(r)
		if err := run[r.IntN(len(run))].Process.Kill(); err != nil {
			t.Fatal(err)
		}
		// The others end on their own, or are killed meanwhile.
		if r.IntN(2) == 0 {
			for _, cmd := range run {
				_ = cmd.Process.Kill() // it may have ended
			}
		}
		run.wait()
		if _, err := os.Stat(filepath.Join(dir, "c.json")); err == nil {
			saved++
		}
	}
	if saved == 0 {
		t.Error("no kill came after a save")
	}
	want := make(map[string]string)
	for _, e := range cmdtest.NoCanaries(source) {
		if !bytes.Contains(e.Data, []byte(`"wiki":"commonswiki"`)) && !refused[string(e.Data)] {
			want[event.New(e.Data).ID()] = string(e.Data)
		}
	}
	run := start()
	cmdtest.WaitFor(t, "all events are there", func() bool { return es.Written(t, "wm-*") >= len(want) })
	_ = run[0].Process.Signal(os.Interrupt)
	run.wait()
	if code := run[2].ProcessState.ExitCode(); code != 0 && code != 2 { // 2: the misfits came again
		t.Errorf("wm-es ends with %d", code)
	}
	checkDocuments(t, es.Documents(t, "wm-*"), want)
	checkRejects(t, filepath.Join(dir, "c.json.rejects"), refused)
	t.Logf("%d kills, %d of them after a cursor was saved; %d documents", kills, saved, len(want))
}

// checkDocuments checks that each document is the event with the derived fields in
// front.
func checkDocuments(t *testing.T, got, want map[string]string) {
	t.Helper()
	if len(got) != len(want) {
		t.Errorf("%d documents, want %d", len(got), len(want))
	}
	wrong := 0
	for id, data := range want {
		if !strings.HasPrefix(got[id], `{"@timestamp":"`) || !strings.HasSuffix(got[id], data[1:]) {
			wrong++
		}
	}
	if wrong > 0 {
		t.Errorf("%d documents are lost or not what was sent", wrong)
	}
}

// checkRejects checks that the file has all events that had to be rejected, and
// nothing else.
func checkRejects(t *testing.T, name string, want map[string]bool) {
	t.Helper()
	cmd := exec.Command(filepath.Join(cmdtest.Bin(), "wm-es"), "rejects", name)
	out, err := cmd.Output()
	if err != nil {
		t.Errorf("rejects: %v", err)
	}
	got := make(map[string]bool)
	for _, line := range cmdtest.Lines(out) {
		got[line] = true
	}
	if !maps.Equal(got, want) {
		t.Errorf("%d events are in the rejects, want %d: %.300q", len(got), len(want), slices.Collect(maps.Keys(got)))
	}
}

func TestPipelineIsKilled(t *testing.T) {
	t.Parallel()
	killPipeline(t, cmdtest.NewLookAlike(t), cmdtest.NewStore(t), 2000, 10**cmdtest.Soak)
}

// Ctrl-C reaches all stages of a pipeline at once; no event that wm-tail has printed
// is lost.
func TestPipelineIsInterrupted(t *testing.T) {
	t.Parallel()
	w, es, dir := cmdtest.NewLookAlike(t), cmdtest.NewStore(t), t.TempDir()
	source := cmdtest.Made(11, 3000, 5*time.Minute, 40)
	w.Add(source...)
	proxy := cmdtest.NewCutter(t, w.URL(), 0)
	proxy.Pace = slowPace(len(source))
	r := rand.New(rand.NewPCG(5, 1))
	for range 3 {
		run := pipeline(t, dir,
			[]string{"wm-tail", "--url", proxy.URL, "--since", cmdtest.Earliest(source), "--resume", "c.json"},
			[]string{"wm-grep", "-k", "type"},
			[]string{"wm-es", "--es", es.URL, "--cursor", "c.json"})
		cmdtest.WaitFor(t, "it writes", func() bool { return proxy.Requests() > 0 })
		drawnPause(r)
		for _, i := range r.Perm(len(run)) {
			_ = run[i].Process.Signal(os.Interrupt) // it may have ended
		}
		run.wait()
		for _, cmd := range run {
			if code := cmd.ProcessState.ExitCode(); code > 1 {
				t.Errorf("%s ends with %d", cmd.Path, code)
			}
		}
	}
	printed, written := int64(0), int64(0)
	said, err := os.ReadFile(filepath.Join(dir, "stderr"))
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(said)) {
		var n, created, present int64
		if _, err := fmt.Sscanf(line, "wm-tail: %d events in", &n); err == nil {
			printed += n
		}
		if _, err := fmt.Sscanf(line, "wm-es: read %d created %d present %d", &n, &created, &present); err == nil {
			written += created + present
		}
	}
	if printed == 0 || printed != written {
		t.Errorf("wm-tail has printed %d events, wm-es has written %d: %s", printed, written, said)
	}
}
