package app

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

func TestSaveFile(t *testing.T) {
	dir := t.TempDir()
	name := filepath.Join(dir, "c.json")
	for _, text := range []string{"first", "second, which is longer", "3"} {
		if err := SaveFile(name, []byte(text)); err != nil {
			t.Fatal(err)
		}
		if got, err := os.ReadFile(name); string(got) != text {
			t.Errorf("file holds %q, error %v, want %q", got, err, text)
		}
	}
	if err := os.Chmod(name, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := SaveFile(name, nil); err != nil {
		t.Fatal(err)
	}
	if info, err := os.Stat(name); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("mode became %v, error %v", info.Mode(), err)
	}
	if left, err := os.ReadDir(dir); err != nil || len(left) != 1 {
		t.Errorf("left behind: %v, error %v", left, err)
	}
	if err := SaveFile(filepath.Join(dir, "none", "c.json"), nil); err == nil || !strings.Contains(err.Error(), filepath.Join(dir, "none")) {
		t.Errorf("no such folder: %v", err)
	}
	if err := os.Mkdir(filepath.Join(dir, "d"), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := SaveFile(filepath.Join(dir, "d"), nil); err == nil {
		t.Error("a folder was replaced")
	}
	if left, err := os.ReadDir(dir); err != nil || len(left) != 2 {
		t.Errorf("left behind after an error: %v, error %v", left, err)
	}
}

// A second process is refused and told who has the lock; the lock goes with the
// process that holds it.
func TestLock(t *testing.T) {
	name := os.Getenv("WM_TEST_LOCK")
	if name != "" { // in the second process
		if _, err := Lock(name); err != nil {
			PrintError(os.Stdout, "test", err)
		}
		os.Exit(0)
	}
	name = filepath.Join(t.TempDir(), "c.lock")
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
	release, err := Lock(name)
	if err != nil {
		t.Fatal(err)
	}
	if said := try(); !strings.Contains(said, "held by process "+strconv.Itoa(os.Getpid())) || !strings.Contains(said, "hint: ") {
		t.Errorf("the second process is told %q", said)
	}
	if err := release(); err != nil {
		t.Fatal(err)
	}
	if said := try(); said != "" {
		t.Errorf("after the release: %s", said)
	}
}

func TestEndLine(t *testing.T) {
	name := filepath.Join(t.TempDir(), "events.ndjson")
	for _, tt := range []struct {
		before, want string
		flags        int
		mended       bool
	}{
		{"", "next\n", os.O_APPEND, false},
		{"a\n", "a\nnext\n", os.O_APPEND, false},
		{"a\n{\"cut", "a\n{\"cut\nnext\n", os.O_APPEND, true},
		{"a\n{\"cut", "next\n", os.O_TRUNC, false},
		{"abcdefg", "next\nfg", 0, false}, // it is written over
	} {
		if err := os.WriteFile(name, []byte(tt.before), 0o644); err != nil {
			t.Fatal(err)
		}
		f, err := os.OpenFile(name, os.O_WRONLY|tt.flags, 0)
		if err != nil {
			t.Fatal(err)
		}
		o := NewOutput(f)
		mended, err := o.EndLine()
		if err != nil || mended != tt.mended {
			t.Errorf("%q: mended %v, error %v", tt.before, mended, err)
		}
		if _, err := f.WriteString("next\n"); err != nil {
			t.Fatal(err)
		}
		if err := o.Sync(); err != nil {
			t.Error(err)
		}
		f.Close()
		if got, err := os.ReadFile(name); !bytes.Equal(got, []byte(tt.want)) {
			t.Errorf("%q: file holds %q, error %v, want %q", tt.before, got, err, tt.want)
		}
	}
}

func TestOutputThatIsNoFile(t *testing.T) {
	r, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	defer w.Close()
	o := NewOutput(w)
	if mended, err := o.EndLine(); mended || err != nil {
		t.Errorf("a pipe: mended %v, error %v", mended, err)
	}
	if err := o.Sync(); err != nil {
		t.Error(err)
	}
}
