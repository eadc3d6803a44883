package match

import (
	"errors"
	"fmt"
	"regexp"
	"regexp/syntax"
	"strings"
	"unicode/utf8"
)

// compileExpr compiles the regular expression of a term.
func compileExpr(t *Term, fold bool) (*regexp.Regexp, error) {
	expr := t.Values[0].Text
	folded := expr
	if fold {
		folded = "(?i:" + expr + ")"
	}
	re, err := regexp.Compile(folded)
	if err == nil {
		return re, nil
	}
	if _, plain := regexp.Compile(expr); plain != nil {
		err = plain // its positions are those that the user sees
	}
	bad, ok := errors.AsType[*syntax.Error](err)
	if !ok {
		return nil, fmt.Errorf("term %q: %w", t.Text, err)
	}
	wrong := wrong(t.Text, "the syntax is Go's: https://pkg.go.dev/regexp/syntax", "bad regular expression: %s", pointAt(expr, bad))
	return nil, wrong.within(expr, max(strings.Index(t.Text, "~"), 0))
}

// pointAt describes an error in an expression and points at it.
func pointAt(expr string, bad *syntax.Error) string {
	return fmt.Sprintf("%s\n  %s\n  %s^", bad.Code, strings.ToValidUTF8(expr, "\uFFFD"), strings.Repeat(" ", column(expr, bad)))
}

// column returns the number of characters before an error.
func column(expr string, bad *syntax.Error) int {
	at := 0
	switch bad.Code {
	case syntax.ErrMissingParen:
		at = openGroup(expr)
	case syntax.ErrUnexpectedParen:
		at = shortestBad(expr, func(e *syntax.Error) bool { return e.Code == bad.Code }) - 1
	default:
		// The error has the text of the wrong part, but not its position: it is
		// at the end of the shortest prefix with the same error.
		at = shortestBad(expr, func(e *syntax.Error) bool { return *e == *bad }) - len(bad.Expr)
	}
	return utf8.RuneCountInString(expr[:max(at, 0)])
}

// shortestBad returns the length of the shortest prefix of an expression for
// which it and all longer prefixes have the same error.
func shortestBad(expr string, same func(*syntax.Error) bool) int {
	n := len(expr)
	for ; n > 1; n-- {
		_, err := syntax.Parse(expr[:n-1], syntax.Perl)
		if e, ok := errors.AsType[*syntax.Error](err); !ok || !same(e) {
			break
		}
	}
	return n
}

// openGroup returns the index of the first group whose removal makes the
// expression valid, or else of the first group.
func openGroup(expr string) int {
	for i, c := range expr {
		if c == '(' {
			if _, err := syntax.Parse(expr[:i]+`\`+expr[i:], syntax.Perl); err == nil {
				return i
			}
		}
	}
	return strings.IndexByte(expr, '(')
}
