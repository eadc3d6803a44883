package advice

import (
	"errors"
	"regexp"
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

// NoMatch returns hints for terms of a search that found nothing: those that
// compare a whole edit summary with one word.
func NoMatch(terms []*match.Term) (hints []string) {
	for _, t := range terms {
		if t.Op != match.Equal || t.Negate || t.Field() != "comment" || len(t.Values) != 1 {
			continue
		}
		if word := t.Values[0].Text; singleWord.MatchString(word) {
			hints = append(hints, t.Text+" compares the whole comment; comment:"+word+" searches it for the word")
		}
	}
	return hints
}

var singleWord = regexp.MustCompile(`^[\pL\pN]+$`)
