package match

import (
	"fmt"
	"slices"
	"strings"
	"unicode"

	"github.com/wmtools/wm/lib/words"
)

// Parser reads terms and queries. The zero value reads all but those that name
// a file.
type Parser struct {
	// ReadFile returns the values of FIELD@FILE, one a line. Without it such a
	// term is an error.
	ReadFile func(name string) ([]byte, error)
}

// ParseTerm reads a term such as namespace!=0|1, as Parser.Term does.
func ParseTerm(text string) (*Term, error) { return Parser{}.Term(text) }

// ParseQuery reads terms and words joined by blanks, as Parser.Query does.
func ParseQuery(text string) (*Query, error) { return Parser{}.Query(text) }

// Query reads terms joined by blanks. A term with a "-" in front is negated.
// One without an operator is a word, or in quotes a phrase.
func (p Parser) Query(text string) (*Query, error) {
	q := new(Query)
	for {
		text = strings.TrimLeftFunc(text, unicode.IsSpace)
		if text == "" {
			return q, nil
		}
		n := termLength(text)
		if n < 0 {
			return nil, openQuote(text)
		}
		t, err := p.queryTerm(text[:n])
		if err != nil {
			return nil, err
		}
		q.Terms = append(q.Terms, t)
		text = text[n:]
	}
}

// termLength returns the length of the term that a query begins with, or -1 if
// a quote in it is not closed. A blank in quotes does not end a term.
func termLength(text string) int {
	quoted := 0 // end of what is in quotes
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
	return i == 0 || text[:i] == "-" || strings.IndexByte("=~<>@|", text[i-1]) >= 0
}

// closingQuote returns the index of the quote that closes the one at the start
// of text, or -1: the first that is not escaped and has the end of the text or
// one of some characters behind it.
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
		return nil, err
	}
	t.Text = text
	t.Negate = t.Negate != negated
	return t, nil
}

func (p Parser) wordsOrTerm(text string) (*Term, error) {
	if strings.HasPrefix(text, `"`) {
		return phrase(text)
	}
	if op, _ := findOperator(text); op != "" || len(text) > 1 && text[0] == '!' {
		return p.Term(text)
	}
	if err := wrongOperator(text); err != nil {
		return nil, err
	}
	return wordTerm(text, text)
}

// phrase reads words in quotes.
func phrase(text string) (*Term, error) {
	end := closingQuote(text, isBar)
	if end < 0 {
		return nil, openQuote(text)
	}
	if end+1 < len(text) {
		return nil, alternativeWords(text)
	}
	return wordTerm(text, unescapeQuotes.Replace(text[1:end]))
}

func wordTerm(text, inside string) (*Term, error) {
	t := &Term{Text: text, Op: Words, Tokens: slices.Collect(words.Tokens(inside))}
	switch {
	case len(t.Tokens) == 0:
		return nil, noToken(text)
	case len(t.Tokens) > maxPhrase:
		return nil, longPhrase(text)
	case text == inside && strings.Contains(text, "|"):
		return nil, alternativeWords(text)
	}
	return t, nil
}

// Term reads one term: FIELD OP VALUE, FIELD@FILE, FIELD or !FIELD. Its
// operator is the leftmost behind the first byte, and the longest there.
func (p Parser) Term(text string) (*Term, error) {
	if strings.TrimPrefix(text, "!") == "@timestamp" { // not a file
		return presence(text)
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
	if err != nil {
		return nil, err
	}
	return t, nil
}

// operators are all there are, the longer ones first.
var operators = [...]string{"!=", "!~", "!@", "<=", ">=", "=", "~", "<", ">", "@"}

// findOperator returns the operator of a term and its index, or "".
func findOperator(text string) (op string, at int) {
	for i := 0; i < len(text); i++ {
		if text[i] == '\\' {
			i++ // and what is escaped
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

// presence reads FIELD or !FIELD.
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

// parsePath splits a field's name at its dots. In front of a character that has
// a meaning in a path, a backslash takes it away.
func parsePath(term, field string) ([]string, error) {
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

// parseValues reads values with | between them. One in quotes may hold a |.
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

// exprValue reads a regular expression, which may be in quotes. It keeps its
// backslashes: \" means a quote there too.
func exprValue(text string) Value {
	if n := len(text) - 1; n > 0 && text[0] == '"' && text[n] == '"' {
		text = text[1:n]
	}
	return Value{text, Text}
}

// readValues reads the values of FIELD@FILE. Each line is one as it is; blank
// lines and the CR of a line's end do not count.
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
	for line := range strings.Lines(string(data)) {
		if line = strings.TrimRight(line, "\r\n"); line != "" {
			vs = append(vs, bareValue(line))
		}
	}
	return vs, nil
}

// ParsePath splits the name of a field, a gjson path without modifiers and
// queries, into its keys.
func ParsePath(field string) ([]string, error) { return parsePath(field, field) }
