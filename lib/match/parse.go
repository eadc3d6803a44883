package match

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"unicode"

	"github.com/wmtools/wm/lib/event"
	"github.com/wmtools/wm/lib/words"
)

// Parser parses terms and queries. The zero value rejects terms that name a
// file. Its errors are *SyntaxError, or errors of ReadFile.
type Parser struct {
	// ReadFile returns the content of FILE for FIELD@FILE: one value per line.
	// If it is nil, such a term is an error.
	ReadFile func(name string) ([]byte, error)
}

// ParseTerm parses a term such as namespace!=0|1. See Parser.Term.
func ParseTerm(text string) (*Term, error) { return Parser{}.Term(text) }

// ParseQuery parses terms and words separated by blanks. See Parser.Query.
func ParseQuery(text string) (*Query, error) { return Parser{}.Query(text) }

// Query parses terms separated by blanks. A term that begins with "-" is negated.
// A term without an operator is a word or, in quotes, a phrase. A query without
// terms is valid.
func (p Parser) Query(text string) (*Query, error) {
	q := new(Query)
	for rest := text; ; {
		rest = strings.TrimLeftFunc(rest, unicode.IsSpace)
		if rest == "" {
			return q, nil
		}
		n := termLength(rest)
		if n < 0 {
			return nil, shift(openQuote(rest), len(text)-len(rest))
		}
		t, err := p.queryTerm(rest[:n])
		if err != nil {
			return nil, shift(err, len(text)-len(rest))
		}
		q.Terms = append(q.Terms, t)
		rest = rest[n:]
	}
}

// shift moves the position of a *SyntaxError, which was found in text that
// begins at offset n.
func shift(err error, n int) error {
	if e, ok := errors.AsType[*SyntaxError](err); ok {
		e.Start += n
		e.End += n
	}
	return err
}

// termLength returns the length of the first term of a query, or -1 if a quote
// in it is not closed. A blank in quotes does not end a term.
func termLength(text string) int {
	quoted := 0 // end of the quoted part
	for i, r := range text {
		switch {
		case i < quoted:
		case unicode.IsSpace(r):
			return i
		case r == '"' && opensQuote(text, i):
			n := closingQuote(text[i:], func(r rune) bool { return r == '|' || unicode.IsSpace(r) })
			if n < 0 {
				return -1
			}
			quoted = i + n + 1
		}
	}
	return len(text)
}

// opensQuote reports whether a value or a phrase can begin at i.
func opensQuote(text string, i int) bool {
	if i == 0 || text[:i] == "-" || strings.IndexByte("=~<>@|", text[i-1]) >= 0 {
		return true
	}
	_, rest, ok := cutWordField(strings.TrimPrefix(text[:i], "-"))
	return ok && rest == ""
}

// cutWordField cuts the field of words, such as title: in title:word, off a term.
func cutWordField(text string) (field, rest string, ok bool) {
	field, rest, ok = strings.Cut(text, ":")
	return field, rest, ok && slices.Contains(wordFields, field)
}

// closingQuote returns the index of the quote that closes the one at the start
// of text, or -1: the first that is not escaped and is followed by the end of
// the text or a rune for which ends is true.
func closingQuote(text string, ends func(rune) bool) int {
	for i := 1; i < len(text); i++ {
		switch text[i] {
		case '\\':
			i++
		case '"':
			if i+1 == len(text) || strings.IndexFunc(text[i+1:], ends) == 0 {
				return i
			}
		}
	}
	return -1
}

func isBar(r rune) bool { return r == '|' }

var unescapeQuotes = strings.NewReplacer(`\"`, `"`, `\\`, `\`)

func (p Parser) queryTerm(text string) (*Term, error) {
	rest, negated := strings.CutPrefix(text, "-")
	t, err := p.wordsOrTerm(rest)
	if err != nil {
		return nil, shift(err, len(text)-len(rest))
	}
	t.Text = text
	t.Negate = t.Negate != negated
	return t, nil
}

func (p Parser) wordsOrTerm(text string) (*Term, error) {
	if strings.HasPrefix(text, `"`) {
		return phrase(text, text)
	}
	if field, rest, ok := cutWordField(text); ok {
		return fieldWords(text, field, rest)
	}
	if err := booleanWord(text); err != nil {
		return nil, err
	}
	if op, _ := findOperator(text); op != "" || len(text) > 1 && text[0] == '!' {
		return p.Term(text)
	}
	if err := wrongOperator(text); err != nil {
		return nil, err
	}
	return wordTerm(text, text, strings.Contains(text, "|"))
}

// fieldWords parses words or a phrase after FIELD:.
func fieldWords(text, field, rest string) (t *Term, err error) {
	if strings.HasPrefix(rest, `"`) {
		t, err = phrase(text, rest)
	} else {
		t, err = wordTerm(text, rest, strings.Contains(rest, "|"))
	}
	if err != nil {
		return nil, err
	}
	t.Path = []string{field}
	return t, nil
}

// phrase parses words in quotes, which are all of a term or the end of it.
func phrase(text, quoted string) (*Term, error) {
	end := closingQuote(quoted, isBar)
	if end < 0 {
		return nil, openQuote(text)
	}
	return wordTerm(text, unescapeQuotes.Replace(quoted[1:end]), end+1 < len(quoted))
}

// wordTerm returns the term for words.
func wordTerm(text, inside string, alternatives bool) (*Term, error) {
	t := &Term{Text: text, Op: Words, Tokens: slices.Collect(words.Tokens(inside))}
	switch {
	case alternatives && len(t.Tokens) > 0:
		return nil, alternativeWords(text)
	case len(t.Tokens) == 0:
		return nil, noToken(text)
	case len(t.Tokens) > maxPhrase:
		return nil, longPhrase(text)
	}
	return t, nil
}

