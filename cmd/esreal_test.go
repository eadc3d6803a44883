//go:build conformance

package cmd_test

import (
	"bufio"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"

	"github.com/wmtools/wm/lib/estest"
)

// realES is Elasticsearch itself: scripts/elasticsearch in a process.
type realES struct {
	t     *testing.T
	nodes []string          // their addresses
	ca    string            // file
	users map[string]string // files of the passwords, by user
	in    io.Writer
	out   *bufio.Reader
}

// elasticsearchProgram builds scripts/elasticsearch, which is a module of its
// own.
var elasticsearchProgram = sync.OnceValues(func() (string, error) {
	program := filepath.Join(bin(), "elasticsearch")
	out, err := exec.Command("go", "-C", "../scripts/elasticsearch", "build", "-o", program, ".").CombinedOutput()
	if err != nil {
		return "", fmt.Errorf("%w: %s", err, out)
	}
	return program, nil
})

// startElasticsearch starts nodes that end with the test. Such tests do not run
// at the same time as others: the nodes need the memory.
func startElasticsearch(t *testing.T, flags ...string) *realES {
	t.Helper()
	program, err := elasticsearchProgram()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(program, flags...)
	cmd.Stderr = os.Stderr
	in, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = cmd.Process.Signal(syscall.SIGTERM)
		if err := cmd.Wait(); err != nil {
			t.Errorf("elasticsearch: %v", err)
		}
	})
	e := &realES{t: t, users: map[string]string{}, in: in, out: bufio.NewReader(out)}
	for e.introduced(e.line()) {
	}
	return e
}

func (e *realES) line() string {
	e.t.Helper()
	line, err := e.out.ReadString('\n')
	if err != nil {
		e.t.Fatalf("elasticsearch says %q: %v", line, err)
	}
	return strings.TrimSpace(line)
}

// introduced takes a line of what is said at the start. It reports false for
// the last one.
func (e *realES) introduced(line string) bool {
	e.t.Helper()
	words := append(strings.Fields(line), "", "", "")
	switch words[0] {
	case "node":
		e.nodes = append(e.nodes, words[2])
	case "ca":
		e.ca = words[1]
	case "user":
		e.users[words[1]] = words[2]
	case "ready":
		return false
	default:
		e.t.Fatalf("elasticsearch says %q", line)
	}
	return true
}

// kill kills a node, counted from 1, with kill -9.
func (e *realES) kill(node int) { e.command("kill", "killed", node) }

// start starts a node that was killed, and waits until the others have it back.
func (e *realES) start(node int) { e.command("start", "started", node) }

func (e *realES) command(verb, answer string, node int) {
	e.t.Helper()
	if _, err := fmt.Fprintln(e.in, verb, node); err != nil {
		e.t.Fatal(err)
	}
	if got, want := e.line(), fmt.Sprint(answer, " ", node); got != want {
		e.t.Fatalf("elasticsearch says %q, want %q", got, want)
	}
}

// server is one of the nodes as the tests see it.
func (e *realES) server(node int) *searchServer {
	return &searchServer{url: e.nodes[node-1], client: http.DefaultClient}
}

// versions are the Elasticsearch that wm is held against.
var versions = []string{"8.19", "9.2"}

// manyEvents is how many made events go through each server.
func manyEvents() int {
	if testing.Short() {
		return 20_000
	}
	return 200_000
}

func TestEsOnElasticsearch(t *testing.T) {
	for _, version := range versions {
		t.Run(version, func(t *testing.T) {
			s := startElasticsearch(t, "-version", version).server(1)
			t.Run("requests", func(t *testing.T) { estest.Run(t, s.url) })
			runIndexCases(t, s, manyEvents())
		})
	}
}

// wm-es search finds on the real server what wm-grep prints, as on wm-store.
func TestSearchLikeGrepOnElasticsearch(t *testing.T) {
	for _, version := range versions {
		t.Run(version, func(t *testing.T) {
			searchLikeGrep(t, startElasticsearch(t, "-version", version).server(1).url)
		})
	}
}
