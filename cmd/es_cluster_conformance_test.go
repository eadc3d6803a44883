//go:build conformance

package cmd_test

import (
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/wmtools/wm/cmd/internal/cmdtest"
)

// One of three nodes is killed while documents are written, and restarted: every
// acknowledged document is there once.
func TestEsOnElasticsearchClusterWithANodeKilled(t *testing.T) {
	e := cmdtest.StartElasticsearch(t, "-version", "8.19", "-nodes", "3")
	s := e.Server(1)
	events := cmdtest.NoCanaries(cmdtest.AroundMidnight(60_000))
	args := []string{"--es", strings.Join(e.Nodes, ","), "--index", "cluster-{stream}-%Y.%m.%d", "--batch-bytes", "1MiB"}
	if out, err := exec.Command(filepath.Join(cmdtest.Bin(), "wm-es"), "init-index", "--es", s.URL, "--index", args[3], "--replicas", "1").CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	cmd, stderr := s.Command(t, cmdtest.NDJSON(t, events), args...)
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	cmdtest.WaitFor(t, "it writes", func() bool { return s.Written(t, "cluster-*") > len(events)/10 })
	e.Kill(2)
	ended := make(chan error, 1)
	go func() { ended <- cmd.Wait() }()
	select {
	case err := <-ended:
		ended <- err
	case <-time.After(30 * time.Second): // the only copy of a new shard was on that node
	}
	e.Start(2)
	if err := <-ended; err != nil {
		t.Errorf("%v: %s", err, stderr)
	}
	got := cmdtest.ParseTally(t, stderr.String())
	if got.Created+got.Present != len(events) || got.Rejected != 0 {
		t.Errorf("%+v of %d: %s", got, len(events), stderr)
	}
	t.Logf("with a node killed: %+v", got)
	if count := s.Count(t, "cluster-*"); count != len(events) {
		t.Errorf("%d documents of %d", count, len(events))
	}
	again, messages, code := s.Index(t, cmdtest.NDJSON(t, events), args...)
	cmdtest.ExpectExit(t, code, 0, messages)
	if want := (cmdtest.Tally{Read: len(events), Present: len(events)}); again != want {
		t.Errorf("again: %+v, want %+v", again, want)
	}
	expectIndices(t, s, "cluster", events)
	runIndexCases(t, s, 4000)
}

// A user who may only create documents and indices of wm-* writes events from
// before and after midnight, into the indices of two days.
func TestEsOnElasticsearchWithUsers(t *testing.T) {
	e := cmdtest.StartElasticsearch(t, "-version", "8.19", "-secure")
	s := e.As(t, "admin")
	flags := func(user string, more ...string) []string {
		return append(more, "--user", user, "--password-file", e.Users[user], "--ca", e.CA)
	}
	cmd, stderr := s.Command(t, nil, flags("admin", "init-index")...)
	if err := cmd.Run(); err != nil {
		t.Fatalf("%v: %s", err, stderr)
	}
	events := cmdtest.NoCanaries(cmdtest.AroundMidnight(20_000))
	for _, want := range []cmdtest.Tally{{Read: len(events), Created: len(events)}, {Read: len(events), Present: len(events)}} {
		got, messages, code := s.Index(t, cmdtest.NDJSON(t, events), flags("writer")...)
		cmdtest.ExpectExit(t, code, 0, messages)
		if got != want {
			t.Errorf("%+v, want %+v: %s", got, want, messages)
		}
		expectIndices(t, s, "wm", events)
	}
	if _, messages, code := s.Index(t, cmdtest.NDJSON(t, events[:1]), flags("writer", "--index", "other")...); code != 2 || !strings.Contains(messages, "security_exception") {
		t.Errorf("an index that is not the user's: exit %d: %s", code, messages)
	}
	cmd, stderr = s.Command(t, cmdtest.NDJSON(t, events[:1]), "--user", "writer", "--ca", e.CA)
	cmd.Env = append(cmd.Env, "WM_ES_PASSWORD=wrong")
	if err := cmd.Run(); err == nil || !strings.Contains(stderr.String(), "security_exception") {
		t.Errorf("a wrong password: %v: %s", err, stderr)
	}
	s.Output(t, flags("admin", "check", "--max-age", "36500d")...)
	runIndexCases(t, s, 4000)
}
