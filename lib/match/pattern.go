package match

import (
	"errors"
	"fmt"
	"regexp/syntax"

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
		return nil, event.WithHint(badPattern(patterns, bad), "the syntax is Go's: https://pkg.go.dev/regexp/syntax; -F takes the pattern as it is")
	}
	return p, err
}

// badPattern shows where the first mistake in one of the patterns is.
func badPattern(patterns []string, bad *syntax.Error) error {
	for _, p := range patterns {
		if _, err := syntax.Parse(p, syntax.Perl); err != nil {
			return fmt.Errorf("bad regular expression: %s", pointAt(p, bad))
		}
	}
	return fmt.Errorf("bad regular expression: %s", bad.Code) // too large all together
}
