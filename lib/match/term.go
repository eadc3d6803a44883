package match

import (
	"strings"

	"github.com/wmtools/wm/lib/jsonscan"
)

// Query is a parsed query. A line matches if all terms hold, or with Options.Any
// if one does.
type Query struct {
	Terms []*Term
}

// Term is a condition on one field, or on the words of an event. The operators
// != !~ !@ and !FIELD are parsed as those without the !, and Negate. So a
// negated term holds for an event that lacks the field.
type Term struct {
	Text   string   // as written
	Negate bool     // the term holds if the rest does not
	Op     Op       // determines which of the following are set
	Path   []string // keys from the outermost inward, without escapes
	Values []Value  // what to compare the field with
	Tokens []string // for Words: consecutive tokens of one field
}

// Field returns the field's name in an index, such as "meta.dt".
func (t *Term) Field() string { return strings.Join(t.Path, ".") }

// WordFields returns the fields that a term of the operator Words searches: any
// of them may have the tokens.
func (t *Term) WordFields() []string {
	if t.Path != nil {
		return t.Path
	}
	return wordFields
}

// Op is the operator of a term.
type Op string

// Operators.
const (
	Equal        Op = "=" // any of Values; also for @, whose values are read from a file
	Like         Op = "~" // one Value, a regular expression
	Less         Op = "<" // one Value, a number; so for the next three
	LessEqual    Op = "<="
	Greater      Op = ">"
	GreaterEqual Op = ">="
	Exists       Op = "exists" // no Values: the field is present and not null
	Words        Op = "words"  // Tokens are in the field of Path, or if that is nil in title, comment or user
)

// Value is a value to compare a field with.
type Value struct {
	Text string // without quotes
	Kind Kind
}

// Kind is the kind of a value: which JSON values it can equal. Every kind equals
// a string of the same text.
type Kind int

// Kinds of values.
const (
	Text   Kind = iota // only that string: a quoted value, or one of no other kind
	Number             // also a number of the same value
	Bool               // also true or false
	Null               // also null
)

// bareValue returns the value that text without quotes denotes.
func bareValue(text string) Value {
	switch text {
	case "true", "false":
		return Value{text, Bool}
	case "null":
		return Value{text, Null}
	}
	if _, ok := jsonscan.ParseDecimal(text); ok {
		return Value{text, Number}
	}
	return Value{text, Text}
}

// CompareInt compares an integer with a value of the kind Number, as predicates
// do: negative if n is less. It serves translations of queries.
func (v Value) CompareInt(n int64) int {
	x, _ := jsonscan.ParseDecimal(v.Text)
	return jsonscan.Int(n).Compare(x)
}
