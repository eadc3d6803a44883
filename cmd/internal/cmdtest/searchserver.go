package cmdtest

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/tidwall/gjson"
)

// SearchServer is wm-store, or a real server in the conformance tests. Tests
// share it, so each uses a different index pattern.
type SearchServer struct {
	URL    string
	Client *http.Client
	Header http.Header // added to the requests of the test itself
	Env    []string    // added to the environment of wm-es
}

// NewStore starts wm-store for the duration of the test.
func NewStore(t *testing.T) *SearchServer {
	t.Helper()
	cmd := exec.Command(filepath.Join(Bin(), "wm-store"), "--listen", "127.0.0.1:0", "--data", t.TempDir())
	url, err := AwaitListening(cmd)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { Stop(cmd) })
	return &SearchServer{URL: url, Client: http.DefaultClient}
}

// Ask sends a request as curl would, fails the test unless it succeeds, and
// returns the response.
func (s *SearchServer) Ask(t *testing.T, method, path, body string) gjson.Result {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), method, s.URL+path, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	for name, values := range s.Header {
		req.Header[name] = values
	}
	req.Header.Set("Content-Type", "application/json")
	res, err := s.Client.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	answer, err := io.ReadAll(res.Body)
	if err != nil || res.StatusCode/100 != 2 {
		t.Fatalf("%s %s: %s %v: %s", method, path, res.Status, err, answer)
	}
	return gjson.ParseBytes(answer)
}

// Count returns the number of documents in an index or index pattern.
func (s *SearchServer) Count(t *testing.T, index string) int {
	t.Helper()
	s.Ask(t, http.MethodPost, "/"+index+"/_refresh", "")
	answer := s.Ask(t, http.MethodGet, "/"+index+"/_count", "")
	if answer.Get("_shards.failed").Int() != 0 {
		t.Fatalf("%s: %s", index, answer)
	}
	return int(answer.Get("count").Int())
}

// Written returns the number of searchable documents, 0 while an index is not
// ready.
func (s *SearchServer) Written(t *testing.T, index string) int {
	t.Helper()
	res, err := s.Client.Get(s.URL + "/" + index + "/_count")
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	answer, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	return int(gjson.GetBytes(answer, "count").Int())
}

// Output runs a command of wm-es, which must succeed, and returns what it prints.
func (s *SearchServer) Output(t *testing.T, args ...string) string {
	t.Helper()
	cmd, stderr := s.Command(t, nil, args...)
	out, err := cmd.Output()
	if err != nil {
		t.Errorf("wm-es %q: %v: %s%s", args, err, out, stderr)
	}
	return string(out)
}

// Documents returns the sources of an index pattern by id.
func (s *SearchServer) Documents(t *testing.T, index string) map[string]string {
	t.Helper()
	s.Ask(t, http.MethodPost, "/"+index+"/_refresh", "")
	docs := make(map[string]string)
	for _, hit := range s.Ask(t, http.MethodGet, "/"+index+"/_search?size=10000", "").Get("hits.hits").Array() {
		docs[hit.Get("_id").Str] = hit.Get("_source").Raw
	}
	return docs
}

// Tally is the summary that wm-es prints at its end.
type Tally struct{ Read, Created, Present, Rejected, Skipped int }

var tallyLine = regexp.MustCompile(`wm-es: read \d+ created .*`)

// ParseTally finds the summary in the messages of wm-es.
func ParseTally(t *testing.T, stderr string) (y Tally) {
	t.Helper()
	line := tallyLine.FindString(stderr)
	if _, err := fmt.Sscanf(line, "wm-es: read %d created %d present %d rejected %d skipped %d",
		&y.Read, &y.Created, &y.Present, &y.Rejected, &y.Skipped); err != nil {
		t.Fatalf("no tally: %v: %s", err, stderr)
	}
	return y
}

// Command prepares wm-es with the server's URL and an input.
func (s *SearchServer) Command(t *testing.T, in io.Reader, args ...string) (cmd *exec.Cmd, stderr *bytes.Buffer) {
	t.Helper()
	cmd = exec.CommandContext(t.Context(), filepath.Join(Bin(), "wm-es"), args...)
	cmd.Env = append(append(os.Environ(), "WM_ES="+s.URL), s.Env...)
	cmd.Stdin = in
	stderr = new(bytes.Buffer)
	cmd.Stderr = stderr
	cmd.WaitDelay = 10 * time.Second
	return cmd, stderr
}

// Index runs wm-es on an input and returns its summary, its messages and its exit
// status.
func (s *SearchServer) Index(t *testing.T, in io.Reader, args ...string) (y Tally, stderr string, code int) {
	t.Helper()
	cmd, said := s.Command(t, in, args...)
	_ = cmd.Run() // the exit status is returned
	return ParseTally(t, said.String()), said.String(), cmd.ProcessState.ExitCode()
}
