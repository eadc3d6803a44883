package cmdtest

import (
	"cmp"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
)

// Need skips the test unless all the programs that it runs are installed. With
// CI=true the test fails instead. Need returns the path of the first one.
func Need(t *testing.T, programs ...string) (path string) {
	t.Helper()
	for _, program := range programs {
		found, err := exec.LookPath(program)
		switch {
		case err != nil && os.Getenv("CI") == "true":
			t.Fatalf("%v: CI has to install it", err)
		case err != nil:
			t.Skipf("%s is not installed", program)
		}
		path = cmp.Or(path, found)
	}
	return path
}

// Captures returns the captured events in the folder that WM_CAPTURES names, all
// files together. Without it the test is skipped.
func Captures(t *testing.T) []byte {
	t.Helper()
	dir := os.Getenv("WM_CAPTURES")
	if dir == "" {
		t.Skip("WM_CAPTURES is not set to a folder of captured events")
	}
	files, err := filepath.Glob(filepath.Join(dir, "*.ndjson"))
	if err != nil || len(files) == 0 {
		t.Fatalf("no captured events in %s: %v", dir, err)
	}
	var all []byte
	for _, name := range files {
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, text...)
		if n := len(all); n > 0 && all[n-1] != '\n' {
			all = append(all, '\n')
		}
	}
	return all
}
