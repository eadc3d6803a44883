package match

import (
	"fmt"
	"slices"
	"strings"

	"github.com/wmtools/wm/lib/event"
)

// SyntaxError reports a query or a term that cannot be read.
type SyntaxError struct {
	Fault Fault
	// Term is the term as written, or "" if the error is not in one term.
	Term string
	// Start and End are the part of the text at fault, as byte offsets in what
	// was passed to Parser.Query or Parser.Term.
	Start, End int

	cause, hint string
}

// Fault classifies errors for which a program may know more than this package.
type Fault int

// Faults.
const (
	Malformed    Fault = iota // any other error
	NeedsQuery                // words, a phrase or a leading "-" where Parser.Term reads a term
	ComparesTime              // < or > on a time, which Options.Since and Options.Until bound
)

func (e *SyntaxError) Error() string {
	if e.Term == "" {
		return "query: " + e.cause
	}
	return fmt.Sprintf("term %q: %s", e.Term, e.cause)
}

// Hint returns how to write it: one sentence, lower case, no full stop.
func (e *SyntaxError) Hint() string { return e.hint }

// wrong returns an error for a whole term.
func wrong(term, hint, cause string, args ...any) *SyntaxError {
	return &SyntaxError{Term: term, End: len(term), cause: fmt.Sprintf(cause, args...), hint: hint}
}

// within narrows an error down to the first occurrence of part at or after from.
func (e *SyntaxError) within(part string, from int) *SyntaxError {
	if i := strings.Index(e.Term[from:], part); i >= 0 {
		e.Start, e.End = from+i, from+i+len(part)
	}
	return e
}

func (e *SyntaxError) as(f Fault) *SyntaxError {
	e.Fault = f
	return e
}

// spellings maps operators of other languages to their equivalents.
var spellings = map[string]string{
	"==": "=", "===": "=", "!==": "!=", "!===": "!=", "<>": "!=", "=<": "<=", "=>": ">=",
	"=~": "~", "~~": "~", "~=": "~", "!=~": "!~", "!~=": "!~",
}

// unknownOperator finds what looks like an operator but is not one. A value that
// begins with such characters must be quoted, except for the name of a temporary
// account.
func unknownOperator(term, field, op, value string) error {
	signs := map[bool]string{true: "=~", false: "=<>~!"}[strings.HasSuffix(op, "~")]
	if strings.HasSuffix(op, "=") && op != "<=" && op != ">=" {
		signs = "=<>~"
	}
	rest := strings.TrimLeft(value, signs)
	if op == "@" || op == "!@" || rest == value || strings.HasPrefix(value, "~") && isDigit(value[1:]) && signs == "=<>~" {
		return nil
	}
	written := op + value[:len(value)-len(rest)]
	right, known := spellings[written]
	if !known {
		right = op
	}
	return wrong(term, fmt.Sprintf("write %s%s%s; quote a value that begins with %c", field, right, rest, value[0]),
		"unknown operator %q", written).within(written, len(field))
}

func isDigit(text string) bool { return text != "" && '0' <= text[0] && text[0] <= '9' }

// noField finds an operator that has no field before it.
func noField(term string) error {
	const hint = "write FIELD=VALUE, as in wiki=enwiki or meta.domain!=commons.wikimedia.org"
	switch {
	case term == "" || term == "!":
		return wrong(term, hint, "no field")
	case strings.IndexByte("=~<>", term[0]) >= 0, strings.HasPrefix(term, "!="), strings.HasPrefix(term, "!~"), strings.HasPrefix(term, "!@"):
		return wrong(term, hint, "no field before the operator")
	case term[0] == '"':
		return wrong(term, "words and phrases go in a query", "no field").as(NeedsQuery)
	case term[0] == '-':
		return wrong(term, "write !FIELD or FIELD!=VALUE, or a query", "a field cannot begin with '-'").as(NeedsQuery)
	case term[0] == '!':
		if op, at := findOperator(term); op != "" {
			return wrong(term, "write "+term[1:at]+"!"+strings.TrimPrefix(op, "!")+term[at+len(op):], "'!' belongs to the operator")
		}
		if _, _, ok := cutWordField(term[1:]); ok {
			return wrong(term, "write -"+term[1:]+" in a query", "'!' cannot negate words")
		}
	}
	return nil
}

// colonFields are fields after which a colon is most likely meant as an
// operator. Any other word with a colon, such as category:stubs, is a word.
var colonFields = map[string]bool{
	"wiki": true, "type": true, "namespace": true, "bot": true, "minor": true, "patrolled": true, "id": true,
	"server_name": true, "database": true, "timestamp": true,
}

