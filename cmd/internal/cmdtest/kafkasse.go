//go:build conformance

package cmdtest

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

	"github.com/wmtools/wm/lib/simulate"
)

// kafkaSSE is a process of scripts/kafkasse, which runs the code that Wikimedia
// runs.
type kafkaSSE struct {
	t       *testing.T
	address string
	in      io.Writer
	out     *bufio.Reader
	loaded  int
}

// kafkaSSEProgram builds scripts/kafkasse, a separate module, and its
// dependencies, once for all tests.
var kafkaSSEProgram = sync.OnceValues(func() (string, error) {
	program := filepath.Join(Bin(), "kafkasse")
	out, err := exec.Command("go", "-C", "../scripts/kafkasse", "build", "-o", program, ".").CombinedOutput()
	if err != nil {
		return "", fmt.Errorf("%w: %s", err, out)
	}
	prepare := exec.Command(program, "-build")
	prepare.Stderr = os.Stderr
	return program, prepare.Run()
})

// NewKafkaSSE starts Wikimedia's kafka-sse over a Kafka broker for the duration
// of the test.
func NewKafkaSSE(t *testing.T) EventStreams {
	t.Helper()
	program, err := kafkaSSEProgram()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(program)
	cmd.Stderr = os.Stderr
	in, out := StartPiped(t, cmd)
	t.Cleanup(func() {
		_ = cmd.Process.Signal(syscall.SIGTERM)
		_ = cmd.Wait()
	})
	k := &kafkaSSE{t: t, in: in, out: bufio.NewReader(out)}
	k.address = k.says("listening on ")
	return k
}

// says reads the next line, which must begin with start, and returns the rest.
func (k *kafkaSSE) says(start string) string {
	k.t.Helper()
	line, err := k.out.ReadString('\n')
	rest, ok := strings.CutPrefix(strings.TrimSpace(line), start)
	if !ok {
		k.t.Fatalf("kafkasse says %q, error %v", line, err)
	}
	return rest
}

func (k *kafkaSSE) URL() string { return k.address }

func (k *kafkaSSE) Add(events ...simulate.Event) {
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
