package cmd_test

import (
	"bufio"
	"bytes"
	"io"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"syscall"
	"testing"
	"time"

	"github.com/tidwall/gjson"

	"github.com/wmtools/wm/cmd/internal/cmdtest"
	"github.com/wmtools/wm/lib/cursor"
	"github.com/wmtools/wm/lib/event"
	"github.com/wmtools/wm/lib/simulate"
)

// kills is how often a test kills wm-tail.
func kills() int { return 6 * *cmdtest.Soak }

// slow passes on the events of a service in about four seconds, so that a kill
// comes between them.
func slow(t *testing.T, w cmdtest.EventStreams, n int) *cmdtest.Cutter {
	proxy := cmdtest.NewCutter(t, w.URL(), n/5)
	proxy.Pace = slowPace(n)
	return proxy
}

func slowPace(n int) time.Duration { return 4 * time.Second / time.Duration(n) }

// drawnPause waits for a random time, so that a kill comes before the first save
// or after the first few.
func drawnPause(r *rand.Rand) { time.Sleep(time.Duration(r.IntN(1800)) * time.Millisecond) }

// wm-tail --cursor c.json >> events.ndjson is killed again and again: nothing is
// lost, and only events written after the last save come again.
func killedInFileMode(t *testing.T, newWorld func(*testing.T) cmdtest.EventStreams, n int) {
	w := newWorld(t)
	source := cmdtest.Restless(n, cmdtest.Recent(n))
	w.Add(source...)
	proxy := slow(t, w, n)
	dir := t.TempDir()
	output, cursor := filepath.Join(dir, "events.ndjson"), filepath.Join(dir, "c.json")
	r := rand.New(rand.NewPCG(1, uint64(n)))
	start := func() *cmdtest.Tail {
		tail := cmdtest.NewTail(t, "-q", "--url", proxy.URL, "--since", cmdtest.Earliest(source), "--cursor", cursor)
		out, err := os.OpenFile(output, os.O_WRONLY|os.O_CREATE|os.O_APPEND, 0o644)
		if err != nil {
			t.Fatal(err)
		}
		defer out.Close()
		tail.Stdout = out
		if err := tail.Start(); err != nil {
			t.Fatal(err)
		}
		return tail
	}
	settled := make(map[string]int) // events covered by the last save, and how often they occur
	most := 0
	for i := range kills() {
		tail := start()
		if i%2 == 1 { // on a busy machine the others may all come before the first save
			cmdtest.WaitFor(t, "a cursor that covers an event", func() bool { return holds(cursor, `"offset"`) })
		}
		drawnPause(r)
		if err := tail.Process.Kill(); err != nil {
			t.Fatal(err)
		}
		_ = tail.Wait() // it was killed
		lines := cmdtest.ReadLines(t, output)
		noneAgain(t, lines, settled)
		settled = settledBy(t, cursor, lines)
		most = max(most, len(settled))
		cutLastLine(t, output, r)
	}
	if most == 0 {
		t.Error("no kill came after a save")
	}
	before := proxy.Requests()
	tail := start()
	cmdtest.WaitFor(t, "it has begun", func() bool { return proxy.Requests() > before })
	want := len(cmdtest.NoCanaries(source))
	cmdtest.WaitFor(t, "all events are there", func() bool { return len(cmdtest.IDs(cmdtest.ReadLines(t, output))) >= want })
	if err := tail.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	if err := tail.Wait(); err != nil {
		t.Errorf("%v: %s", err, &tail.ErrBuf)
	}
	noneAgain(t, cmdtest.ReadLines(t, output), settled)
	checkFile(t, cmdtest.ReadLines(t, output), source)
}

// holds reports whether a file exists and contains a text.
func holds(name, text string) bool {
	data, err := os.ReadFile(name)
	return err == nil && bytes.Contains(data, []byte(text))
}

