//go:build conformance

package cmdtest

import (
	"bufio"
	"crypto/tls"
	"crypto/x509"
	"encoding/base64"
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
)

// Elasticsearch is one or more real nodes, run by a process of
// scripts/elasticsearch.
type Elasticsearch struct {
	t     *testing.T
	Nodes []string          // their URLs
	CA    string            // file of the certificate authority
	Users map[string]string // password files by user
	in    io.Writer
	out   *bufio.Reader
}

// elasticsearchProgram builds scripts/elasticsearch, a separate module.
var elasticsearchProgram = sync.OnceValues(func() (string, error) {
	program := filepath.Join(Bin(), "elasticsearch")
	out, err := exec.Command("go", "-C", "../scripts/elasticsearch", "build", "-o", program, ".").CombinedOutput()
	if err != nil {
		return "", fmt.Errorf("%w: %s", err, out)
	}
	return program, nil
})

// StartElasticsearch starts nodes for the duration of the test. Do not call
// t.Parallel in such a test: the nodes need the memory.
func StartElasticsearch(t *testing.T, flags ...string) *Elasticsearch {
	t.Helper()
	program, err := elasticsearchProgram()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(program, append(flags, "-quick")...)
	cmd.Stderr = os.Stderr
	in, out := StartPiped(t, cmd)
	t.Cleanup(func() {
		_ = cmd.Process.Signal(syscall.SIGTERM)
		if err := cmd.Wait(); err != nil {
			t.Errorf("elasticsearch: %v", err)
		}
	})
	e := &Elasticsearch{t: t, Users: map[string]string{}, in: in, out: bufio.NewReader(out)}
	for e.introduced(e.line()) {
	}
	return e
}

func (e *Elasticsearch) line() string {
	e.t.Helper()
	line, err := e.out.ReadString('\n')
	if err != nil {
		e.t.Fatalf("elasticsearch says %q: %v", line, err)
	}
	return strings.TrimSpace(line)
}

// introduced reads a line of the program's start-up messages and reports whether
// more follow.
func (e *Elasticsearch) introduced(line string) bool {
	e.t.Helper()
	words := append(strings.Fields(line), "", "", "")
	switch words[0] {
	case "node":
		e.Nodes = append(e.Nodes, words[2])
	case "ca":
		e.CA = words[1]
	case "user":
		e.Users[words[1]] = words[2]
	case "ready":
		return false
	default:
		e.t.Fatalf("elasticsearch says %q", line)
	}
	return true
}

// Kill kills a node, counted from 1, with SIGKILL.
func (e *Elasticsearch) Kill(node int) { e.command("kill", "killed", node) }

// Start restarts a killed node and waits until it has rejoined the cluster.
func (e *Elasticsearch) Start(node int) { e.command("start", "started", node) }

func (e *Elasticsearch) command(verb, answer string, node int) {
	e.t.Helper()
	if _, err := fmt.Fprintln(e.in, verb, node); err != nil {
		e.t.Fatal(err)
	}
	if got, want := e.line(), fmt.Sprint(answer, " ", node); got != want {
		e.t.Fatalf("elasticsearch says %q, want %q", got, want)
	}
}

// Server returns one of the nodes, counted from 1.
func (e *Elasticsearch) Server(node int) *SearchServer {
	return &SearchServer{URL: e.Nodes[node-1], Client: http.DefaultClient}
}

// Versions are the Elasticsearch and OpenSearch versions under test.
var Versions = []string{"8.19", "9.2", "opensearch-2.19", "opensearch-3.3"}

// As returns the first node of a server with TLS; the tests use it as user.
func (e *Elasticsearch) As(t *testing.T, user string) *SearchServer {
	t.Helper()
	ca, err := os.ReadFile(e.CA)
	if err != nil {
		t.Fatal(err)
	}
	password, err := os.ReadFile(e.Users[user])
	if err != nil {
		t.Fatal(err)
	}
	pool := x509.NewCertPool()
	pool.AppendCertsFromPEM(ca)
	s := e.Server(1)
	s.Client = &http.Client{Transport: &http.Transport{TLSClientConfig: &tls.Config{RootCAs: pool}}}
	code := base64.StdEncoding.EncodeToString([]byte(user + ":" + strings.TrimSpace(string(password))))
	s.Header = http.Header{"Authorization": {"Basic " + code}}
	s.Env = []string{"WM_ES_CA=" + e.CA, "WM_ES_USER=" + user, "WM_ES_PASSWORD=" + strings.TrimSpace(string(password))}
	return s
}
