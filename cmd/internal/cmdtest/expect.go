package cmdtest

import (
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// WriteFile writes a file to a temporary folder and returns its path.
func WriteFile(t *testing.T, base string, text []byte) (name string) {
	t.Helper()
	name = filepath.Join(t.TempDir(), base)
	if err := os.WriteFile(name, text, 0o644); err != nil {
		t.Fatal(err)
	}
	return name
}

// WaitFor waits until holds returns true, at most four minutes: real services
// are slow when many tests share two cores.
func WaitFor(t *testing.T, what string, holds func() bool) {
	t.Helper()
	for end := time.Now().Add(4 * time.Minute); !holds(); time.Sleep(5 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("timed out waiting until %s", what)
		}
	}
}

// ReadLines returns the lines of a file, none if it does not exist.
func ReadLines(t *testing.T, name string) []string {
	t.Helper()
	text, err := os.ReadFile(name)
	if err != nil && !os.IsNotExist(err) {
		t.Fatal(err)
	}
	return Lines(text)
}

// Soak is the flag -soak: a factor for the number of kills and bytes of long
// runs.
var Soak = flag.Int("soak", 1, "multiply the number of kills and the amount of data by this")

// Contains fails the test unless text contains all parts.
func Contains(t *testing.T, text string, parts ...string) {
	t.Helper()
	for _, part := range parts {
		if !strings.Contains(text, part) {
			t.Errorf("no %q in: %s", part, strings.TrimSpace(text))
		}
	}
}

// ExpectExit fails the test unless the exit status is want.
func ExpectExit(t *testing.T, got, want int, stderr string) {
	t.Helper()
	if got != want {
		t.Errorf("exit status %d, want %d: %s", got, want, stderr)
	}
}
