package match

import "strings"

// Query is a parsed query: a line must fulfil all of its terms, or with
// Options.Any one of them.
type Query struct {
	Terms []*Term
}

// Term is a condition on one field, or on the words of an event. The operators
// != !~ !@ and !FIELD are those without the ! and Negate, so a negated term
// holds for an event that lacks the field.
type Term struct {
	Text   string   // as it was written
	Negate bool     // the term holds where the rest does not
	Op     Op       // see there for which of the following are set
	Path   []string // keys from the outside in, without escapes; nil for Words
	Values []Value  // what the field is compared with
	Tokens []string // of Words: consecutive tokens of one field
}

// Field returns the name that Elasticsearch has for the field.
func (t *Term) Field() string { return strings.Join(t.Path, ".") }

// Op is what a term asks of its field.
type Op string

// Operators.
const (
	Equal        Op = "=" // any of Values; also @, whose values stand in a file
	Like         Op = "~" // one Value, a regular expression
	Less         Op = "<" // one Value, a number, as for the next three
	LessEqual    Op = "<="
	Greater      Op = ">"
	GreaterEqual Op = ">="
	Exists       Op = "exists" // no Values: the field is there and not null
	Words        Op = "words"  // no Path: Tokens are in title, comment or user
)

// Value is what a field is compared with.
type Value struct {
	Text string // without the quotes
	Kind Kind
}

// Kind says which types of fields a value can equal. Each kind equals a string
// of the same text.
type Kind int

// Kinds of values.
const (
	Text   Kind = iota // a string: anything in quotes, or what is none of the following
	Number             // and a number of the same value
	Bool               // and true or false
	Null               // and null
)

// bareValue returns a value that was written without quotes.
func bareValue(text string) Value {
	switch text {
	case "true", "false":
		return Value{text, Bool}
	case "null":
		return Value{text, Null}
	}
	if _, ok := parseNumber(text); ok {
		return Value{text, Number}
	}
	return Value{text, Text}
}
