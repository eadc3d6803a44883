package cmd_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"
)

// makesMessage are the functions whose first text argument a user sees.
var makesMessage = map[string]bool{"errors.New": true, "fmt.Errorf": true, "app.Usage": true, "Usage": true, "fmt.Fprintf": true, "fmt.Fprintln": true}

// notOurs are packages without messages for users, or with Elasticsearch's.
var notOurs = regexp.MustCompile(`cmdtest|simulate|estest|lib/store|lib/eshttp`)

// obscure are phrases that readers have stumbled over.
var obscure = regexp.MustCompile(`(?i)\b(is told|are told|nobody|somebody|whoever|so many|goes before|stands|of worth|in hand|can be meant|cannot be meant|is no flag)\b`)

// Every message that a user can see begins with the place or in lower case, does
// not end in a full stop, and is in plain words.
func TestMessagesReadWell(t *testing.T) {
	count := 0
	for _, top := range []string{".", "../lib"} {
		err := filepath.WalkDir(top, func(path string, entry fs.DirEntry, err error) error {
			if err != nil || entry.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") || notOurs.MatchString(filepath.ToSlash(path)) {
				return err
			}
			files := token.NewFileSet()
			file, err := parser.ParseFile(files, path, nil, 0)
			if err != nil {
				return err
			}
			ast.Inspect(file, func(n ast.Node) bool {
				if call, ok := n.(*ast.CallExpr); ok && makesMessage[callee(call)] {
					if text, ok := firstText(call); ok {
						count++
						if fault := wrong(callee(call), text); fault != "" {
							t.Errorf("%s: %s: %q", files.Position(call.Pos()), fault, text)
						}
					}
				}
				return true
			})
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	if count < 200 {
		t.Errorf("only %d messages were found", count)
	}
}

func callee(call *ast.CallExpr) string {
	switch f := call.Fun.(type) {
	case *ast.Ident:
		return f.Name
	case *ast.SelectorExpr:
		if x, ok := f.X.(*ast.Ident); ok {
			return x.Name + "." + f.Sel.Name
		}
	}
	return ""
}

// firstText returns the first argument that is a text in the source.
func firstText(call *ast.CallExpr) (string, bool) {
	for _, arg := range call.Args {
		if lit, ok := arg.(*ast.BasicLit); ok && lit.Kind == token.STRING {
			text, err := strconv.Unquote(lit.Value)
			return text, err == nil
		}
	}
	return "", false
}

// wrong returns what is wrong with a message.
func wrong(function, text string) string {
	if obscure.MatchString(text) {
		return "obscure"
	}
	if strings.HasPrefix(function, "fmt.Fprint") {
		return "" // often not a message but data
	}
	first, size := utf8.DecodeRuneInString(text)
	second, _ := utf8.DecodeRuneInString(text[size:])
	switch {
	case strings.HasSuffix(text, ".") || strings.HasSuffix(text, "!") || strings.HasSuffix(text, "\n"):
		return "does not end as an error does"
	case unicode.IsUpper(first) && unicode.IsLower(second):
		return "begins with a capital"
	}
	return ""
}
