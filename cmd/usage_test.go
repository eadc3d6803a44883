package cmd_test

import (
	"bytes"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/wmtools/wm/cmd/internal/cmdtest"
)

// An invalid command line is reported in one line and a hint on stderr. Nothing
// goes to stdout, where data is expected.
func TestUsageErrors(t *testing.T) {
	for _, args := range []string{
		"wm-tail --no-such-flag", "wm-tail --since", "wm-tail -n x a",
		"wm-grep", "wm-grep --no-such-flag x", "wm-grep -e", "wm-grep --help=x",
		"wm-cut --no-such-flag", "wm-cut -f",
		"wm-es --no-such-flag", "wm-es no-such-command", "wm-es help", "wm-es search --no-such-flag", "wm-es top", "wm-es top --n",
		"wm-es init-index x", "wm-es prune", "wm-es rejects", "wm-es cursor x", "wm-es check x", "wm-es count --since",
		"wm-store --no-such-flag", "wm-store x",
		"wm-serve --no-such-flag", "wm-serve x",
	} {
		t.Run(args, func(t *testing.T) {
			t.Parallel()
			words := strings.Fields(args)
			cmd := exec.CommandContext(t.Context(), filepath.Join(cmdtest.Bin(), words[0]), words[1:]...)
			var stdout, stderr bytes.Buffer
			cmd.Stdout, cmd.Stderr = &stdout, &stderr
			_ = cmd.Run()
			cmdtest.ExpectExit(t, cmd.ProcessState.ExitCode(), 2, stderr.String())
			if stdout.Len() > 0 {
				t.Errorf("stdout: %s", &stdout)
			}
			lines := cmdtest.Lines(stderr.Bytes())
			if len(lines) != 2 || !strings.HasPrefix(lines[0], words[0]+": ") || !strings.HasPrefix(lines[1], words[0]+": hint: ") {
				t.Errorf("stderr: %s", &stderr)
			}
		})
	}
}
