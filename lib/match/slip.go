package match

import (
	"errors"
	"fmt"
	"regexp"
	"regexp/syntax"
	"strings"
	"unicode/utf8"

	"github.com/wmtools/wm/lib/event"
)

// This file holds what is said to a user whose term is wrong: what it is, and a
// hint with the right spelling.

func wrong(term, hint, cause string, args ...any) error {
	return event.WithHint(fmt.Errorf("term %q: %s", term, fmt.Sprintf(cause, args...)), hint)
}

// spellings are the operators of other languages and what they are here.
var spellings = map[string]string{
	"==": "=", "===": "=", "!==": "!=", "!===": "!=", "<>": "!=", "=<": "<=", "=>": ">=",
	"=~": "~", "~~": "~", "~=": "~", "!=~": "!~", "!~=": "!~",
}

// unknownOperator finds what looks like an operator but is none. A value that
// begins so goes in quotes, but for the name of a temporary account.
func unknownOperator(term, field, op, value string) error {
	signs := map[bool]string{true: "=~", false: "=<>~!"}[strings.HasSuffix(op, "~")]
	if strings.HasSuffix(op, "=") && op != "<=" && op != ">=" {
		signs = "=<>~"
	}
	rest := strings.TrimLeft(value, signs)
	if op == "@" || op == "!@" || rest == value || strings.HasPrefix(value, "~") && isDigit(value[1:]) && signs == "=<>~" {
		return nil
	}
	slip := op + value[:len(value)-len(rest)]
	right, known := spellings[slip]
	if !known {
		right = op
	}
	return wrong(term, fmt.Sprintf("write %s%s%s; a value that begins with %c goes in quotes", field, right, rest, value[0]),
		"unknown operator %q", slip)
}

func isDigit(text string) bool { return text != "" && '0' <= text[0] && text[0] <= '9' }

// noField finds an operator without a field in front of it.
func noField(term string) error {
	const hint = "write FIELD=VALUE, as in wiki=enwiki or meta.domain!=commons.wikimedia.org"
	switch {
	case term == "" || term == "!":
		return wrong(term, hint, "no field")
	case strings.IndexByte("=~<>", term[0]) >= 0, strings.HasPrefix(term, "!="), strings.HasPrefix(term, "!~"), strings.HasPrefix(term, "!@"):
		return wrong(term, hint, "no field in front of the operator")
	case term[0] == '"':
		return wrong(term, "words and phrases belong to a whole query: --query '"+term+"'", "no field")
	case term[0] == '-':
		return wrong(term, "write !FIELD or FIELD!=VALUE, or a whole query with --query '"+term+"'", "a field cannot begin with '-'")
	case term[0] == '!':
		if op, at := findOperator(term); op != "" {
			return wrong(term, "write "+term[1:at]+"!"+strings.TrimPrefix(op, "!")+term[at+len(op):], "'!' belongs to the operator")
		}
	}
	return nil
}

// colonFields are the fields for which a colon is taken for an operator; any
// other word with a colon, such as category:stubs, is a word.
var colonFields = map[string]bool{
	"wiki": true, "user": true, "type": true, "title": true, "comment": true, "namespace": true, "bot": true,
	"minor": true, "patrolled": true, "id": true, "server_name": true, "database": true, "timestamp": true,
}

// wrongOperator finds FIELD:VALUE in a term that has no operator.
func wrongOperator(term string) error {
	field, value, ok := strings.Cut(term, ":")
	if !ok || !colonFields[field] && !strings.HasPrefix(field, "wm.") && !strings.HasPrefix(field, "meta.") {
		return nil
	}
	return wrong(term, fmt.Sprintf(`write %s=%s; the words "%s" go in quotes`, field, value, term), "has no operator")
}

func badCharacter(term string, c byte) error {
	hint := `write the path of one field, as in meta.domain; in front of such a character in a name stands a \`
	if field, value, ok := strings.Cut(term, ":"); ok && c == ':' && !strings.ContainsAny(value, "=<>~") {
		hint = fmt.Sprintf("write %s=%s", field, value)
	}
	return wrong(term, hint, "a field's name cannot hold %q", c)
}

func emptyKey(term string) error {
	return wrong(term, `write the path of one field, as in meta.domain; a dot in a name is written \.`, "a part of the field's name is empty")
}

func notNumber(t *Term) error {
	value := t.Values[0].Text
	hint := "write one number, as in length.new>100000"
	if _, isTime := timeFields[t.Field()]; isTime {
		hint = "--since and --until take times"
	}
	return wrong(t.Text, hint, "%s compares with a number, and %q is none", t.Op, value)
}

var timeFields = map[string]bool{"@timestamp": true, "meta.dt": true, "dt": true}

func noToken(term string) error {
	return wrong(term, "a word has a letter or a digit; for other text write comment~, title~ or user~ and a regular expression",
		"there is no word in it")
}

func longPhrase(term string) error {
	return wrong(term, "give its most telling words", "a phrase has at most %d words", maxPhrase)
}

func alternativeWords(term string) error {
	return wrong(term, "write comment~'one|other', a regular expression", "words cannot be alternatives")
}

func openQuote(text string) error {
	return event.WithHint(fmt.Errorf("query: the quote is not closed in %q", text),
		`a quote ends with " and a blank; write \" for one inside`)
}

func noFiles(term string) error {
	return wrong(term, fmt.Sprintf("a file of values can be given on the command line only; words go in quotes: %q", term),
		"@ names a file")
}

func noFileName(term string) error {
	return wrong(term, "write user@names.txt, one value a line", "no file behind the operator")
}

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
		err = plain // its places are those that the user sees
	}
	bad, ok := errors.AsType[*syntax.Error](err)
	if !ok {
		return nil, fmt.Errorf("term %q: %w", t.Text, err)
	}
	return nil, wrong(t.Text, "the syntax is Go's: https://pkg.go.dev/regexp/syntax",
		"bad regular expression: %s", pointAt(expr, bad))
}

// pointAt says what is wrong with an expression, and points at it.
func pointAt(expr string, bad *syntax.Error) string {
	return fmt.Sprintf("%s\n  %s\n  %s^", bad.Code, strings.ToValidUTF8(expr, "\uFFFD"), strings.Repeat(" ", column(expr, bad)))
}

// column returns how many characters stand before the place of a mistake.
func column(expr string, bad *syntax.Error) int {
	at := 0
	switch bad.Code {
	case syntax.ErrMissingParen:
		at = openGroup(expr)
	case syntax.ErrUnexpectedParen:
		at = shortestBad(expr, func(e *syntax.Error) bool { return e.Code == bad.Code }) - 1
	default:
		// The error names the part that is wrong, but not where it is: at the end
		// of the shortest beginning with the same mistake.
		at = shortestBad(expr, func(e *syntax.Error) bool { return *e == *bad }) - len(bad.Expr)
	}
	return utf8.RuneCountInString(expr[:max(at, 0)])
}

// shortestBad returns the length of the shortest beginning of an expression,
// itself and those of one byte less and less, that has the same mistake.
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

// openGroup returns the index of the first group without which all is well, or
// of the first group.
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
