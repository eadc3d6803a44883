package cmd_test

import (
	"math/rand/v2"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"testing"

	"github.com/wmtools/wm/cmd/internal/cmdtest"
)

// A day in the life of the collector with wm-store.
func TestADayInItsLife(t *testing.T) {
	t.Parallel()
	runDay(t, newDayStore)
}

// newDayStore starts wm-store, with its data on a small file system if one can be
// made. Its messages are added to those of the collector.
func newDayStore(t *testing.T, messages *os.File) *dayServer {
	address, data := unusedAddress(t), t.TempDir()
	s := &dayServer{SearchServer: &cmdtest.SearchServer{URL: "http://" + address, Client: http.DefaultClient}}
	s.started, s.stopped = []string{`wm-store: listening on .*`}, []string{`wm-store: \d+ requests in .*`}
	if mountSmall(t, data) {
		ballast := filepath.Join(data, "ballast")
		s.fill = func() { fillDisk(t, ballast) }
		s.free = func() { _ = os.Remove(ballast) }
	}
	s.full = []string{
		`wm-store: documents are rejected with status 429: index wm-.*: disk full: .*`, `wm-store: working again after .*`,
		`wm-es: .*cluster_block_exception.*; trying again in .*`, `wm-es: hint: free disk space .*`, esWorks,
	}
	var cmd *exec.Cmd
	s.start = func() {
		cmd = exec.Command(filepath.Join(cmdtest.Bin(), "wm-store"), "--listen", address, "--data", data)
		cmd.Stderr = messages
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		cmdtest.WaitFor(t, "wm-store listens", func() bool {
			conn, err := net.Dial("tcp", address)
			if err == nil {
				conn.Close()
			}
			return err == nil
		})
	}
	s.kill = func() {
		_ = cmd.Process.Kill()
		_ = cmd.Wait() // it was killed
	}
	s.stop = func() { cmdtest.Stop(cmd) }
	s.start()
	t.Cleanup(func() { s.kill() })
	return s
}

// unusedAddress returns an address that nothing uses while a server is away. Ports
// that the system assigns are larger.
func unusedAddress(t *testing.T) string {
	for range 100 {
		address := net.JoinHostPort("127.0.0.1", strconv.Itoa(20_000+rand.IntN(10_000)))
		if ln, err := net.Listen("tcp", address); err == nil {
			ln.Close()
			return address
		}
	}
	t.Fatal("no unused port")
	return ""
}

// mountSmall mounts a file system of 24 MiB at dir, if that is possible.
func mountSmall(t *testing.T, dir string) bool {
	if runtime.GOOS != "linux" || os.Getuid() != 0 {
		return false
	}
	if exec.Command("mount", "-t", "tmpfs", "-o", "size=24m", "tmpfs", dir).Run() != nil {
		return false
	}
	t.Cleanup(func() {
		if out, err := exec.Command("umount", dir).CombinedOutput(); err != nil {
			t.Errorf("%v: %s", err, out)
		}
	})
	return true
}

// fillDisk writes a file until its disk is full.
func fillDisk(t *testing.T, name string) {
	f, err := os.Create(name)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	for block := make([]byte, 4096); err == nil; {
		_, err = f.Write(block)
	}
}
