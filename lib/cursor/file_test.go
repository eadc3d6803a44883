package cursor

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

func TestReplace(t *testing.T) {
	dir := t.TempDir()
	name := filepath.Join(dir, "c.json")
	for _, text := range []string{"first", "second, which is longer", "3"} {
		if err := replace(name, []byte(text)); err != nil {
			t.Fatal(err)
		}
		if got, err := os.ReadFile(name); string(got) != text {
			t.Errorf("file holds %q, error %v, want %q", got, err, text)
		}
	}
	if err := os.Chmod(name, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := replace(name, nil); err != nil {
		t.Fatal(err)
	}
	if info, err := os.Stat(name); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("mode became %v, error %v", info.Mode(), err)
	}
	if left, err := os.ReadDir(dir); err != nil || len(left) != 1 {
		t.Errorf("left over: %v, error %v", left, err)
	}
	if err := replace(filepath.Join(dir, "none", "c.json"), nil); err == nil || !strings.Contains(err.Error(), filepath.Join(dir, "none")) {
		t.Errorf("no such folder: %v", err)
	}
	if err := os.Mkdir(filepath.Join(dir, "d"), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := replace(filepath.Join(dir, "d"), nil); err == nil {
		t.Error("a folder was replaced")
	}
	if left, err := os.ReadDir(dir); err != nil || len(left) != 2 {
		t.Errorf("left over after an error: %v, error %v", left, err)
	}
}

// A second process is refused, with the id of the first. The lock ends with the
// process that holds it.
func TestLock(t *testing.T) {
	name := os.Getenv("WM_TEST_LOCK")
	if name != "" { // in the second process
		if _, err := Open(name); err != nil {
			fmt.Println(err)
		}
		os.Exit(0)
	}
	name = filepath.Join(t.TempDir(), "c.json")
	try := func() string {
		t.Helper()
		cmd := exec.Command(os.Args[0], "-test.run=^TestLock$")
		cmd.Env = append(os.Environ(), "WM_TEST_LOCK="+name)
		out, err := cmd.Output()
		if err != nil {
			t.Fatal(err)
		}
		return string(out)
	}
	if said := try(); said != "" { // and ended without releasing it
		t.Fatalf("the first process is refused: %s", said)
	}
	file, err := Open(name)
	if err != nil {
		t.Fatal(err)
	}
	if want := name + ".lock is held by process " + strconv.Itoa(os.Getpid()) + "\n"; try() != want {
		t.Errorf("the second process does not say %q", want)
	}
	if err := file.Close(); err != nil {
		t.Fatal(err)
	}
	if said := try(); said != "" {
		t.Errorf("after the release: %s", said)
	}
}

// A symbolic link stays one: the file that it names is replaced.
func TestReplaceFollowsLinks(t *testing.T) {
	dir := t.TempDir()
	disk := filepath.Join(dir, "disk")
	if err := os.Mkdir(disk, 0o755); err != nil {
		t.Fatal(err)
	}
	file, link, link2 := filepath.Join(disk, "c.json"), filepath.Join(dir, "c.json"), filepath.Join(dir, "link")
	if err := os.Symlink(filepath.Join("disk", "c.json"), link); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(link, link2); err != nil {
		t.Fatal(err)
	}
	for _, text := range []string{"first", "second"} { // the file does not exist at first
		if err := replace(link2, []byte(text)); err != nil {
			t.Fatal(err)
		}
		if got, err := os.ReadFile(file); string(got) != text {
			t.Errorf("%s holds %q, error %v", file, got, err)
		}
	}
	for _, name := range []string{link, link2} {
		if info, err := os.Lstat(name); err != nil || info.Mode()&os.ModeSymlink == 0 {
			t.Errorf("%s is no longer a link: %v, error %v", name, info.Mode(), err)
		}
	}
	loop := filepath.Join(dir, "loop")
	if err := os.Symlink(loop, loop); err != nil {
		t.Fatal(err)
	}
	if err := replace(loop, nil); err == nil {
		t.Error("replaced a link to itself")
	}
}