// noneAgain checks that events covered by a save occur as often as then.
func noneAgain(t *testing.T, lines []string, settled map[string]int) {
	t.Helper()
	again, now := 0, cmdtest.IDs(lines)
	for id, count := range settled {
		if now[id] != count {
			again++
		}
	}
	if again > 0 {
		t.Errorf("%d of %d events came again although the cursor covered them", again, len(settled))
	}
}

// settledBy returns the ids of the lines that a cursor covers, by their offsets,
// and how often each occurs.
func settledBy(t *testing.T, name string, lines []string) map[string]int {
	t.Helper()
	settled := make(map[string]int)
	text, err := os.ReadFile(name)
	if os.IsNotExist(err) {
		return settled
	}
	if err != nil {
		t.Fatal(err)
	}
	c, err := cursor.Decode(text)
	if err != nil {
		t.Fatal(err)
	}
	for _, line := range lines {
		m := event.New([]byte(line)).Meta()
		for _, p := range c.Positions {
			if p.Topic == m.Topic && p.Offset != nil && m.Offset <= *p.Offset {
				settled[m.ID]++
			}
		}
	}
	return settled
}

// cutLastLine does what a machine does that stops while it writes: it leaves half
// of the next line in the file.
func cutLastLine(t *testing.T, name string, r *rand.Rand) {
	t.Helper()
	if r.IntN(2) == 0 {
		return
	}
	f, err := os.OpenFile(name, os.O_WRONLY|os.O_APPEND, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if _, err := f.WriteString(`{"$schema":"/mediawiki/recentch`); err != nil {
		t.Fatal(err)
	}
}

// checkFile checks that every event is in the file, complete.
func checkFile(t *testing.T, lines []string, source []simulate.Event) {
	t.Helper()
	got, torn := cmdtest.IDs(lines), 0
	for _, line := range lines {
		if !gjson.Valid(line) {
			torn++
		}
	}
	lost := 0
	for _, e := range cmdtest.NoCanaries(source) {
		id := event.New(e.Data).ID()
		if got[id] == 0 {
			lost++
		}
	}
	if lost > 0 || len(got) > len(cmdtest.NoCanaries(source)) {
		t.Errorf("of %d events %d are lost; the file has %d different ones, and %d torn lines", len(cmdtest.NoCanaries(source)), lost, len(got), torn)
	}
	t.Logf("%d lines, %d different events, %d torn by kills", len(lines), len(got), torn)
}

// sink handles watermarks as the sink of a pipeline does: it stores the lines
// before one, and then saves its cursor. When killed, it loses the rest.
type sink struct {
	cursor  string // file
	settled []string
	events  map[string]int // settled lines by meta.id
	enough  int            // events after which it stops; 0: at the end
}

func (s *sink) read(in io.Reader) error {
	var open []string
	lines := bufio.NewReaderSize(in, 1<<20)
	for {
		line, err := lines.ReadBytes('\n')
		if err != nil {
			return nil // the end, or a truncated line
		}
		if line = line[:len(line)-1]; !cursor.IsWatermark(line) {
			open = append(open, string(line))
			continue
		}
		c, err := cursor.DecodeWatermark(line)
		if err != nil {
			return err
		}
		if err := os.WriteFile(s.cursor, c.Encode(), 0o644); err != nil {
			return err
		}
		s.settle(open)
		if open = nil; s.enough > 0 && len(s.events) >= s.enough {
			return nil
		}
	}
}

func (s *sink) settle(lines []string) {
	if s.events == nil {
		s.events = make(map[string]int)
	}
	s.settled = append(s.settled, lines...)
	for id, n := range cmdtest.IDs(lines) {
		s.events[id] += n
	}
}

// wm-tail --resume c.json | sink, each killed at random: nothing is lost.
func killedInSinkMode(t *testing.T, newWorld func(*testing.T) cmdtest.EventStreams, n int) {
	w := newWorld(t)
	source := cmdtest.Restless(n, cmdtest.Recent(n))
	w.Add(source...)
	proxy := slow(t, w, n)
	s := &sink{cursor: filepath.Join(t.TempDir(), "c.json")}
	r := rand.New(rand.NewPCG(2, uint64(n)))
	want := len(cmdtest.NoCanaries(source))
	start := func() (tail *cmdtest.Tail, out io.ReadCloser) {
		tail = cmdtest.NewTail(t, "-q", "--url", proxy.URL, "--since", cmdtest.Earliest(source), "--resume", s.cursor, "--watermark", "50ms")
		tail.Stdout = nil
		out, err := tail.StdoutPipe()
		if err != nil {
			t.Fatal(err)
		}
		if err := tail.Start(); err != nil {
			t.Fatal(err)
		}
		return tail, out
	}
	for range kills() {
		tail, out := start()
		s.killed(t, tail, out, r)
	}
	s.enough = want
	tail, out := start()
	giveUp := time.AfterFunc(4*time.Minute, func() { _ = tail.Process.Kill() })
	defer giveUp.Stop()
	if err := s.read(out); err != nil {
		t.Fatal(err)
	}
	_ = tail.Process.Kill() // it may have been killed already
	_ = tail.Wait()         // it was killed
	lost := 0
	for _, e := range cmdtest.NoCanaries(source) {
		if s.events[event.New(e.Data).ID()] == 0 {
			lost++
		}
	}
	if lost > 0 || len(s.events) != want {
		t.Errorf("of %d events %d are lost; %d different ones are settled", want, lost, len(s.events))
	}
	t.Logf("%d lines settled, %d different events", len(s.settled), want)
}

// killed reads the output of a wm-tail until one of the two is killed.
func (s *sink) killed(t *testing.T, tail *cmdtest.Tail, out io.ReadCloser, r *rand.Rand) {
	t.Helper()
	read := make(chan error, 1)
	go func() { read <- s.read(out) }()
	drawnPause(r)
	if r.IntN(2) == 0 {
		out.Close() // the sink is killed; wm-tail ends without a reader
	} else if err := tail.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	if err := <-read; err != nil {
		t.Fatal(err)
	}
	if err := tail.Wait(); err != nil {
		if _, killed := err.(*exec.ExitError); !killed {
			t.Fatal(err)
		}
	}
}

// A stop by a signal leaves whole lines and a cursor that covers them: the next
// run prints the rest, and nothing twice.
func stopAndStart(t *testing.T, newWorld func(*testing.T) cmdtest.EventStreams, _ int) {
	w := newWorld(t)
	source := cmdtest.Restless(1500, cmdtest.Recent(1500))
	w.Add(source...)
	proxy := cmdtest.NewCutter(t, w.URL(), 200)
	proxy.Pace = time.Millisecond
	dir := t.TempDir()
	cursor := filepath.Join(dir, "c.json")
	var lines []string
	r := rand.New(rand.NewPCG(3, 1500))
	for _, s := range []syscall.Signal{syscall.SIGTERM, syscall.SIGHUP, syscall.SIGINT} {
		before := proxy.Requests()
		tail := cmdtest.NewTail(t, "--url", proxy.URL, "--since", cmdtest.Earliest(source), "--cursor", cursor)
		if err := tail.Start(); err != nil {
			t.Fatal(err)
		}
		cmdtest.WaitFor(t, "it has begun", func() bool { return proxy.Requests() > before })
		drawnPause(r)
		if err := tail.Process.Signal(s); err != nil {
			t.Fatal(err)
		}
		if err := tail.Wait(); err != nil {
			t.Errorf("%v: %s", err, &tail.ErrBuf)
		}
		cmdtest.Contains(t, tail.ErrBuf.String(), " events in ")
		lines = append(lines, cmdtest.Lines(tail.OutBuf.Bytes())...)
	}
	if len(lines) == 0 {
		t.Error("the stops came before the first event")
	}
	rest := len(cmdtest.NoCanaries(source)) - len(lines)
	last, stderr, code := cmdtest.RunTail(t, "--url", proxy.URL, "--cursor", cursor, "-n", strconv.Itoa(max(1, rest)))
	cmdtest.ExpectExit(t, code, 0, stderr)
	cmdtest.CompareEvents(t, append(lines, last...), cmdtest.NoCanaries(source))
}
