package cmd_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/wmtools/wm/cmd/internal/cmdtest"
)

// A program that discards the output, as Python's subprocess.DEVNULL does, opens
// /dev/null for reading and writing. That is not a closed stdout.
func TestGrepOutputDiscarded(t *testing.T) {
	null, err := os.OpenFile(os.DevNull, os.O_RDWR, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer null.Close()
	cmd := exec.Command(filepath.Join(cmdtest.Bin(), "wm-grep"), ".", cmdtest.WriteFile(t, "x", []byte("x\n")))
	cmd.Stdout = null
	if err := cmd.Run(); err != nil {
		t.Error(err)
	}
}
