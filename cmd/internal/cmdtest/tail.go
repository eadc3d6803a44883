package cmdtest

import (
	"bytes"
	"os/exec"
	"path/filepath"
	"testing"
	"time"
)

// Tail is a wm-tail process and its output. Read OutBuf and ErrBuf after it has
// exited.
type Tail struct {
	*exec.Cmd
	OutBuf, ErrBuf bytes.Buffer
}

// NewTail prepares wm-tail in a temporary folder. It ends with the test.
func NewTail(t *testing.T, args ...string) *Tail {
	t.Helper()
	w := &Tail{Cmd: exec.CommandContext(t.Context(), filepath.Join(Bin(), "wm-tail"), args...)}
	w.Dir = t.TempDir()
	w.Stdout, w.Stderr = &w.OutBuf, &w.ErrBuf
	w.WaitDelay = 10 * time.Second
	return w
}

// RunTail runs wm-tail to completion and returns the lines it printed, its
// messages and its exit status.
func RunTail(t *testing.T, args ...string) (lines []string, stderr string, code int) {
	t.Helper()
	w := NewTail(t, args...)
	_ = w.Run() // the exit status is returned
	return Lines(w.OutBuf.Bytes()), w.ErrBuf.String(), w.ProcessState.ExitCode()
}
