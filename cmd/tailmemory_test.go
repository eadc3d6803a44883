package cmd_test

import (
	"fmt"
	"os"
	"os/exec"
	"regexp"
	"strconv"
	"testing"
	"time"
)

var peak = regexp.MustCompile(`VmHWM:\s*(\d+) kB`)

// runWatched runs a program to its end and returns the peak of its memory in
// bytes, as it was a moment before; 0 where there is no /proc. What wait4 tells
// of it would begin with the memory of this process.
func runWatched(t *testing.T, w *exec.Cmd) (most int64) {
	t.Helper()
	if err := w.Start(); err != nil {
		t.Fatal(err)
	}
	done := make(chan struct{})
	go func() {
		_ = w.Wait() // the exit code tells
		close(done)
	}()
	status := fmt.Sprintf("/proc/%d/status", w.Process.Pid)
	for {
		if text, err := os.ReadFile(status); err == nil {
			if m := peak.FindSubmatch(text); m != nil {
				kib, _ := strconv.ParseInt(string(m[1]), 10, 64)
				most = max(most, kib<<10)
			}
		}
		select {
		case <-done:
			return most
		case <-time.After(10 * time.Millisecond):
		}
	}
}
