package lib_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

const module = "github.com/wmtools/wm/"

// tables are the tables of doc.go: the fields after the first, by the first.
type tables struct {
	packages    map[string][]string // package: description
	imports     map[string][]string // package: packages it may import
	testPackage map[string][]string // packages for tests only
	testImports map[string][]string // package: packages its tests may also import
	thirdParty  map[string][]string // module: packages that may import it, or "any"

	used map[edge]bool
}

// edge is an import that a file needs.
type edge struct {
	from, to string // keys of the tables
	isTest   bool
}

func readTables(t *testing.T) *tables {
	t.Helper()
	f, err := parser.ParseFile(token.NewFileSet(), "doc.go", nil, parser.ParseComments|parser.PackageClauseOnly)
	if err != nil {
		t.Fatal(err)
	}
	return parseTables(t, f.Doc)
}

func parseTables(t *testing.T, doc *ast.CommentGroup) *tables {
	t.Helper()
	sections := make(map[string]map[string][]string)
	heading := ""
	for line := range strings.Lines(doc.Text()) {
		if title, ok := strings.CutPrefix(line, "# "); ok {
			heading = strings.TrimSpace(title)
			sections[heading] = make(map[string][]string)
		}
		if row := strings.Fields(line); strings.HasPrefix(line, "\t") {
			if _, twice := sections[heading][row[0]]; twice {
				t.Errorf("doc.go: %s: %s is listed twice", heading, row[0])
			}
			sections[heading][row[0]] = row[1:]
		}
	}
	return &tables{
		packages:    sections["Packages"],
		imports:     sections["Allowed imports"],
		testPackage: sections["Test packages"],
		testImports: sections["Imports of tests"],
		thirdParty:  sections["Third-party packages"],
		used:        make(map[edge]bool),
	}
}

