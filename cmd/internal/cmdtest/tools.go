package cmdtest

import (
	"os"
	"os/exec"
	"testing"
)

// Needs skips the test if a tool is not installed. With CI=true the test fails
// instead.
func Needs(t *testing.T, tools ...string) {
	t.Helper()
	for _, tool := range tools {
		if _, err := exec.LookPath(tool); err == nil {
			continue
		}
		if os.Getenv("CI") == "true" {
			t.Fatalf("%s is not installed", tool)
		}
		t.Skipf("%s is not installed", tool)
	}
}
