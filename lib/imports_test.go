package lib_test

import (
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

const module = "github.com/wmtools/wm/"

// rooms is the plan of the house: each room and the rooms that it may import.
// A room that is not here may not exist.
var rooms = map[string][]string{
	"jsonscan":  {},
	"event":     {"jsonscan"},
	"words":     {},
	"ndjson":    {"event"},
	"stream":    {"jsonscan", "event", "ndjson"},
	"match":     {"jsonscan", "event", "words"},
	"grep":      {"event", "ndjson", "match"},
	"es":        {"jsonscan", "event", "ndjson", "match"},
	"store":     {"jsonscan", "words"},
	"eshttp":    {"store"},
	"mediawiki": {"event"},
	"web":       {"event", "es", "match", "mediawiki"},
	"app":       {},
	"simulate":  {},
	"estest":    {"es"},
}

// inTests is what the tests of a room may import beyond that.
var inTests = map[string][]string{
	"es":     {"store", "eshttp"},
	"web":    {"store", "eshttp"},
	"estest": {"store", "eshttp"},
}

// anyTest may be imported by every test and by scripts, and by nothing else.
var anyTest = []string{"simulate", "estest"}

// homes are the third-party packages and the one room that may import each.
// Those in free may be imported anywhere.
var homes = map[string][]string{
	"github.com/r3labs/sse/v2":                   {"stream"},
	"github.com/elastic/go-elasticsearch/v8":     {"es", "scripts"},
	"github.com/elastic/elastic-transport-go/v8": {"es"},
	"github.com/urfave/cli/v2":                   {"app", "cmd"},
	"modernc.org/sqlite":                         {"store"},
	"github.com/rivo/uniseg":                     {"words"},
	"github.com/chromedp":                        {"web"},
	"github.com/rogpeppe/go-internal":            {"cmd"},
	"github.com/xrash/smetrics":                  {"stream"},
	"go.yaml.in/yaml/v3":                         {"app"},
	"github.com/twmb/franz-go":                   {"scripts"},
}

var free = []string{"github.com/tidwall/gjson", "github.com/klauspost/compress", "github.com/VictoriaMetrics/metrics", "golang.org/x"}

func TestImportsFollowTheMap(t *testing.T) {
	files := 0
	for _, top := range []string{"../lib", "../cmd", "../scripts"} {
		err := filepath.WalkDir(top, func(path string, d fs.DirEntry, err error) error {
			if err == nil && filepath.Ext(path) == ".go" {
				files++
				check(t, filepath.ToSlash(path))
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	if files < 50 {
		t.Errorf("walked over %d files only: the walk is broken", files)
	}
}

// check holds the imports of one file against the map.
func check(t *testing.T, path string) {
	t.Helper()
	f, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.ImportsOnly)
	if err != nil {
		t.Fatal(err)
	}
	room := roomOf(path)
	if _, ok := rooms[room]; !ok && room != "cmd" && room != "scripts" && room != "" {
		t.Errorf("%s: room %q is not on the map", path, room)
	}
	isTest := strings.HasSuffix(path, "_test.go") || strings.HasPrefix(path, "../cmd/internal/cmdtest/")
	for _, spec := range f.Imports {
		imported, err := strconv.Unquote(spec.Path.Value)
		if err != nil {
			t.Fatal(err)
		}
		if !allowed(room, imported, isTest) {
			t.Errorf("%s: %s may not import %s", path, room, imported)
		}
	}
}

// roomOf returns the room of a file: the folder below lib, "cmd" or "scripts";
// "" for lib itself.
func roomOf(path string) string {
	parts := strings.Split(strings.TrimPrefix(path, "../"), "/")
	if parts[0] == "lib" {
		parts = parts[1:]
		if len(parts) == 1 {
			return ""
		}
	}
	return parts[0]
}

func allowed(room, imported string, isTest bool) bool {
	local, ok := strings.CutPrefix(imported, module)
	if !ok {
		return allowedOutside(room, imported)
	}
	if strings.HasPrefix(local, "cmd/") {
		return room == "cmd" && strings.HasPrefix(local, "cmd/internal/")
	}
	to := roomOf(local + "/x.go")
	switch {
	case to == room:
		return true // a test of the room from outside, or its sub-folder
	case slices.Contains(anyTest, to):
		return isTest || room == "scripts"
	case room == "cmd" || room == "scripts":
		return true
	case isTest && slices.Contains(inTests[room], to):
		return true
	}
	return slices.Contains(rooms[room], to)
}

func allowedOutside(room, imported string) bool {
	first, _, _ := strings.Cut(imported, "/")
	if !strings.Contains(first, ".") {
		return true // standard library
	}
	under := func(prefix string) bool { return imported == prefix || strings.HasPrefix(imported, prefix+"/") }
	if slices.ContainsFunc(free, under) {
		return true
	}
	for prefix, home := range homes {
		if under(prefix) {
			return slices.Contains(home, room)
		}
	}
	return false
}

// The table must refuse what it does not name.
func TestMapRefuses(t *testing.T) {
	tests := []struct {
		room, imported string
		isTest, want   bool
	}{
		{"grep", module + "lib/match", false, true},
		{"event", module + "lib/ndjson", false, false},
		{"store", module + "lib/event", false, false},
		{"es", module + "lib/store", false, false},
		{"es", module + "lib/store", true, true},
		{"stream", module + "lib/simulate", false, false},
		{"stream", module + "lib/simulate", true, true},
		{"scripts", module + "lib/simulate", false, true},
		{"cmd", module + "lib/simulate", false, false},
		{"cmd", module + "cmd/wm-es", false, false},
		{"es", module + "lib/app", false, false},
		{"app", module + "lib/event", false, false},
		{"web", "github.com/elastic/go-elasticsearch/v8/esapi", false, false},
		{"es", "github.com/elastic/go-elasticsearch/v8/esapi", false, true},
		{"web", "github.com/unheard/of", false, false},
		{"web", "golang.org/x/sync/singleflight", false, true},
		{"web", "encoding/json", false, true},
	}
	for _, tt := range tests {
		if got := allowed(tt.room, tt.imported, tt.isTest); got != tt.want {
			t.Errorf("%s imports %s (test: %v): allowed is %v, want %v", tt.room, tt.imported, tt.isTest, got, tt.want)
		}
	}
}
