//go:build conformance

package cmd_test

import (
	"crypto/tls"
	"crypto/x509"
	"encoding/base64"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/tidwall/gjson"
)

// A node of three is killed while documents are written, and comes back: what was
// acknowledged is there, and nothing twice.
func TestEsOnElasticsearchClusterWithANodeKilled(t *testing.T) {
	e := startElasticsearch(t, "-version", "8.19", "-nodes", "3")
	s := e.server(1)
	events := noCanaries(aroundMidnight(manyEvents()))
	args := []string{"--es", strings.Join(e.nodes, ","), "--index", "cluster-{stream}-%Y.%m.%d", "--batch-bytes", "1MiB"}
	if out, err := exec.Command(filepath.Join(bin(), "wm-es"), "init-index", "--es", s.url, "--index", args[3], "--replicas", "1").CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	cmd, stderr := s.wmES(t, asLines(t, events), args...)
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	waitFor(t, "it writes", func() bool { return s.written(t, "cluster-*") > len(events)/10 })
	e.kill(2)
	if err := cmd.Wait(); err != nil {
		t.Errorf("%v: %s", err, stderr)
	}
	got := parseTally(t, stderr.String())
	if got.created+got.present != len(events) || got.rejected != 0 {
		t.Errorf("%+v of %d: %s", got, len(events), stderr)
	}
	t.Logf("with a node killed: %+v", got)
	if count := s.count(t, "cluster-*"); count != len(events) {
		t.Errorf("%d documents of %d", count, len(events))
	}
	e.start(2)
	again, told, code := s.index(t, asLines(t, events), args...)
	expectExit(t, code, 0, told)
	if want := (tally{read: len(events), present: len(events)}); again != want {
		t.Errorf("again: %+v, want %+v", again, want)
	}
	expectIndices(t, s, "cluster", events)
	runIndexCases(t, s, 4000)
}

// written is how many documents can be found now; 0 while an index is not ready.
func (s *searchServer) written(t *testing.T, index string) int {
	t.Helper()
	res, err := s.client.Get(s.url + "/" + index + "/_count")
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

// as is the server of a node with TLS, asked by the tests as a user.
func (e *realES) as(t *testing.T, user string) *searchServer {
	t.Helper()
	ca, err := os.ReadFile(e.ca)
	if err != nil {
		t.Fatal(err)
	}
	password, err := os.ReadFile(e.users[user])
	if err != nil {
		t.Fatal(err)
	}
	pool := x509.NewCertPool()
	pool.AppendCertsFromPEM(ca)
	s := e.server(1)
	s.client = &http.Client{Transport: &http.Transport{TLSClientConfig: &tls.Config{RootCAs: pool}}}
	code := base64.StdEncoding.EncodeToString([]byte(user + ":" + strings.TrimSpace(string(password))))
	s.header = http.Header{"Authorization": {"Basic " + code}}
	s.env = []string{"WM_ES_CA=" + e.ca, "WM_ES_USER=" + user, "WM_ES_PASSWORD=" + strings.TrimSpace(string(password))}
	return s
}

// A user who may only create documents, and indices of wm-*, writes over
// midnight, from one day's index to the next.
func TestEsOnElasticsearchWithUsers(t *testing.T) {
	e := startElasticsearch(t, "-version", "8.19", "-secure")
	s := e.as(t, "admin")
	flags := func(user string, more ...string) []string {
		return append(more, "--user", user, "--password-file", e.users[user], "--ca", e.ca)
	}
	cmd, stderr := s.wmES(t, nil, flags("admin", "init-index")...)
	if err := cmd.Run(); err != nil {
		t.Fatalf("%v: %s", err, stderr)
	}
	events := noCanaries(aroundMidnight(manyEvents()))
	for _, want := range []tally{{read: len(events), created: len(events)}, {read: len(events), present: len(events)}} {
		got, told, code := s.index(t, asLines(t, events), flags("writer")...)
		expectExit(t, code, 0, told)
		if got != want {
			t.Errorf("%+v, want %+v: %s", got, want, told)
		}
		expectIndices(t, s, "wm", events)
	}
	if _, told, code := s.index(t, asLines(t, events[:1]), flags("writer", "--index", "other")...); code != 2 || !strings.Contains(told, "security_exception") {
		t.Errorf("an index that is not the user's: exit %d: %s", code, told)
	}
	cmd, stderr = s.wmES(t, asLines(t, events[:1]), "--user", "writer", "--ca", e.ca)
	cmd.Env = append(cmd.Env, "WM_ES_PASSWORD=wrong")
	if err := cmd.Run(); err == nil || !strings.Contains(stderr.String(), "security_exception") {
		t.Errorf("a wrong password: %v: %s", err, stderr)
	}
	cmd, stderr = s.wmES(t, nil, "check", "--user", "admin", "--password-file", e.users["admin"], "--ca", e.ca)
	if err := cmd.Run(); err != nil {
		t.Errorf("check: %v: %s", err, stderr)
	}
	runIndexCases(t, s, 4000)
}

// Each stage of wm-tail | wm-grep | wm-es is killed, with the real index at the
// end.
func TestPipelineIsKilledOnElasticsearch(t *testing.T) {
	s := startElasticsearch(t, "-version", "9.2").server(1)
	killPipeline(t, newLookAlike(t), s, 2000, 10**soak)
}
