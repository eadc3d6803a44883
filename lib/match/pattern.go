package match

import (
	"errors"
	"fmt"
	"regexp/syntax"

	"github.com/wmtools/wm/lib/event"
	"github.com/wmtools/wm/lib/match/lines"
)

// Pattern is one or more regular expressions over the bytes of a line, any of
// which may match. It is immutable.
type Pattern = lines.Matcher

// PatternOptions control how patterns are read, as the options of grep do.
type PatternOptions = lines.Options

// CompilePattern compiles regular expressions in Go's syntax. The error of a bad
// one wraps a *syntax.Error and points at the mistake.
func CompilePattern(patterns []string, o PatternOptions) (*Pattern, error) {
	p, err := lines.Compile(patterns, o)
	if bad, ok := errors.AsType[*syntax.Error](err); ok {
		return nil, event.WithHint(&patternError{describe(patterns, bad), bad}, "the syntax is Go's: https://pkg.go.dev/regexp/syntax")
	}
	return p, err
}

// patternError is a syntax error with a description that shows its position.
type patternError struct {
	text string
	err  *syntax.Error
}

func (e *patternError) Error() string { return "bad regular expression: " + e.text }

func (e *patternError) Unwrap() error { return e.err }

// describe shows the position of the first error in one of the patterns.
func describe(patterns []string, bad *syntax.Error) string {
	for _, p := range patterns {
		if _, err := syntax.Parse(p, syntax.Perl); err != nil {
			return pointAt(p, bad)
		}
	}
	return fmt.Sprint(bad.Code) // together they are too large
}