// Term parses one term: FIELD OP VALUE, FIELD@FILE, FIELD:WORDS, FIELD or
// !FIELD. Its operator is the leftmost after the first byte, and the longest at
// that place.
func (p Parser) Term(text string) (*Term, error) {
	if strings.TrimPrefix(text, "!") == "@timestamp" { // not a file
		return presence(text)
	}
	if field, rest, ok := cutWordField(text); ok {
		return fieldWords(text, field, rest)
	}
	if err := noField(text); err != nil {
		return nil, err
	}
	op, at := findOperator(text)
	if op == "" {
		return presence(text)
	}
	field, value := text[:at], text[at+len(op):]
	if err := unknownOperator(text, field, op, value); err != nil {
		return nil, err
	}
	path, err := parsePath(text, field)
	if err != nil {
		return nil, err
	}
	t := &Term{Text: text, Path: path}
	op, t.Negate = strings.CutPrefix(op, "!")
	t.Op = Op(op)
	switch t.Op {
	case "@":
		t.Op = Equal
		t.Values, err = p.readValues(text, value)
	case Equal:
		t.Values = parseValues(value)
	case Like:
		t.Values = []Value{exprValue(value)}
		_, err = compileExpr(t, false)
	default:
		t.Values = []Value{bareValue(value)}
		if t.Values[0].Kind != Number {
			err = notNumber(t)
		}
	}
	if err == nil && t.Op == Equal {
		err = wrongBlank(t)
	}
	if err != nil {
		return nil, err
	}
	return t, nil
}

// operators are all operators, the longer ones first.
var operators = [...]string{"!=", "!~", "!@", "<=", ">=", "=", "~", "<", ">", "@"}

// findOperator returns the operator of a term and its index, or "".
func findOperator(text string) (op string, at int) {
	for i := 0; i < len(text); i++ {
		if text[i] == '\\' {
			i++ // and the escaped byte
			continue
		}
		for _, op := range operators {
			if i > 0 && strings.HasPrefix(text[i:], op) {
				return op, i
			}
		}
	}
	return "", 0
}

// presence parses FIELD or !FIELD.
func presence(text string) (*Term, error) {
	if err := wrongOperator(text); err != nil {
		return nil, err
	}
	field, negate := strings.CutPrefix(text, "!")
	path, err := parsePath(text, field)
	if err != nil {
		return nil, err
	}
	return &Term{Text: text, Negate: negate, Op: Exists, Path: path}, nil
}

// parsePath splits a field's name at its dots. A backslash makes the character
// after it part of a key.
func parsePath(term, field string) ([]string, error) {
	path, err := splitPath(term, field)
	if err == nil && len(path) > 1 && path[0] == "wm" && !slices.Contains(event.DerivedNames(), strings.Join(path, ".")) {
		return nil, unknownDerived(term, field)
	}
	return path, err
}

func splitPath(term, field string) ([]string, error) {
	if field == "@timestamp" {
		return []string{field}, nil
	}
	var path []string
	var key []byte
	for i := 0; i <= len(field); i++ {
		switch {
		case i == len(field) || field[i] == '.':
			if len(key) == 0 {
				return nil, emptyKey(term)
			}
			path, key = append(path, string(key)), nil
		case field[i] == '\\' && i+1 < len(field):
			i++
			key = append(key, field[i])
		case strings.IndexByte(`*?#@|{}[]()!"'<>~=:`+" \t", field[i]) >= 0:
			return nil, badCharacter(term, field[i])
		default:
			key = append(key, field[i])
		}
	}
	return path, nil
}

// parseValues parses values separated by |. A quoted value may contain |.
func parseValues(text string) []Value {
	var vs []Value
	for {
		if strings.HasPrefix(text, `"`) {
			if end := closingQuote(text, isBar); end > 0 {
				vs = append(vs, Value{unescapeQuotes.Replace(text[1:end]), Text})
				if text = text[end+1:]; text == "" {
					return vs
				}
				text = text[1:]
				continue
			}
		}
		value, rest, more := strings.Cut(text, "|")
		vs = append(vs, bareValue(value))
		if !more {
			return vs
		}
		text = rest
	}
}

// exprValue parses a regular expression, which may be quoted. Its backslashes
// stay: \" means a quote in a regular expression too.
func exprValue(text string) Value {
	if n := len(text) - 1; n > 0 && text[0] == '"' && text[n] == '"' {
		text = text[1:n]
	}
	return Value{text, Text}
}

// readValues reads the values of FIELD@FILE: each line is one, as it is. Empty
// lines, a CR at the end of a line and a byte order mark are ignored.
func (p Parser) readValues(term, name string) ([]Value, error) {
	switch {
	case p.ReadFile == nil:
		return nil, noFiles(term)
	case name == "":
		return nil, noFileName(term)
	}
	data, err := p.ReadFile(name)
	if err != nil {
		return nil, fmt.Errorf("term %q: %w", term, err)
	}
	var vs []Value
	for line := range strings.Lines(strings.TrimPrefix(string(data), "\ufeff")) {
		if line = strings.TrimRight(line, "\r\n"); line != "" {
			vs = append(vs, bareValue(line))
		}
	}
	return vs, nil
}

// ParsePath splits the name of a field, a gjson path without modifiers and
// queries, into its keys.
func ParsePath(field string) ([]string, error) { return parsePath(field, field) }
