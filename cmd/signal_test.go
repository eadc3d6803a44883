//go:build unix

package cmd_test

import (
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"testing"

	"github.com/wmtools/wm/cmd/internal/cmdtest"
)

// The first SIGHUP, like SIGINT and SIGTERM, ends a filter after it has flushed
// what is in its pipe.
func TestSignalsEndCleanly(t *testing.T) {
	for _, s := range []syscall.Signal{syscall.SIGHUP, syscall.SIGINT, syscall.SIGTERM} {
		t.Run(s.String(), func(t *testing.T) {
			t.Parallel()
			f := startFilter(t, "exec wm-grep . >out")
			f.send(t, "first\n")
			f.signal(t, s)
			f.end(t, "second\n", "first\nsecond\n")
		})
	}
	t.Run("wm-cut", func(t *testing.T) {
		t.Parallel()
		f := startFilter(t, "exec wm-cut --json -f a >out")
		f.send(t, `{"a":"first"}`+"\n")
		f.signal(t, syscall.SIGTERM)
		f.end(t, `{"a":"second"}`+"\n", `{"a":"first"}`+"\n"+`{"a":"second"}`+"\n")
	})
}

// A signal that is ignored at start stays ignored, as under nohup and for
// background jobs of scripts: even a second one does not end the program.
func TestIgnoredSignals(t *testing.T) {
	for name, s := range map[string]syscall.Signal{"HUP": syscall.SIGHUP, "INT": syscall.SIGINT} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f := startFilter(t, "trap '' "+name+"; exec wm-grep . >out")
			f.send(t, "first\n")
			f.signal(t, s)
			f.send(t, "second\n")
			f.signal(t, s)
			f.end(t, "third\n", "first\nsecond\nthird\n")
		})
	}
}

// filter is a shell command that reads a pipe and writes the file out.
type filter struct {
	*exec.Cmd
	in   io.WriteCloser
	sent string
}

func startFilter(t *testing.T, command string) *filter {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), "sh", "-c", command)
	cmd.Env = append(os.Environ(), "PATH="+cmdtest.Bin()+string(os.PathListSeparator)+os.Getenv("PATH"))
	cmd.Dir = t.TempDir()
	in, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	return &filter{Cmd: cmd, in: in}
}

// send writes text and waits until it has passed through.
func (f *filter) send(t *testing.T, text string) {
	t.Helper()
	if _, err := io.WriteString(f.in, text); err != nil {
		t.Fatal(err)
	}
	f.sent += text
	out := filepath.Join(f.Dir, "out")
	cmdtest.WaitFor(t, "the text has passed", func() bool {
		got, err := os.ReadFile(out)
		return err == nil && string(got) == f.sent
	})
}

func (f *filter) signal(t *testing.T, s syscall.Signal) {
	t.Helper()
	if err := f.Process.Signal(s); err != nil {
		t.Fatal(err)
	}
}

// end writes the last text, closes the input and compares the whole output.
func (f *filter) end(t *testing.T, text, want string) {
	t.Helper()
	if _, err := io.WriteString(f.in, text); err != nil {
		t.Fatal(err)
	}
	if err := f.in.Close(); err != nil {
		t.Fatal(err)
	}
	if err := f.Wait(); err != nil {
		t.Error(err)
	}
	if got, err := os.ReadFile(filepath.Join(f.Dir, "out")); string(got) != want {
		t.Errorf("output %q, error %v, want %q", got, err, want)
	}
}
