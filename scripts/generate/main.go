// Generate writes the files that repeat the flags of the programs: the sample
// configuration scripts/wm.yaml, and the completions for bash, zsh and fish.
package main

import (
	"encoding/json"
	"flag"
	"fmt"
	"log"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"

	"github.com/tidwall/gjson"

	"github.com/wmtools/wm/lib/app"
)

var programs = []string{"wm-tail", "wm-grep", "wm-cut", "wm-es", "wm-store", "wm-serve"}

func main() {
	log.SetFlags(0)
	bin := flag.String("bin", "bin", "`DIR` of the programs")
	out := flag.String("out", "scripts", "`DIR` to write to")
	flag.Parse()
	if err := generate(*bin, *out); err != nil {
		log.Fatal("generate: ", err)
	}
}

func generate(bin, out string) error {
	var all []app.Description
	for _, name := range programs {
		d, err := describe(filepath.Join(bin, name))
		if err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
		all = append(all, d)
	}
	fields, err := fieldNames(filepath.Join(bin, "wm-es"))
	if err != nil {
		return err
	}
	files := map[string]string{"wm.yaml": sample(all)}
	for _, d := range all {
		p := program{d, fields}
		files["completion/bash/"+d.Name] = p.bash()
		files["completion/zsh/_"+d.Name] = p.zsh()
		files["completion/fish/"+d.Name+".fish"] = p.fish()
	}
	for name, text := range files {
		file := filepath.Join(out, name)
		if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
			return err
		}
		if err := os.WriteFile(file, []byte(text), 0o644); err != nil {
			return err
		}
	}
	return nil
}

func describe(program string) (d app.Description, err error) {
	out, err := output(program, "--describe")
	if err == nil {
		err = json.Unmarshal(out, &d)
	}
	return d, err
}

// fieldNames returns the fields of the index template, without those of words.
func fieldNames(wmES string) (names []string, err error) {
	template, err := output(wmES, "init-index", "--print")
	var add func(prefix string, properties gjson.Result)
	add = func(prefix string, properties gjson.Result) {
		properties.ForEach(func(name, field gjson.Result) bool {
			if inner := field.Get("properties"); inner.Exists() {
				add(prefix+name.Str+".", inner)
			} else if field.Get("index").Raw != "false" && field.Get("enabled").Raw != "false" {
				names = append(names, prefix+name.Str)
			}
			return true
		})
	}
	add("", gjson.GetBytes(template, "template.mappings.properties"))
	slices.Sort(names)
	return names, err
}

func output(program string, args ...string) ([]byte, error) {
	cmd := exec.Command(program, args...)
	for _, v := range os.Environ() { // without the user's own settings
		if !strings.HasPrefix(v, "WM_") {
			cmd.Env = append(cmd.Env, v)
		}
	}
	cmd.Stderr = os.Stderr
	return cmd.Output()
}
