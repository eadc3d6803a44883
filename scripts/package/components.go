package main

import (
	"debug/buildinfo"
	"encoding/json"
	"io"
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

// components writes the modules in the programs as a bill of materials in the
// format of CycloneDX.
func (r release) components(p platform, bin string) error {
	modules := map[string]component{}
	files, err := os.ReadDir(bin)
	if err != nil {
		return err
	}
	for _, file := range files {
		info, err := buildinfo.ReadFile(filepath.Join(bin, file.Name()))
		if err != nil {
			return err
		}
		modules["go"] = component{"library", "std", strings.TrimPrefix(info.GoVersion, "go"), "pkg:golang/std@" + strings.TrimPrefix(info.GoVersion, "go")}
		for _, m := range info.Deps {
			modules[m.Path] = component{"library", m.Path, m.Version, "pkg:golang/" + m.Path + "@" + m.Version}
		}
	}
	var list []component
	for _, c := range modules {
		list = append(list, c)
	}
	slices.SortFunc(list, func(a, b component) int { return strings.Compare(a.Name, b.Name) })
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