// wrongOperator finds FIELD:VALUE in a term that has no operator.
func wrongOperator(term string) error {
	field, value, ok := strings.Cut(term, ":")
	if !ok || !colonFields[field] && !strings.HasPrefix(field, "wm.") && !strings.HasPrefix(field, "meta.") {
		return nil
	}
	return wrong(term, fmt.Sprintf(`write %s=%s, or "%s" in quotes for the words`, field, value, term),
		"':' is an operator only after title, comment and user").within(":", 0)
}

// booleans are words of other query languages that users write in capitals, with
// a hint for each.
var booleans = map[string]string{
	"AND": `leave it out: all terms must hold; "AND" in quotes is the word`,
	"OR":  `write FIELD=one|other for several values of a field; "OR" in quotes is the word`,
	"NOT": `write "-" before a term to negate it, as in -bot=true; "NOT" in quotes is the word`,
}

func booleanWord(term string) error {
	if hint, ok := booleans[term]; ok {
		return wrong(term, hint, "not an operator of the query language")
	}
	return nil
}

func badCharacter(term string, c byte) error {
	hint := `write the path of one field, as in meta.domain; write \ before such a character in a name`
	if field, value, ok := strings.Cut(term, ":"); ok && c == ':' && !strings.ContainsAny(value, "=<>~") {
		hint = fmt.Sprintf("write %s=%s", field, value)
	}
	return wrong(term, hint, "a field name cannot contain %q", c).within(string(c), 0)
}

func emptyKey(term string) error {
	return wrong(term, `write the path of one field, as in meta.domain; write \. for a dot in a name`, "part of the field name is empty")
}

func unknownDerived(term, field string) error {
	names := slices.DeleteFunc(event.DerivedNames(), func(name string) bool { return name == "@timestamp" })
	return wrong(term, "the derived fields are "+strings.Join(names, ", "), "no field %q", field).within(field, 0)
}

func notNumber(t *Term) error {
	value := t.Values[0].Text
	if timeFields[t.Field()] {
		return wrong(t.Text, "a term cannot compare times; bound the time of the events instead", "%s needs a number, not %q", t.Op, value).
			within(value, 0).as(ComparesTime)
	}
	return wrong(t.Text, "write one number, as in length.new>100000", "%s needs a number, not %q", t.Op, value).within(value, 0)
}

var timeFields = map[string]bool{"@timestamp": true, "meta.dt": true, "dt": true}

// blankFields are fields in which MediaWiki writes blanks, never underscores;
// underscoreFields the reverse.
var (
	blankFields = map[string]bool{"title": true, "wm.page": true, "user": true, "wm.user": true,
		"performer.user_text": true, "revision.editor.user_text": true}
	underscoreFields = map[string]bool{"page_title": true, "page.page_title": true}
)

// wrongBlank finds a value that its field can never have, because the field
// writes blanks where the value has underscores, or the reverse.
func wrongBlank(t *Term) error {
	for _, v := range t.Values {
		switch field := t.Field(); {
		case blankFields[field] && strings.Contains(v.Text, "_"):
			return wrong(t.Text, fmt.Sprintf("write %q", strings.ReplaceAll(v.Text, "_", " ")),
				"%s has blanks, not underscores: %q never matches", field, v.Text).within(v.Text, 0)
		case underscoreFields[field] && strings.Contains(v.Text, " "):
			return wrong(t.Text, fmt.Sprintf("write %s, or use wm.page", strings.ReplaceAll(v.Text, " ", "_")),
				"%s has underscores, not blanks: %q never matches", field, v.Text).within(v.Text, 0)
		}
	}
	return nil
}

func noToken(term string) error {
	return wrong(term, "a word has a letter or a digit; to search for other text, write comment~, title~ or user~ and a regular expression",
		"no word in the term")
}

func longPhrase(term string) error {
	return wrong(term, "use only the most distinctive words", "a phrase has at most %d words", maxPhrase)
}

func alternativeWords(term string) error {
	return wrong(term, "write comment~'one|other', a regular expression", "words cannot be alternatives")
}

func openQuote(text string) error {
	e := wrong("", `a quote ends with " and a blank; write \" for one inside`, "the quote is not closed in %q", text)
	e.End = len(text)
	return e
}

func noFiles(term string) error {
	return wrong(term, fmt.Sprintf("files of values work on the command line only; to search for words, use quotes: %q", term),
		"@ names a file")
}

func noFileName(term string) error {
	return wrong(term, "write user@names.txt; the file has one value per line", "no file after the operator")
}
