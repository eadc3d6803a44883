//go:build conformance

package cmd_test

import (
	"bufio"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/wmtools/wm/lib/simulate"
)

// kafkaSSE is the code that Wikimedia runs: scripts/kafkasse in a process.
type kafkaSSE struct {
	t       *testing.T
	address string
	in      io.Writer
	out     *bufio.Reader
	loaded  int
}

// kafkaSSEProgram builds scripts/kafkasse, which is a module of its own, and has
// it build what it needs: once, for the tests start at the same time.
var kafkaSSEProgram = sync.OnceValues(func() (string, error) {
	program := filepath.Join(bin(), "kafkasse")
	out, err := exec.Command("go", "-C", "../scripts/kafkasse", "build", "-o", program, ".").CombinedOutput()
	if err != nil {
		return "", fmt.Errorf("%w: %s", err, out)
	}
	prepare := exec.Command(program, "-build")
	prepare.Stderr = os.Stderr
	return program, prepare.Run()
})

func newKafkaSSE(t *testing.T) world {
	t.Helper()
	program, err := kafkaSSEProgram()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(program)
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
		_ = cmd.Wait()
	})
	k := &kafkaSSE{t: t, in: in, out: bufio.NewReader(out)}
	k.address = k.says("listening on ")
	return k
}

// says reads the next line, which begins in this way, and returns the rest.
func (k *kafkaSSE) says(start string) string {
	k.t.Helper()
	line, err := k.out.ReadString('\n')
	rest, ok := strings.CutPrefix(strings.TrimSpace(line), start)
	if !ok {
		k.t.Fatalf("kafkasse says %q, error %v", line, err)
	}
	return rest
}

func (k *kafkaSSE) url() string { return k.address }

func (k *kafkaSSE) add(events ...simulate.Event) {
	k.t.Helper()
	w := bufio.NewWriter(k.in)
	for _, e := range events {
		fmt.Fprintf(w, "%s\n", e.Data)
	}
	fmt.Fprintln(w)
	if err := w.Flush(); err != nil {
		k.t.Fatal(err)
	}
	k.loaded += len(events)
	if said := k.says("loaded "); said != fmt.Sprint(k.loaded) {
		k.t.Fatalf("loaded %s of %d events", said, k.loaded)
	}
}

func TestTailOnKafkaSSE(t *testing.T) { runTailCases(t, newKafkaSSE, 20_000) }

func TestTailReplaysOnKafkaSSE(t *testing.T) { runReplayCases(t, newKafkaSSE) }

func TestTailWatermarksOnKafkaSSE(t *testing.T) { runSinkCases(t, newKafkaSSE) }

// What comes while a connection to an empty stream is being made, at different
// times after the request, is not lost: see TestTailBeginsAtTheLiveEnd.
func TestTailBeginsAtTheLiveEndOfKafkaSSE(t *testing.T) {
	t.Parallel()
	w := newKafkaSSE(t)
	streams := []string{"page-create", "page-delete", "page-links-change", "page-move", "page-properties-change",
		"page-undelete", "revision-create", "page_change.v1", "revision-tags-change", "revision-visibility-change"}
	fresh := func(stream string) simulate.Event {
		return ofStream(simulate.New(uint64(time.Now().UnixNano()), simulate.Options{Start: time.Now(), Canary: -1}).Next(), "mediawiki."+stream)
	}
	tails, want := make([]*wmTail, len(streams)), make([][]simulate.Event, len(streams))
	for i, stream := range streams {
		proxy := newHangUp(t, w.url())
		tails[i] = newTail(t, "--url", proxy.URL, "--since", "10s", "-n", "2", "--idle", "5s", "--retry-for", "10s", "mediawiki."+stream)
		if err := tails[i].Start(); err != nil {
			t.Fatal(err)
		}
		waitFor(t, "it asks", func() bool { return proxy.asked.Load() > 0 })
		time.Sleep(time.Duration(i) * 40 * time.Millisecond) // a moment that is drawn
		want[i] = append(want[i], fresh(stream))
		w.add(want[i]...)
	}
	time.Sleep(3 * time.Second) // more than the overlap
	for i, stream := range streams {
		later := fresh(stream)
		w.add(later)
		want[i] = append(want[i], later)
	}
	for i, tail := range tails {
		if err := tail.Wait(); err != nil {
			t.Errorf("%s: %v: %s", streams[i], err, &tail.stderr)
		}
		compareEvents(t, split(tail.stdout.Bytes()), want[i])
		t.Logf("%s: %s", streams[i], &tail.stderr)
	}
}
