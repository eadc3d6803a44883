package cmdtest

import (
	"bytes"
	"errors"
	"flag"
	"os"
	"path/filepath"
	"testing"
)

const fixtures = "../testdata/events/"

// Golden compares the output of a program with testdata/golden/PROGRAM/NAME, or
// rewrites that file with -update.
func Golden(t *testing.T, program, name string, got []byte) {
	t.Helper()
	path := filepath.Join("../testdata/golden", program, name)
	if *Update {
		if err := errors.Join(os.MkdirAll(filepath.Dir(path), 0o777), os.WriteFile(path, got, 0o666)); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, want) {
		t.Errorf("output of %s differs from %s; if that is intended, run make golden and review the diff\ngot %d bytes: %.600s", program, path, len(got), got)
	}
}

// Fixture returns the contents of a file in testdata/events.
func Fixture(t *testing.T, name string) []byte {
	t.Helper()
	data, err := os.ReadFile(fixtures + name)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// Update is the flag -update.
var Update = flag.Bool("update", false, "rewrite the golden files and the expectations in scripts")
