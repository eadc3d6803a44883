package cmd_test

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"testing"

	"github.com/wmtools/wm/lib/app"
)

var flagName = regexp.MustCompile(`cli\.\w+Flag\{Name: "([^"]+)"`)

// Each flag of a program, and nothing else, can be set in the file of settings.
// Every program has to know those of all.
func TestEveryFlagIsASetting(t *testing.T) {
	for _, program := range []string{"wm-tail", "wm-grep", "wm-es", "wm-store", "wm-serve"} {
		files, err := filepath.Glob(filepath.Join(program, "*.go"))
		if err != nil || len(files) == 0 {
			t.Fatalf("%s has no source: %v", program, err)
		}
		var flags []string
		for _, name := range files {
			text, err := os.ReadFile(name)
			if err != nil {
				t.Fatal(err)
			}
			for _, m := range flagName.FindAllSubmatch(text, -1) {
				flags = append(flags, string(m[1]))
			}
		}
		slices.Sort(flags)
		settings := slices.Sorted(slices.Values(app.Settings(program)))
		if flags = slices.Compact(flags); !slices.Equal(flags, settings) {
			t.Errorf("%s has the flags\n%q, but the settings\n%q", program, flags, settings)
		}
	}
}
