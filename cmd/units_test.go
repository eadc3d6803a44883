//go:build unix

package cmd_test

import (
	"bytes"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/wmtools/wm/cmd/internal/cmdtest"
	"github.com/wmtools/wm/lib/simulate/service"
)

// units returns the systemd units by name.
func units(t *testing.T) map[string]string {
	t.Helper()
	files, err := filepath.Glob("../scripts/systemd/wm-*")
	if err != nil || len(files) == 0 {
		t.Fatal("no units", err)
	}
	all := map[string]string{}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		all[filepath.Base(file)] = string(text)
	}
	return all
}

// systemd finds no fault in the units when they are installed with the programs.
func TestUnitsAreCorrect(t *testing.T) {
	cmdtest.Need(t, "systemd-analyze", "bash")
	root := t.TempDir()
	args := []string{"--root=" + root, "--man=no", "verify"}
	for name, text := range units(t) {
		put(t, filepath.Join(root, "etc/systemd/system", name), text, 0o644)
		args = append(args, name)
	}
	for _, program := range append([]string{"bash"}, programs...) {
		put(t, filepath.Join(root, "usr/bin", program), "#!/bin/sh\n", 0o755)
		put(t, filepath.Join(root, "bin", program), "#!/bin/sh\n", 0o755)
	}
	if out, err := exec.Command("cp", "-r", "/lib/systemd", filepath.Join(root, "lib-systemd")).CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	if err := os.Mkdir(filepath.Join(root, "lib"), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.Rename(filepath.Join(root, "lib-systemd"), filepath.Join(root, "lib/systemd")); err != nil {
		t.Fatal(err)
	}
	if out, err := exec.Command("systemd-analyze", args...).CombinedOutput(); err != nil || len(out) > 0 {
		t.Errorf("%v\n%s", err, out)
	}
}

func put(t *testing.T, file, text string, mode os.FileMode) {
	t.Helper()
	err := os.MkdirAll(filepath.Dir(file), 0o755)
	if err == nil {
		err = os.WriteFile(file, []byte(text), mode)
	}
	if err != nil {
		t.Fatal(err)
	}
}

var exposure = regexp.MustCompile(`Overall exposure level for (\S+): (\S+)`)

// By systemd's measure, from 0 to 10, the services are hardly exposed.
func TestUnitsAreHardened(t *testing.T) {
	cmdtest.Need(t, "systemd-analyze")
	files, _ := filepath.Glob("../scripts/systemd/*.service")
	out, err := exec.Command("systemd-analyze", append([]string{"security", "--offline=true", "--no-pager"}, files...)...).Output()
	if err != nil {
		t.Fatal(err)
	}
	levels := exposure.FindAllStringSubmatch(string(out), -1)
	if len(levels) != len(files) {
		t.Errorf("%d services of %d", len(levels), len(files))
	}
	for _, m := range levels {
		if level, err := strconv.ParseFloat(m[2], 64); err != nil || level > 2 {
			t.Errorf("%s: exposure %s", m[1], m[2])
		}
	}
}

var execStart = regexp.MustCompile(`(?m)^ExecStart=/bin/bash -o pipefail -c '(.*)'$`)

// The pipeline in wm-collect.service ends cleanly when systemd sends SIGTERM to all
// its processes: everything that was read is indexed, and the cursor is saved. The
// next run continues there.
func TestCollectUnitStopsCleanly(t *testing.T) {
	t.Parallel()
	cmdtest.Need(t, "bash")
	m := execStart.FindStringSubmatch(units(t)["wm-collect.service"])
	if m == nil {
		t.Fatal("wm-collect.service has no pipeline")
	}
	server := service.NewServer(service.New(service.Options{}))
	t.Cleanup(server.Close)
	server.Append(cmdtest.Made(8, 2000, time.Minute, 0)...)
	store := cmdtest.Serve(t, "wm-store", "--data", t.TempDir())
	cursor := filepath.Join(t.TempDir(), "cursor.json")
	for run, more := range []int{0, 500} {
		if more > 0 {
			server.Append(cmdtest.Made(9, more, time.Minute, 0)...)
		}
		cmd := exec.Command("bash", "-o", "pipefail", "-c", m[1])
		cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
		manager := newManager(t)
		cmd.Env = append(os.Environ(), "PATH="+cmdtest.Bin()+":"+os.Getenv("PATH"), "NOTIFY_SOCKET="+manager.socket, "WM_COLLECT_STREAMS=recentchange",
			"WM_TAIL_RESUME="+cursor, "WM_ES_CURSOR="+cursor, "WM_TAIL_URL="+server.URL, "WM_TAIL_SINCE=2026-01-01", "WM_ES="+store)
		var stderr bytes.Buffer
		cmd.Stderr = &stderr
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		manager.next(t) // ready
		awaitCount(t, store, 2000+more)
		if err := syscall.Kill(-cmd.Process.Pid, syscall.SIGTERM); err != nil {
			t.Fatal(err)
		}
		if err := cmd.Wait(); err != nil {
			t.Errorf("%v\n%s", err, &stderr)
		}
		if want := "read " + strconv.Itoa([]int{2000, more}[run]) + " created"; !strings.Contains(stderr.String(), want) && run == 0 {
			t.Errorf("want %q\n%s", want, &stderr)
		}
		if _, err := os.Stat(cursor); err != nil {
			t.Error(err)
		}
	}
}

// awaitCount waits until the store has n documents.
func awaitCount(t *testing.T, store string, n int) {
	t.Helper()
	for range 3000 {
		cmd := exec.Command(filepath.Join(cmdtest.Bin(), "wm-es"), "count", "--es", store)
		cmd.Stderr = io.Discard
		if out, _ := cmd.Output(); strings.TrimSpace(string(out)) == strconv.Itoa(n) {
			return
		}
		time.Sleep(20 * time.Millisecond)
	}
	t.Fatalf("the store does not reach %d documents", n)
}
