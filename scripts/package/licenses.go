package main

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
)

// licensesFile has the licenses of the modules in the programs, which they require.
const licensesFile = "LICENSES.txt"

// isLicense matches the names of files that a copy must contain.
var isLicense = regexp.MustCompile(`(?i)^(licen[cs]e|copying|notice)`)

// writeLicenses writes the licenses of all components of the programs in a folder.
func writeLicenses(bin, file string) error {
	list, err := componentsOf(bin)
	if err != nil {
		return err
	}
	folders, err := moduleFolders()
	if err != nil {
		return err
	}
	var text bytes.Buffer
	for _, c := range list {
		licenses, err := licensesIn(folders[c.Name])
		if err != nil {
			return fmt.Errorf("%s: %w", c.Name, err)
		}
		ruler := strings.Repeat("=", 80)
		fmt.Fprintf(&text, "%s\n%s %s\n%s\n\n%s\n", ruler, c.Name, c.Version, ruler, licenses)
	}
	return os.WriteFile(file, text.Bytes(), 0o644)
}

// moduleFolders returns the folders of the sources of all modules, and of Go.
func moduleFolders() (map[string]string, error) {
	root, err := output("go", "env", "GOROOT")
	if err != nil {
		return nil, err
	}
	modules, err := output("go", "list", "-m", "-f", "{{.Path}}\t{{.Dir}}", "all")
	if err != nil {
		return nil, err
	}
	folders := map[string]string{std: root}
	for line := range strings.Lines(modules) {
		name, dir, _ := strings.Cut(strings.TrimSpace(line), "\t")
		folders[name] = dir
	}
	return folders, nil
}

// licensesIn returns the license files of a folder, which has at least one.
func licensesIn(dir string) (string, error) {
	files, err := os.ReadDir(dir)
	if err != nil {
		return "", err
	}
	text := ""
	for _, file := range files {
		if file.IsDir() || !isLicense.MatchString(file.Name()) {
			continue
		}
		content, err := os.ReadFile(filepath.Join(dir, file.Name()))
		if err != nil {
			return "", err
		}
		text += string(content) + "\n"
	}
	if text == "" {
		return "", fmt.Errorf("no license in %s", dir)
	}
	return text, nil
}
