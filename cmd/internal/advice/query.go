package advice

import (
	"errors"
	"regexp/syntax"

	"github.com/wmtools/wm/lib/event"
	"github.com/wmtools/wm/lib/match"
)

// Query adds a hint to an error of package match. It returns any other error as
// it is. Flag is what comes before a query on the command line, such as
// "--query ".
func Query(err error, flag string) error {
	bad, ok := errors.AsType[*match.SyntaxError](err)
	switch {
	case ok && bad.Fault == match.NeedsQuery:
		return event.WithHint(err, bad.Hint()+": "+flag+Quote(bad.Term))
	case ok && bad.Fault == match.ComparesTime:
		return event.WithHint(err, "use --since and --until for times")
	}
	return err
}

// Pattern adds a hint to an error of match.CompilePattern.
func Pattern(err error) error {
	if _, ok := errors.AsType[*syntax.Error](err); ok {
		return event.WithHint(err, "the syntax is Go's: https://pkg.go.dev/regexp/syntax; -F takes the pattern literally")
	}
	return err
}
