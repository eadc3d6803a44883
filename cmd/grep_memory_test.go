package cmd_test

import (
	"io"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/wmtools/wm/cmd/internal/cmdtest"
)

// repeated returns a reader of a text, repeated.
func repeated(text string, times int) io.Reader {
	all := make([]io.Reader, times)
	for i := range all {
		all[i] = strings.NewReader(text)
	}
	return io.MultiReader(all...)
}

// With any input and query, wm-grep uses at most 64 MiB plus the longest line.
func TestGrepMemory(t *testing.T) {
	t.Parallel()
	const mib = 1 << 20
	long := `{"a":"` + strings.Repeat("xyz", 5*mib) + "\"}\n"
	empty := strings.Repeat("\n", mib)
	notes := strings.Repeat("x\n", mib/2)
	letters := strings.Repeat("abbabaababbaabbbaab", 100) + "\n"
	for _, tt := range []struct {
		name string
		in   io.Reader
		args []string
		most int64
	}{
		{"long lines", repeated(long, 8), []string{"-c", "xyz"}, 80 * mib},
		{"long values", repeated(long, 4), []string{"-c", "-k", "a~zxyy"}, 80 * mib},
		{"matches in a long line", repeated(long, 1), []string{"-o", "x"}, 80 * mib},
		{"only newlines", repeated(empty, 20), []string{"-v", "x"}, 64 * mib},
		{"only bad lines", repeated(notes, 4), []string{"-k", "a=1"}, 64 * mib},
		{"large states", repeated(letters, 6), []string{"a[ab]{900}c"}, 64 * mib},
	} {
		cmd := exec.Command(filepath.Join(cmdtest.Bin(), "wm-grep"), append([]string{"-j", "2"}, tt.args...)...)
		cmd.Stdin = tt.in
		if most := cmdtest.PeakMemory(t, cmd); most > tt.most {
			t.Errorf("%s: %d MiB", tt.name, most/mib)
		}
	}
}
