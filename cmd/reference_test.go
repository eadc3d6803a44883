package cmd_test

import (
	"encoding/json"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/tidwall/gjson"

	"github.com/wmtools/wm/cmd/internal/cmdtest"
	"github.com/wmtools/wm/lib/app"
)

var programs = []string{"wm-tail", "wm-grep", "wm-cut", "wm-es", "wm-store", "wm-serve"}

func describe(t *testing.T, program string) (d app.Description) {
	t.Helper()
	if err := json.Unmarshal(cmdtest.Run(t, nil, program, "--describe"), &d); err != nil {
		t.Fatal(err)
	}
	return d
}

// The sample configuration and the completions are those of the programs.
func TestGeneratedFilesAreCurrent(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	if out, err := exec.Command("go", "run", "../scripts/generate", "-bin", cmdtest.Bin(), "-out", dir).CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	made := os.DirFS(dir)
	err := fs.WalkDir(made, ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		want, err := fs.ReadFile(made, name)
		if err != nil {
			return err
		}
		if got, err := os.ReadFile(filepath.Join("../scripts", name)); string(got) != string(want) {
			t.Errorf("scripts/%s is not current: run make generate (%v)", name, err)
		}
		return nil
	})
	if err != nil {
		t.Error(err)
	}
}

var commentedKey = regexp.MustCompile(`(?m)^( *)#([A-Za-z-]+: )`)

// Every program accepts the sample configuration with all keys set.
func TestSampleConfigurationIsAccepted(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile("../scripts/wm.yaml")
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "wm.yaml")
	if err := os.WriteFile(file, commentedKey.ReplaceAll(text, []byte("$1$2")), 0o644); err != nil {
		t.Fatal(err)
	}
	for _, program := range programs {
		d := describe(t, program)
		commands := [][]string{{}}
		for _, c := range d.Commands {
			commands = append(commands, []string{c.Name})
		}
		for _, command := range commands {
			out := cmdtest.Run(t, nil, program, append(command, "--config", file, "--print-config")...)
			if !strings.HasPrefix(string(out), program+":\n") || !strings.Contains(string(out), "# "+file+":") && !slices.Equal(command, []string{"rejects"}) {
				t.Errorf("%s %s:\n%s", program, command, out)
			}
			if strings.Contains(string(out), "# default") {
				t.Errorf("%s %s: a key is not in scripts/wm.yaml:\n%s", program, command, out)
			}
		}
	}
}

// Kibana's saved objects refer to each other and to fields of the index template.
func TestKibanaObjectsAreSound(t *testing.T) {
	t.Parallel()
	lines := cmdtest.ReadLines(t, "../scripts/kibana.ndjson")
	template := cmdtest.Run(t, nil, "wm-es", "init-index", "--print")
	ids := map[string]bool{}
	for _, line := range lines {
		ids[gjson.Get(line, "id").Str] = true
	}
	for _, line := range lines {
		for _, id := range gjson.Get(line, "references.#.id").Array() {
			if !ids[id.Str] {
				t.Errorf("%s refers to %s, which is not in the file", gjson.Get(line, "id"), id)
			}
		}
		fields := gjson.Get(line, "attributes.columns").Array()
		state := gjson.Get(line, "attributes.visState").Str
		for _, field := range append(fields, gjson.Get(state, "aggs.#.params.field").Array()...) {
			path := strings.ReplaceAll(strings.ReplaceAll(field.Str, "@", `\@`), ".", ".properties.")
			if !gjson.GetBytes(template, "template.mappings.properties."+path+".type").Exists() {
				t.Errorf("%s uses the field %s, which the template lacks", gjson.Get(line, "id"), field.Str)
			}
		}
	}
	if len(lines) < 4 {
		t.Errorf("only %d objects", len(lines))
	}
}
