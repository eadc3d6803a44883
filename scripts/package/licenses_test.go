package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// The file has the name and the license of each module in a program, here Go's own
// in this test.
func TestLicenses(t *testing.T) {
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	bin, file := t.TempDir(), filepath.Join(t.TempDir(), licensesFile)
	if err := os.Symlink(self, filepath.Join(bin, "program")); err != nil {
		t.Fatal(err)
	}
	if err := writeLicenses(bin, file); err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"=\nstd 1.", "The Go Authors", "Redistribution and use"} {
		if !strings.Contains(string(text), want) {
			t.Errorf("no %q in\n%s", want, text)
		}
	}
	if _, err := licensesIn(bin); err == nil {
		t.Error("a folder without a license is accepted")
	}
}
