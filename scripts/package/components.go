package main

import (
	"debug/buildinfo"
	"encoding/json"
	"io"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

// component is a module in a list of components.
type component struct {
	Type    string `json:"type"`
	Name    string `json:"name"`
	Version string `json:"version"`
	PURL    string `json:"purl"`
}

// std is the name of Go's own component.
const std = "std"

// componentsOf returns the modules in the programs of a folder, by name.
func componentsOf(bin string) (list []component, err error) {
	versions := map[string]string{}
	files, err := os.ReadDir(bin)
	if err != nil {
		return nil, err
	}
	for _, file := range files {
		info, err := buildinfo.ReadFile(filepath.Join(bin, file.Name()))
		if err != nil {
			return nil, err
		}
		versions[std] = strings.TrimPrefix(info.GoVersion, "go")
		for _, m := range info.Deps {
			versions[m.Path] = m.Version
		}
	}
	for _, name := range slices.Sorted(maps.Keys(versions)) {
		list = append(list, component{"library", name, versions[name], "pkg:golang/" + name + "@" + versions[name]})
	}
	return list, nil
}

// components writes the modules in the programs as a bill of materials in the
// format of CycloneDX.
func (r release) components(p platform, bin string) error {
	list, err := componentsOf(bin)
	if err != nil {
		return err
	}
	return r.write(r.archiveName(p)+".cdx.json", func(w io.Writer) error {
		encoder := json.NewEncoder(w)
		encoder.SetIndent("", " ")
		return encoder.Encode(map[string]any{
			"bomFormat": "CycloneDX", "specVersion": "1.5", "version": 1,
			"metadata": map[string]any{
				"timestamp": r.time.Format(time.RFC3339),
				"component": component{"application", "wm", r.version, "pkg:golang/github.com/wmtools/wm@v" + r.version},
			},
			"components": list,
		})
	})
}
