package app

import (
	"fmt"
	"io"
	"os"
	"strings"
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

// openTerminal returns the two ends of a pseudoterminal: the user's and the
// program's.
func openTerminal(t *testing.T) (screen, tty *os.File) {
	t.Helper()
	screen, err := os.OpenFile("/dev/ptmx", os.O_RDWR, 0)
	if err != nil {
		t.Skip("this machine has no terminals: ", err)
	}
	t.Cleanup(func() { screen.Close() })
	if err := unix.IoctlSetPointerInt(int(screen.Fd()), unix.TIOCSPTLCK, 0); err != nil {
		t.Fatal(err)
	}
	n, err := unix.IoctlGetInt(int(screen.Fd()), unix.TIOCGPTN)
	if err != nil {
		t.Fatal(err)
	}
	tty, err = os.OpenFile(fmt.Sprintf("/dev/pts/%d", n), os.O_RDWR|unix.O_NOCTTY, 0)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { tty.Close() })
	return screen, tty
}

// shown reads what the terminal shows until it contains text.
func shown(t *testing.T, screen *os.File, text string) (all string) {
	t.Helper()
	buf := make([]byte, 4096)
	for !strings.Contains(all, text) {
		n, err := screen.Read(buf)
		if err != nil {
			t.Fatalf("%v; the screen has %q, not %q", err, all, text)
		}
		all += string(buf[:n])
	}
	return all
}

func TestProgressOnATerminal(t *testing.T) {
	t.Setenv("TERM", "xterm")
	screen, tty := openTerminal(t)
	p := NewProgress(tty, false)
	messages := p.Writer(tty)
	done := 0.0
	p.Start(func() State {
		done += 10
		return State{Done: done, Total: 100, Count: int64(done) * 3, Unit: "events", Note: "12:00"}
	})
	first := shown(t, screen, "%")
	if !strings.Contains(first, "\r\x1b[K[====") {
		t.Errorf("the line is %q", first)
	}
	if rest := shown(t, screen, "ETA "); !strings.Contains(first+rest, " events  ") || !strings.Contains(first+rest, "/s  12:00  ") {
		t.Errorf("the line is %q", first+rest)
	}
	fmt.Fprintln(messages, "something happened")
	if after := shown(t, screen, "something happened"); !strings.Contains(after, clearLine+"something happened") {
		t.Errorf("the message is mixed with the line: %q", after)
	}
	shown(t, screen, "[") // the line is redrawn below
	p.Stop()
	p.Stop()
	shown(t, screen, clearLine)
}

func TestProgressNeedsATerminal(t *testing.T) {
	r, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	_, tty := openTerminal(t)
	for _, p := range []*Progress{NewProgress(w, false), NewProgress(tty, true)} {
		if p.Writer(w) != io.Writer(w) {
			t.Error("Writer does not return w")
		}
		p.Start(func() State { t.Error("asked for its state"); return State{} })
		p.Stop()
	}
}

// The rate covers the last few seconds; the time left follows from it.
func TestProgressRates(t *testing.T) {
	now := time.Unix(0, 0)
	s := speeds{at: now}
	for i := range 100 {
		now = now.Add(time.Second)
		s.update(State{Done: float64(i+1) * 5, Count: int64(i+1) * 40}, now)
	}
	if got := (State{Done: 500, Total: 1000, Count: 4000, Unit: "events"}).line(s); got != "[==========          ]  50%  4000 events  40/s  ETA 1m40s" {
		t.Errorf("line %q", got)
	}
	if got := (State{Count: 4000, Unit: "events", Note: "now"}).line(s); got != "4000 events  40/s  now" {
		t.Errorf("line %q", got)
	}
}

func TestHasColor(t *testing.T) {
	_, tty := openTerminal(t)
	r, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	defer w.Close()
	tests := []struct {
		out           *os.File
		term, noColor string
		want          bool
	}{
		{tty, "xterm-256color", "", true},
		{tty, "xterm-256color", "1", false},
		{tty, "dumb", "", false},
		{tty, "", "", false},
		{w, "xterm-256color", "", false},
	}
	for _, tt := range tests {
		t.Setenv("TERM", tt.term)
		t.Setenv("NO_COLOR", tt.noColor)
		if got := hasColor(tt.out); got != tt.want {
			t.Errorf("TERM=%s NO_COLOR=%s: %v, want %v", tt.term, tt.noColor, got, tt.want)
		}
	}
}
