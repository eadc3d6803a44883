package match

import (
	"errors"
	"fmt"
	"regexp/syntax"
	"strings"

	"github.com/wmtools/wm/lib/event"
	"github.com/wmtools/wm/lib/match/lines"
)

// Pattern is some regular expressions over the bytes of a line, any of which
// may match. It is immutable.
type Pattern = lines.Matcher

// PatternOptions are how patterns are read: those of grep.
type PatternOptions = lines.Options

// CompilePattern compiles regular expressions in Go's syntax.
func CompilePattern(patterns []string, o PatternOptions) (*Pattern, error) {
	p, err := lines.Compile(patterns, o)
	if bad, ok := errors.AsType[*syntax.Error](err); ok {
		return nil, event.WithHint(fmt.Errorf("bad regular expression %s: %s in %q", quoted(patterns), bad.Code, bad.Expr),
			"the syntax is Go's: https://pkg.go.dev/regexp/syntax; -F takes the pattern as it is")
	}
	return p, err
}

func quoted(patterns []string) string {
	if len(patterns) == 1 {
		return fmt.Sprintf("%q", patterns[0])
	}
	return fmt.Sprintf("among %d (%q, ...)", len(patterns), strings.Join(patterns[:1], ""))
}
