package mediawiki

import (
	"go/ast"
	"go/parser"
	"go/token"
	"iter"
	"path/filepath"
	"slices"
	"strconv"
	"testing"
)

// Paths must have every field that the package reads, for readers that look for
// them beforehand.
func TestPathsAreComplete(t *testing.T) {
	files, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	found := 0
	for _, name := range files {
		f, err := parser.ParseFile(token.NewFileSet(), name, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		for path := range pathsRead(f) {
			if found++; !slices.Contains(Paths(), path) {
				t.Errorf("%s: %s is not one of Paths", name, path)
			}
		}
	}
	for _, path := range slices.Concat(revisionPaths[:]...) {
		if !slices.Contains(Paths(), path) {
			t.Errorf("%s is not one of Paths", path)
		}
	}
	if found < 20 {
		t.Errorf("found only %d reads of fields", found)
	}
}

// pathsRead yields the paths in calls that read fields.
func pathsRead(f *ast.File) iter.Seq[string] {
	return func(yield func(string) bool) {
		for n := range ast.Preorder(f) {
			call, ok := n.(*ast.CallExpr)
			if !ok || !readsFields(call.Fun) {
				continue
			}
			for _, argument := range call.Args {
				literal, ok := argument.(*ast.BasicLit)
				if !ok {
					continue
				}
				path, _ := strconv.Unquote(literal.Value)
				if !yield(path) {
					return
				}
			}
		}
	}
}

// readsFields reports whether a function reads fields of an event e.
func readsFields(f ast.Expr) bool {
	switch f := f.(type) {
	case *ast.SelectorExpr:
		x, ok := f.X.(*ast.Ident)
		return ok && x.Name == "e" && (f.Sel.Name == "Get")
	case *ast.Ident:
		return f.Name == "isTrue" || f.Name == "number" || f.Name == "firstText"
	}
	return false
}
