package cmd_test

import (
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/wmtools/wm/cmd/internal/cmdtest"
)

// smallDisk mounts a file system of a few megabytes, half of which a file takes
// that is to be removed later.
func smallDisk(t *testing.T) (dir, ballast string) {
	t.Helper()
	if runtime.GOOS != "linux" || os.Getuid() != 0 {
		t.Skip("mounting a small file system takes root on Linux")
	}
	dir = t.TempDir()
	if out, err := exec.Command("mount", "-t", "tmpfs", "-o", "size=16m", "tmpfs", dir).CombinedOutput(); err != nil {
		t.Skipf("mounting a small file system is not permitted here: %s", out)
	}
	t.Cleanup(func() {
		if out, err := exec.Command("umount", dir).CombinedOutput(); err != nil {
			t.Errorf("umount: %v: %s", err, out)
		}
	})
	ballast = filepath.Join(dir, "ballast")
	if err := os.WriteFile(ballast, make([]byte, 12<<20), 0o600); err != nil {
		t.Fatal(err)
	}
	return dir, ballast
}

// serveFrom starts wm-store on a folder with its messages in a file.
func serveFrom(t *testing.T, data string) (server *cmdtest.SearchServer, cmd *exec.Cmd, messages func() string) {
	t.Helper()
	said, err := os.Create(filepath.Join(t.TempDir(), "said"))
	if err != nil {
		t.Fatal(err)
	}
	defer said.Close()
	messages = func() string { return strings.Join(cmdtest.ReadLines(t, said.Name()), "\n") }
	cmd = exec.Command(filepath.Join(cmdtest.Bin(), "wm-store"), "--listen", "127.0.0.1:0", "--data", data)
	cmd.Stderr = said
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { cmdtest.Stop(cmd) })
	cmdtest.WaitFor(t, "wm-store to listen", func() bool { return strings.Contains(messages(), "listening on ") })
	_, url, _ := strings.Cut(messages(), "listening on ")
	url, _, _ = strings.Cut(url, ",")
	return &cmdtest.SearchServer{URL: url, Client: http.DefaultClient}, cmd, messages
}

// TestStoreOnAFullDisk fills the disk under wm-store while wm-es writes to it. Both
// say so, searches still work, and once there is space everything is written.
func TestStoreOnAFullDisk(t *testing.T) {
	disk, ballast := smallDisk(t)
	data := filepath.Join(disk, "data")
	server, store, messages := serveFrom(t, data)
	events := cmdtest.NoCanaries(cmdtest.Made(7, 8000, time.Hour, 10))

	said := filepath.Join(t.TempDir(), "said")
	out, err := os.Create(said)
	if err != nil {
		t.Fatal(err)
	}
	defer out.Close()
	loader, _ := server.Command(t, cmdtest.NDJSON(t, events), "--batch-bytes", "256KiB")
	loader.Stderr = out
	if err := loader.Start(); err != nil {
		t.Fatal(err)
	}
	read := func() string { return strings.Join(cmdtest.ReadLines(t, said), "\n") }
	cmdtest.WaitFor(t, "wm-es to report the full disk", func() bool { return strings.Contains(read(), "free disk space") })
	cmdtest.Contains(t, messages(), "wm-store: documents are rejected with status 429: ")

	// A client gets Elasticsearch's error, and searches go on.
	index := "wm-recentchange-*"
	item := server.Ask(t, http.MethodPost, "/wm-recentchange-2020.01.01/_bulk", "{\"create\":{}}\n{\"comment\":\""+noise(1<<20)+"\"}\n").Get("items.0.create")
	if item.Get("status").Int() != http.StatusTooManyRequests || item.Get("error.type").Str != "cluster_block_exception" {
		t.Errorf("on a full disk: %s", item)
	}
	written := server.Count(t, index)
	if written == 0 || written >= len(events) {
		t.Fatalf("%d of %d documents are written: the disk is too large or too small", written, len(events))
	}

	if err := os.Remove(ballast); err != nil {
		t.Fatal(err)
	}
	if err := loader.Wait(); err != nil {
		t.Fatalf("wm-es: %v: %s", err, read())
	}
	if y := cmdtest.ParseTally(t, read()); y.Created+y.Present != len(events) || y.Rejected != 0 {
		t.Errorf("%+v for %d events", y, len(events))
	}
	cmdtest.Contains(t, messages(), "wm-store: working again after ")
	_ = store.Process.Kill()
	_ = store.Wait()
	server, store, _ = serveFrom(t, data)
	if n := server.Count(t, index); n != len(events) {
		t.Errorf("%d documents after a crash, want %d", n, len(events))
	}
	cmdtest.Stop(store)
	cmdtest.Run(t, nil, "wm-store", "verify", data)
}

// noise returns letters that do not compress.
func noise(n int) string {
	text := make([]byte, n)
	x := uint32(1)
	for i := range text {
		x = x*1664525 + 1013904223
		text[i] = 'a' + byte(x>>24)%26
	}
	return string(text)
}
