package match

import (
	"bytes"
	"errors"
	"fmt"
	"regexp"
	"regexp/syntax"
	"strings"

	"github.com/wmtools/wm/lib/event"
)

// Pattern is a regular expression over the bytes of a line.
type Pattern struct {
	re      *regexp.Regexp
	literal []byte // set if the pattern is nothing but this text
}

// CompilePattern compiles a regular expression in Go's syntax. With fold it
// matches upper and lower case alike.
func CompilePattern(expr string, fold bool) (*Pattern, error) {
	if fold {
		expr = "(?i:" + expr + ")"
	}
	re, err := regexp.Compile(expr)
	if bad, ok := errors.AsType[*syntax.Error](err); ok {
		return nil, event.WithHint(fmt.Errorf("bad regular expression %q: %s in %q", expr, bad.Code, bad.Expr),
			"the syntax is Go's: https://pkg.go.dev/regexp/syntax")
	}
	if err != nil {
		return nil, err
	}
	p := &Pattern{re: re}
	// A line is matched, not a place in it, so .* at either end changes nothing.
	if bare, err := regexp.Compile(strings.TrimSuffix(strings.TrimPrefix(expr, ".*"), ".*")); err == nil {
		if text, whole := bare.LiteralPrefix(); whole && !fold {
			p.literal = []byte(text)
		}
	}
	return p, nil
}

// Match reports whether the pattern matches anywhere in the line.
func (p *Pattern) Match(line []byte) bool {
	if p.literal != nil {
		return bytes.Contains(line, p.literal)
	}
	return p.re.Match(line)
}
