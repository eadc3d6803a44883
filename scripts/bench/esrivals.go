package main

import (
	"context"
	_ "embed"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

// bulkIndexer is the folder of the program with esutil's bulk indexer, a separate
// module.
const bulkIndexer = "scripts/bulkindexer"

// sourceFolder returns the path of a folder of the project.
func sourceFolder(ctx context.Context, name string) (string, error) {
	out, err := exec.CommandContext(ctx, "go", "env", "GOMOD").Output()
	if err != nil {
		return "", fmt.Errorf("go env: %w", err)
	}
	return filepath.Join(filepath.Dir(strings.TrimSpace(string(out))), filepath.FromSlash(name)), nil
}

// buildBulkIndexer compiles it. That takes minutes the first time.
func buildBulkIndexer(ctx context.Context, folder string) (path, version string, err error) {
	source, err := sourceFolder(ctx, bulkIndexer)
	if err != nil {
		return "", "", err
	}
	path = filepath.Join(folder, "bulkindexer")
	if out, err := exec.CommandContext(ctx, "go", "build", "-C", source, "-trimpath", "-o", path, ".").CombinedOutput(); err != nil {
		return "", "", fmt.Errorf("go build in %s: %w: %s", source, err, strings.TrimSpace(string(out)))
	}
	const client = "github.com/elastic/go-elasticsearch/v8"
	out, err := exec.CommandContext(ctx, "go", "list", "-C", source, "-m", client).Output()
	if err != nil {
		return "", "", fmt.Errorf("go list in %s: %w", source, err)
	}
	return path, strings.TrimSpace(string(out)), nil
}

// pythonClient is the package that pip installs.
const pythonClient = "elasticsearch==8.19.3"

// parallelBulk is the program around parallel_bulk.
//
//go:embed parallel_bulk.py
var parallelBulk []byte

// installPython returns the path of a Python that has the client. It is installed
// once, in the user's cache.
func installPython(ctx context.Context) (python string, err error) {
	if !installed("python3") {
		return "", errors.New("python3 is not installed")
	}
	cache, err := os.UserCacheDir()
	if err != nil {
		return "", err
	}
	dir := filepath.Join(cache, "wm", "python-"+pythonClient)
	python = filepath.Join(dir, "bin", "python")
	if installed(python) {
		return python, nil
	}
	if err := os.MkdirAll(filepath.Dir(dir), 0o755); err != nil {
		return "", err
	}
	// An interrupted installation must not look complete.
	temp, err := os.MkdirTemp(filepath.Dir(dir), "installing-")
	if err != nil {
		return "", err
	}
	defer os.RemoveAll(temp)
	for _, step := range [][]string{
		{"python3", "-m", "venv", temp},
		{filepath.Join(temp, "bin", "python"), "-m", "pip", "install", "-q", pythonClient},
	} {
		if out, err := exec.CommandContext(ctx, step[0], step[1:]...).CombinedOutput(); err != nil {
			return "", fmt.Errorf("%s: %w: %s", strings.Join(step, " "), err, strings.TrimSpace(string(out)))
		}
	}
	return python, os.Rename(temp, dir)
}
