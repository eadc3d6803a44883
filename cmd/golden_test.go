package cmd_test

import (
	"bytes"
	"errors"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strings"
	"testing"

	"github.com/tidwall/gjson"
)

const fixtures = "../testdata/events/"

// golden compares what a program printed with testdata/golden/PROGRAM/NAME, or
// rewrites that with -update.
func golden(t *testing.T, program, name string, got []byte) {
	t.Helper()
	path := filepath.Join("../testdata/golden", program, name)
	if *update {
		if err := errors.Join(os.MkdirAll(filepath.Dir(path), 0o777), os.WriteFile(path, got, 0o666)); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, want) {
		t.Errorf("%s printed something else than %s has; after a change that is meant, make golden and look at git diff\ngot %d bytes: %.600s", program, path, len(got), got)
	}
}

func read(t *testing.T, name string) []byte {
	t.Helper()
	data, err := os.ReadFile(fixtures + name)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// run runs a program to its end and returns what it printed.
func run(t *testing.T, stdin []byte, program string, args ...string) []byte {
	t.Helper()
	cmd := exec.Command(filepath.Join(bin(), program), args...)
	cmd.Stdin = bytes.NewReader(stdin)
	out, err := cmd.Output()
	if err != nil {
		var stderr []byte
		if e, ok := errors.AsType[*exec.ExitError](err); ok {
			stderr = e.Stderr
		}
		t.Fatalf("%s %q: %v\n%s", program, args, err, stderr)
	}
	return out
}

// serve starts a server of ours and returns its address.
func serve(t *testing.T, program string, args ...string) string {
	t.Helper()
	cmd := exec.Command(filepath.Join(bin(), program), append(args, "--listen", "127.0.0.1:0")...)
	url, err := awaitListening(cmd)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { stop(cmd) })
	return url
}

func fetch(t *testing.T, url, body string) []byte {
	t.Helper()
	method := http.MethodGet
	if body != "" {
		method = http.MethodPost
	}
	req, err := http.NewRequestWithContext(t.Context(), method, url, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/json")
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	var answer bytes.Buffer
	if _, err := answer.ReadFrom(res.Body); err != nil || res.StatusCode != http.StatusOK {
		t.Fatalf("%s: %s %v: %s", url, res.Status, err, &answer)
	}
	return answer.Bytes()
}

func TestGoldenTail(t *testing.T) {
	wire := read(t, "streams.sse")
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/event-stream")
		if _, err := w.Write(wire); err != nil {
			t.Error(err)
		}
	}))
	defer srv.Close()
	golden(t, "wm-tail", "streams.ndjson", run(t, nil, "wm-tail", "-q", "-n", "60", "--url", srv.URL))
}

func TestGoldenGrep(t *testing.T) {
	events := read(t, "streams.ndjson")
	golden(t, "wm-grep", "bots-on-commons.ndjson", run(t, events, "wm-grep", "-k", "bot=true", "commons"))
	golden(t, "wm-grep", "not-edits.ndjson", run(t, events, "wm-grep", "-v", "-k", "type=edit|categorize", "-i", "RECENTCHANGE"))
}

// changing is what differs from one run to the next.
var changing = regexp.MustCompile(`"(took|generated)":\d+`)

// TestGoldenIndex takes the events through wm-es, wm-store and wm-serve.
func TestGoldenIndex(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("servers are stopped by a signal that Windows does not have")
	}
	store := serve(t, "wm-store", "--data", t.TempDir())
	run(t, read(t, "streams.ndjson"), "wm-es", "-q", "--es", store)
	found := fetch(t, store+"/wm-*/_search", `{"size":1000,"sort":[{"@timestamp":"asc"},{"meta.id":"asc"}]}`)
	golden(t, "wm-store", "search.ndjson", append(changing.ReplaceAll(found, []byte(`"$1":0`)), '\n'))
	var documents []string
	for _, source := range gjson.GetBytes(found, "hits.hits.#._source").Array() {
		documents = append(documents, source.Raw+"\n")
	}
	slices.Sort(documents)
	golden(t, "wm-es", "documents.ndjson", []byte(strings.Join(documents, "")))
	page := serve(t, "wm-serve", "--es", store)
	view := fetch(t, page+"/api/view?from=2026-11-01T12:00:00Z&to=2026-11-01T12:01:00Z", "")
	golden(t, "wm-serve", "view.ndjson", append(changing.ReplaceAll(bytes.TrimSpace(view), []byte(`"$1":0`)), '\n'))
}
