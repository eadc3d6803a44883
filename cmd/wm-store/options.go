package main

import (
	"os"
	"path/filepath"
	"runtime/debug"

	"github.com/urfave/cli/v2"

	"github.com/wmtools/wm/lib/app"
	"github.com/wmtools/wm/lib/eshttp"
	"github.com/wmtools/wm/lib/store"
)

// leastHeap is a heap below which the garbage collector would run all the time.
const leastHeap = 128 << 20

// options returns the options of the store and makes the garbage collector keep
// the process within --memory. SQLite's caches are not part of its heap.
func options(c *cli.Context) store.Options {
	memory := c.Int64("memory")
	debug.SetMemoryLimit(max(leastHeap, memory-memory/8))
	return store.Options{Memory: int(memory)}
}

// dataDir returns the directory of --data. The default follows the XDG base
// directory specification.
func dataDir(c *cli.Context) (string, error) {
	if dir := c.String("data"); dir != "" {
		return dir, nil
	}
	if base := os.Getenv("XDG_DATA_HOME"); filepath.IsAbs(base) { // the specification says to ignore relative paths
		return filepath.Join(base, "wm-store"), nil
	}
	home, err := os.UserHomeDir()
	if err != nil {
		return "", app.Usage("--data is required: %w", err)
	}
	return filepath.Join(home, ".local", "share", "wm-store"), nil
}

func newGuard(c *cli.Context) (g app.Guard, err error) {
	g.Refuse = eshttp.Refuse
	if file := c.String("users"); file != "" {
		if g.Users, err = app.ReadUsers(file); err != nil {
			return g, err
		}
	}
	if g.Hosts, err = app.ParseHosts(c.String("hosts")); err != nil {
		err = app.Usage("--hosts: %w", err)
	}
	return g, err
}
