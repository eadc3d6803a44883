package cmd_test

import (
	"bytes"
	"cmp"
	"flag"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/wmtools/wm/lib/event"
	"github.com/wmtools/wm/lib/simulate"
)

// world is a service of EventStreams for one test: the look-alike, or the real
// one in the conformance tests.
type world interface {
	url() string
	// add appends events to the service's log. They can be read when it returns.
	add(events ...simulate.Event)
}

// lookAlike is the service of lib/simulate.
type lookAlike struct{ *simulate.Server }

func newLookAlike(t *testing.T) world {
	srv := simulate.NewServer(simulate.NewService(simulate.Config{LineByLine: true}))
	t.Cleanup(srv.Close)
	return lookAlike{srv}
}

func (l lookAlike) url() string { return l.URL }

func (l lookAlike) add(events ...simulate.Event) { l.Append(events...) }

// wmTail is a running wm-tail.
type wmTail struct {
	*exec.Cmd
	stdout, stderr bytes.Buffer
}

func newTail(t *testing.T, args ...string) *wmTail {
	t.Helper()
	w := &wmTail{Cmd: exec.CommandContext(t.Context(), filepath.Join(bin(), "wm-tail"), args...)}
	w.Dir = t.TempDir()
	w.Stdout, w.Stderr = &w.stdout, &w.stderr
	w.WaitDelay = 10 * time.Second
	return w
}

// runTail runs wm-tail to its end and returns its lines and its exit code.
func runTail(t *testing.T, args ...string) (lines []string, stderr string, code int) {
	t.Helper()
	w := newTail(t, args...)
	_ = w.Run() // the exit code tells
	return split(w.stdout.Bytes()), w.stderr.String(), w.ProcessState.ExitCode()
}

func split(text []byte) (lines []string) {
	for line := range bytes.Lines(text) {
		lines = append(lines, string(bytes.TrimSuffix(line, []byte("\n"))))
	}
	return lines
}

// noCanaries leaves out the events that nobody asked for.
func noCanaries(events []simulate.Event) (kept []simulate.Event) {
	for _, e := range events {
		if !event.New(e.Data).Canary() {
			kept = append(kept, e)
		}
	}
	return kept
}

// ids counts the lines of each meta.id. Watermarks have none.
func ids(lines []string) map[string]int {
	count := make(map[string]int)
	for _, line := range lines {
		if id := event.New([]byte(line)).ID(); id != "" {
			count[id]++
		}
	}
	return count
}

// compareEvents says which events are lost, strange or there twice.
func compareEvents(t *testing.T, lines []string, source []simulate.Event) {
	t.Helper()
	got := ids(lines)
	lost, twice := 0, 0
	for _, e := range source {
		id := event.New(e.Data).ID()
		switch n := got[id]; {
		case n == 0:
			lost++
		case n > 1:
			twice++
		}
		delete(got, id)
	}
	if lost > 0 || twice > 0 || len(got) > 0 {
		t.Errorf("of %d events %d are lost, %d there twice, and %d more are strange", len(source), lost, twice, len(got))
	}
}

// at is the time of an event as --since takes it.
func at(e simulate.Event) string {
	return time.UnixMilli(e.Time).UTC().Format("2006-01-02T15:04:05.000Z")
}

// byTime returns events in the order of their times.
func byTime(events []simulate.Event) []simulate.Event {
	return slices.SortedStableFunc(slices.Values(events), func(a, b simulate.Event) int { return cmp.Compare(a.Time, b.Time) })
}

// earliest is the time of the oldest of some events, as --since takes it.
func earliest(events []simulate.Event) string { return at(byTime(events)[0]) }

// dated gives an event another message time.
func dated(e simulate.Event, ms int64) simulate.Event {
	old := at(e)
	e.Time = ms
	e.Data = bytes.Replace(e.Data, []byte(`"dt":"`+old+`"`), []byte(`"dt":"`+at(e)+`"`), 1)
	return e
}

// restless makes events whose times go backwards by up to 100 s, with bursts on
// one millisecond, and a data centre that is switched over in the middle.
func restless(n int, start time.Time) []simulate.Event {
	events := simulate.New(7, simulate.Options{Start: start, Late: 100 * time.Second, Switch: n / 2, Canary: 20 * time.Second}).Take(n)
	for i := range events {
		if burst := i / 50 * 50; i%50 < 12 && events[burst].Topic == events[i].Topic {
			events[i] = dated(events[i], events[burst].Time)
		}
	}
	return events
}

// recent is a start that lets the last of n events be some minutes old.
func recent(n int) time.Time {
	return time.Now().Add(-time.Duration(n)*time.Second/40 - 5*time.Minute)
}

// waitFor waits until something holds, for at most some minutes: the real
// service is slow where many tests share two cores.
func waitFor(t *testing.T, what string, holds func() bool) {
	t.Helper()
	for end := time.Now().Add(4 * time.Minute); !holds(); time.Sleep(5 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("waited in vain until %s", what)
		}
	}
}

func readLines(t *testing.T, name string) []string {
	t.Helper()
	text, err := os.ReadFile(name)
	if err != nil && !os.IsNotExist(err) {
		t.Fatal(err)
	}
	return split(text)
}

// soak is for runs by hand that take hours.
var soak = flag.Int("soak", 1, "how many times more often the tests kill")

func contains(t *testing.T, text string, parts ...string) {
	t.Helper()
	for _, part := range parts {
		if !strings.Contains(text, part) {
			t.Errorf("%q is not in %s", part, strings.TrimSpace(text))
		}
	}
}

func expectExit(t *testing.T, got, want int, stderr string) {
	t.Helper()
	if got != want {
		t.Errorf("exit code %d, want %d: %s", got, want, stderr)
	}
}
