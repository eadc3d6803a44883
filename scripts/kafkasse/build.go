package main

import (
	"context"
	"crypto/sha256"
	_ "embed"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

var (
	//go:embed package.json
	packageJSON []byte
	//go:embed package-lock.json
	packageLock []byte
)

// build returns a folder with kafka-sse and its dependencies, compiled for this
// machine. It is built once per lock file and version of Node, outside the source
// tree, in the user's cache.
func build(ctx context.Context) (dir string, err error) {
	for _, need := range []string{"node", "npm", "python3", "make", "g++"} {
		if _, err := exec.LookPath(need); err != nil {
			return "", fmt.Errorf("%s is not installed: kafka-sse needs node, npm, python3, make and g++", need)
		}
	}
	version, err := exec.CommandContext(ctx, "node", "--version").Output()
	if err != nil {
		return "", fmt.Errorf("node --version: %w", err)
	}
	cache, err := os.UserCacheDir()
	if err != nil {
		return "", err
	}
	major, _, _ := strings.Cut(strings.TrimSpace(string(version)), ".")
	dir = filepath.Join(cache, "wm", fmt.Sprintf("kafkasse-%x-node-%s", sha256.Sum256(packageLock), major))
	if _, err := os.Stat(dir); err == nil {
		return dir, nil
	}
	return dir, install(ctx, dir)
}

// install builds under a temporary name first: an interrupted build must not look
// complete.
func install(ctx context.Context, dir string) error {
	fmt.Fprintf(os.Stderr, "kafkasse: building kafka-sse in %s; this takes a few minutes, once\n", filepath.Dir(dir))
	if err := os.MkdirAll(filepath.Dir(dir), 0o755); err != nil {
		return err
	}
	temp, err := os.MkdirTemp(filepath.Dir(dir), "building-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(temp)
	for name, text := range map[string][]byte{"package.json": packageJSON, "package-lock.json": packageLock} {
		if err := os.WriteFile(filepath.Join(temp, name), text, 0o644); err != nil {
			return err
		}
	}
	npm := exec.CommandContext(ctx, "npm", "ci", "--foreground-scripts", "--no-audit", "--no-fund")
	npm.Dir = temp
	// librdkafka's header is made by a step that its makefile does not wait for.
	npm.Env = append(os.Environ(), "JOBS=1")
	if headers := nodeHeaders(); headers != "" {
		npm.Env = append(npm.Env, "npm_config_nodedir="+headers)
	}
	if out, err := npm.CombinedOutput(); err != nil {
		return fmt.Errorf("npm ci: %w\n%s", err, out)
	}
	err = os.Rename(temp, dir)
	if _, made := os.Stat(dir); made == nil {
		return nil // by us, or by another at the same time
	}
	return err
}

// nodeHeaders returns the folder of Node's headers, or "" if they are not
// installed; npm then fetches them from nodejs.org.
func nodeHeaders() string {
	node, err := exec.LookPath("node")
	if err == nil {
		node, err = filepath.EvalSymlinks(node)
	}
	prefix := filepath.Dir(filepath.Dir(node))
	if err == nil {
		_, err = os.Stat(filepath.Join(prefix, "include", "node", "node.h"))
	}
	if err != nil {
		return ""
	}
	return prefix
}
