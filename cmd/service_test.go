//go:build unix

package cmd_test

import (
	"bufio"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/wmtools/wm/cmd/internal/cmdtest"
	"github.com/wmtools/wm/lib/simulate/service"
)

// manager stands in for systemd: it receives what programs report.
type manager struct {
	*net.UnixConn
	socket string
}

func newManager(t *testing.T) *manager {
	dir, err := os.MkdirTemp("", "wm") // a socket's path must be short
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	m := &manager{socket: filepath.Join(dir, "notify")}
	if m.UnixConn, err = net.ListenUnixgram("unixgram", &net.UnixAddr{Name: m.socket, Net: "unixgram"}); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { m.Close() })
	return m
}

func (m *manager) next(t *testing.T) string {
	t.Helper()
	_ = m.SetReadDeadline(time.Now().Add(time.Minute))
	buf := make([]byte, 256)
	n, err := m.Read(buf)
	if err != nil {
		t.Fatal(err)
	}
	return string(buf[:n])
}

func start(t *testing.T, env []string, program string, args ...string) (*exec.Cmd, *bufio.Scanner) {
	t.Helper()
	cmd := exec.Command(filepath.Join(cmdtest.Bin(), program), args...)
	cmd.Env = append(os.Environ(), env...)
	stderr, err := cmd.StderrPipe()
	if err != nil {
		t.Fatal(err)
	}
	if _, err := cmd.StdinPipe(); err != nil { // open, so that wm-es has no end of input
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { cmdtest.Stop(cmd) })
	return cmd, bufio.NewScanner(stderr)
}

// A service is ready once it listens or has tried to connect, whether or not
// that succeeded, and is alive from then on.
func TestServicesReportThatTheyAreReady(t *testing.T) {
	t.Parallel()
	server := service.NewServer(service.New(service.Options{}))
	t.Cleanup(server.Close)
	store := cmdtest.Serve(t, "wm-store", "--data", t.TempDir())
	for name, args := range map[string][]string{
		"store":             {"wm-store", "--data", t.TempDir(), "--listen", "127.0.0.1:0"},
		"serve":             {"wm-serve", "--es", store, "--listen", "127.0.0.1:0"},
		"tail":              {"wm-tail", "--url", server.URL},
		"tail, no network":  {"wm-tail", "--url", "http://127.0.0.1:1"},
		"index":             {"wm-es", "--es", store},
		"index, no cluster": {"wm-es", "--es", "http://127.0.0.1:1"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			m := newManager(t)
			start(t, []string{"NOTIFY_SOCKET=" + m.socket, "WATCHDOG_USEC=20000"}, args[0], args[1:]...)
			for _, want := range []string{"READY=1", "WATCHDOG=1", "WATCHDOG=1"} {
				if got := m.next(t); got != want {
					t.Errorf("reported %q, want %q", got, want)
				}
			}
		})
	}
}

// SIGUSR1 prints what a program has done so far, and does not end it.
func TestSIGUSR1PrintsTheState(t *testing.T) {
	t.Parallel()
	server := service.NewServer(service.New(service.Options{}))
	t.Cleanup(server.Close)
	server.Append(cmdtest.Made(7, 50, time.Minute, 0)...)
	store := cmdtest.Serve(t, "wm-store", "--data", t.TempDir())
	for name, c := range map[string]struct {
		args []string
		want string
	}{
		"tail":  {[]string{"wm-tail", "--url", server.URL, "--since", "1h"}, "events in "},
		"index": {[]string{"wm-es", "--es", store}, "read 0 created 0"},
		"serve": {[]string{"wm-serve", "--es", store, "--listen", "127.0.0.1:0"}, "requests in "},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			m := newManager(t)
			cmd, stderr := start(t, []string{"NOTIFY_SOCKET=" + m.socket}, c.args[0], c.args[1:]...)
			m.next(t)
			go func() { // until the test ends: wm-es can be ready before it has a state
				for cmd.Process.Signal(syscall.SIGUSR1) == nil {
					time.Sleep(50 * time.Millisecond)
				}
			}()
			expectState(t, stderr, c.args[0], c.want)
		})
	}
	t.Run("filter", func(t *testing.T) {
		t.Parallel()
		cmd := exec.Command(filepath.Join(cmdtest.Bin(), "wm-grep"), "x")
		stdin, _ := cmd.StdinPipe()
		stdout, _ := cmd.StdoutPipe()
		stderr, _ := cmd.StderrPipe()
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { cmdtest.Stop(cmd) })
		_, _ = stdin.Write([]byte("x\n"))
		if line, err := bufio.NewReader(stdout).ReadString('\n'); err != nil { // it works
			t.Fatal(line, err)
		}
		if err := cmd.Process.Signal(syscall.SIGUSR1); err != nil {
			t.Fatal(err)
		}
		expectState(t, bufio.NewScanner(stderr), "wm-grep", "running for ")
	})
}

// expectState reads messages until one of the program has text.
func expectState(t *testing.T, stderr *bufio.Scanner, program, text string) {
	t.Helper()
	var got []string
	for stderr.Scan() {
		if got = append(got, stderr.Text()); strings.HasPrefix(stderr.Text(), program+": ") && strings.Contains(stderr.Text(), text) {
			return
		}
	}
	t.Errorf("ended without %q: %q", text, got)
}