func TestImports(t *testing.T) {
	m := readTables(t)
	found := make(map[string]bool)
	for _, top := range []string{"../lib", "../cmd", "../scripts"} {
		err := filepath.WalkDir(top, func(file string, _ fs.DirEntry, err error) error {
			if err == nil && filepath.Ext(file) == ".go" {
				file = filepath.ToSlash(file)
				found[packageOf(strings.TrimPrefix(path.Dir(file), "../"))] = true
				m.check(t, file)
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	delete(found, "lib")
	m.checkPackages(t, found)
	m.checkUnused(t)
}

// packageOf returns the name by which doc.go lists a folder: without lib, and
// scripts as a whole.
func packageOf(dir string) string {
	if dir == "scripts" || strings.HasPrefix(dir, "scripts/") {
		return "scripts"
	}
	return strings.TrimPrefix(dir, "lib/")
}

// check compares the imports of one file with the tables.
func (m *tables) check(t *testing.T, file string) {
	t.Helper()
	f, err := parser.ParseFile(token.NewFileSet(), file, nil, parser.ImportsOnly)
	if err != nil {
		t.Fatal(err)
	}
	importer := packageOf(strings.TrimPrefix(path.Dir(file), "../"))
	for _, spec := range f.Imports {
		imported, err := strconv.Unquote(spec.Path.Value)
		if err != nil {
			t.Fatal(err)
		}
		if !m.allowed(importer, imported, strings.HasSuffix(file, "_test.go")) {
			t.Errorf("%s: %s may not import %s; see doc.go", file, importer, imported)
		}
	}
}

func (m *tables) allowed(importer, imported string, isTest bool) bool {
	dir, ok := strings.CutPrefix(imported, module)
	if !ok {
		return m.allowedThirdParty(importer, imported)
	}
	to := packageOf(dir)
	m.used[edge{importer, to, isTest}] = true
	_, forTests := m.testPackage[to]
	_, importerForTests := m.testPackage[importer]
	switch {
	case strings.HasPrefix(to, "cmd/") && (!strings.HasPrefix(to, "cmd/internal/") || !inCmd(importer)):
		return false
	case to == importer:
		return isTest
	case importer == "scripts":
		return true
	case forTests && isTest:
		return true
	case isTest && slices.Contains(m.testImports[importer], to):
		return true
	}
	return slices.Contains(m.imports[importer], to) && (!forTests || importerForTests)
}

func inCmd(name string) bool { return name == "cmd" || strings.HasPrefix(name, "cmd/") }

func (m *tables) allowedThirdParty(importer, imported string) bool {
	if first, _, _ := strings.Cut(imported, "/"); !strings.Contains(first, ".") {
		return true // standard library
	}
	if importer == "scripts" {
		return true
	}
	for prefix, homes := range m.thirdParty {
		if imported != prefix && !strings.HasPrefix(imported, prefix+"/") {
			continue
		}
		for _, home := range homes {
			if home == "any" || home == importer || home == "cmd" && inCmd(importer) {
				m.used[edge{home, prefix, false}] = true
				return true
			}
		}
	}
	return false
}

// checkPackages compares the listed packages with the folders that exist.
func (m *tables) checkPackages(t *testing.T, found map[string]bool) {
	t.Helper()
	for name := range found {
		if _, ok := m.imports[name]; !ok && name != "scripts" {
			t.Errorf("doc.go: %s is missing under Allowed imports", name)
		}
		if _, ok := m.packages[name]; !ok && name != "scripts" && !inCmd(name) {
			t.Errorf("doc.go: %s is missing under Packages", name)
		}
	}
	for _, table := range []map[string][]string{m.packages, m.imports, m.testPackage, m.testImports} {
		for name := range table {
			if !found[name] {
				t.Errorf("doc.go: there is no package %s", name)
			}
		}
	}
}

// checkUnused reports entries that no file needs.
func (m *tables) checkUnused(t *testing.T) {
	t.Helper()
	for importer, list := range m.imports {
		for _, to := range list {
			if !m.used[edge{importer, to, false}] {
				t.Errorf("doc.go: %s does not import %s", importer, to)
			}
		}
	}
	for importer, list := range m.testImports {
		for _, to := range list {
			if !m.used[edge{importer, to, true}] || slices.Contains(m.imports[importer], to) {
				t.Errorf("doc.go: tests of %s need no entry for %s", importer, to)
			}
		}
	}
	for module, homes := range m.thirdParty {
		for _, home := range homes {
			if !m.used[edge{home, module, false}] {
				t.Errorf("doc.go: %s does not import %s", home, module)
			}
		}
	}
}

func TestImportRules(t *testing.T) {
	m := readTables(t)
	tests := []struct {
		importer, imported string
		isTest, want       bool
	}{
		{"grep", module + "lib/match", false, true},
		{"event", module + "lib/ndjson", false, false},
		{"store", module + "lib/event", false, false},
		{"es", module + "lib/store", false, false},
		{"es/query", module + "lib/store", true, true},
		{"es", module + "lib/es", true, true},
		{"stream", module + "lib/simulate", false, false},
		{"stream", module + "lib/simulate", true, true},
		{"scripts", module + "lib/simulate", false, true},
		{"scripts", module + "cmd/internal/cmdtest", false, false},
		{"cmd/wm-tail", module + "lib/simulate", false, false},
		{"cmd/wm-tail", module + "cmd/wm-es", false, false},
		{"cmd", module + "cmd/internal/cmdtest", true, true},
		{"cmd/wm-tail", module + "cmd/internal/cmdtest", false, false},
		{"es", module + "cmd/internal/cmdtest", true, false},
		{"es", module + "lib/app", false, false},
		{"app", module + "lib/event", false, false},
		{"web", "github.com/elastic/go-elasticsearch/v8/esapi", false, false},
		{"es", "github.com/elastic/go-elasticsearch/v8/esapi", false, true},
		{"web", "github.com/unheard/of", false, false},
		{"web", "golang.org/x/sync/singleflight", false, true},
		{"web", "encoding/json", false, true},
	}
	for _, tt := range tests {
		if got := m.allowed(tt.importer, tt.imported, tt.isTest); got != tt.want {
			t.Errorf("%s imports %s (test: %v): allowed is %v, want %v", tt.importer, tt.imported, tt.isTest, got, tt.want)
		}
	}
}
