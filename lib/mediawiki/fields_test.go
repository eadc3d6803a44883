package mediawiki

import (
	"go/ast"
	"go/parser"
	"go/token"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// Paths must have every field that the package reads, for readers that look for
// them beforehand.
func TestPathsAreComplete(t *testing.T) {
	packages, err := parser.ParseDir(token.NewFileSet(), ".", nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	found := 0
	ast.Inspect(packages["mediawiki"], func(n ast.Node) bool {
		call, ok := n.(*ast.CallExpr)
		if !ok || !readsFields(call.Fun) {
			return true
		}
		for _, argument := range call.Args {
			if literal, ok := argument.(*ast.BasicLit); ok {
				path, _ := strconv.Unquote(literal.Value)
				if found++; !slices.Contains(Paths(), path) {
					t.Errorf("%s is not one of Paths", path)
				}
			}
		}
		return true
	})
	for _, path := range slices.Concat(revisionPaths[:]...) {
		if !slices.Contains(Paths(), path) {
			t.Errorf("%s is not one of Paths", path)
		}
	}
	if found < 20 {
		t.Errorf("found only %d reads of fields", found)
	}
}

// readsFields reports whether a function reads fields of an event e.
func readsFields(f ast.Expr) bool {
	switch f := f.(type) {
	case *ast.SelectorExpr:
		x, ok := f.X.(*ast.Ident)
		return ok && x.Name == "e" && (f.Sel.Name == "Get" || f.Sel.Name == "Text")
	case *ast.Ident:
		return strings.HasPrefix(f.Name, "isTrue") || f.Name == "number"
	}
	return false
}
