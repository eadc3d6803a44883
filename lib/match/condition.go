package match

import (
	"regexp"

	"github.com/wmtools/wm/lib/jsonscan"
)

// condition is what a term requires of its field's value, negation aside.
type condition struct {
	op      Op
	texts   textSet             // for Equal: the strings
	words   []string            // for Equal: true, false and null, if they are values
	numbers jsonscan.DecimalSet // for Equal: the numbers
	bound   jsonscan.Decimal    // for comparisons
	expr    *regexp.Regexp      // for Like
}

// newCondition compiles a term's condition. With fold, regular expressions
// ignore case.
func newCondition(t *Term, fold bool) (condition, error) {
	c := condition{op: t.Op}
	switch t.Op {
	case Exists:
		return c, nil
	case Like:
		var err error
		c.expr, err = compileExpr(t, fold)
		return c, err
	case Equal:
		for _, v := range t.Values {
			c.add(v)
		}
		return c, nil
	}
	n, ok := jsonscan.ParseDecimal(t.Values[0].Text)
	if !ok {
		return c, notNumber(t)
	}
	c.bound = n
	return c, nil
}

func (c *condition) add(v Value) {
	c.texts.add(v.Text)
	switch v.Kind {
	case Bool, Null:
		c.words = append(c.words, v.Text)
	case Number:
		n, _ := jsonscan.ParseDecimal(v.Text)
		c.numbers.Add(n)
	}
}

// textSet is a set of strings.
type textSet struct {
	few  []string
	many map[string]struct{} // all of them, if there are more than few
}

// few is the largest number of strings to compare one by one.
const few = 4

func (s *textSet) add(text string) {
	switch {
	case s.many != nil:
		s.many[text] = struct{}{}
	case len(s.few) < few:
		s.few = append(s.few, text)
	default:
		s.many = map[string]struct{}{text: {}}
		for _, t := range s.few {
			s.many[t] = struct{}{}
		}
	}
}

func (s *textSet) has(text string) bool {
	if s.many != nil {
		_, ok := s.many[text]
		return ok
	}
	for _, t := range s.few {
		if t == text {
			return true
		}
	}
	return false
}

// scalar is a JSON value that is neither an object nor an array.
type scalar struct {
	kind   byte             // '"' a string, '0' a number, 'w' true, false or null
	text   string           // of a string, decoded; else as written, "" for a derived number
	number jsonscan.Decimal // of a number
}

func textScalar(text string) scalar { return scalar{kind: '"', text: text} }

func boolScalar(b bool) scalar {
	if b {
		return scalar{kind: 'w', text: "true"}
	}
	return scalar{kind: 'w', text: "false"}
}

// written returns the text of a scalar.
func (s scalar) written() string {
	if s.kind == '0' && s.text == "" {
		return s.number.String()
	}
	return s.text
}

// parseScalar reads the JSON text of a scalar.
func parseScalar(json []byte) (s scalar, ok bool) {
	if json[0] == '"' {
		text, ok := jsonscan.Unquote(json)
		return textScalar(text), ok
	}
	s.text = jsonscan.View(json)
	if s.text == "true" || s.text == "false" || s.text == "null" {
		s.kind = 'w'
		return s, true
	}
	s.kind = '0'
	s.number, ok = jsonscan.ParseDecimal(s.text)
	return s, ok
}

// holds reports whether a scalar satisfies the condition.
func (c *condition) holds(s scalar) bool {
	switch c.op {
	case Exists:
		return s.text != "null" || s.kind == '"'
	case Like:
		return c.expr.MatchString(s.written())
	case Equal:
		return c.equals(s)
	}
	return s.kind == '0' && c.inOrder(s.number.Compare(c.bound))
}

func (c *condition) equals(s scalar) bool {
	switch s.kind {
	case '"':
		return c.texts.has(s.text)
	case '0':
		return c.numbers.Has(s.number)
	}
	for _, w := range c.words {
		if w == s.text {
			return true
		}
	}
	return false
}

// inOrder reports whether the outcome of a comparison satisfies the operator.
func (c *condition) inOrder(outcome int) bool {
	switch c.op {
	case Less:
		return outcome < 0
	case LessEqual:
		return outcome <= 0
	case Greater:
		return outcome > 0
	}
	return outcome >= 0
}

// holdsFor reports whether a field satisfies the condition, given its JSON,
// which is empty if the field is absent. An array satisfies it if one of its
// elements does; an object satisfies only Exists.
func (c *condition) holdsFor(json []byte) (bool, error) {
	switch {
	case len(json) == 0:
		return false, nil
	case json[0] == '{':
		return c.op == Exists, nil
	case json[0] == '[' && c.op == Exists:
		return true, nil
	case json[0] == '[':
		return c.holdsForAny(json)
	}
	s, ok := parseScalar(json)
	if !ok {
		return false, jsonscan.ErrNotObject
	}
	return c.holds(s), nil
}

// holdsForAny is holdsFor for an array and the arrays in it.
func (c *condition) holdsForAny(json []byte) (bool, error) {
	for i := 0; i < len(json); {
		switch json[i] {
		case '[', ']', ',', ' ', '\t', '\r', '\n':
			i++
			continue
		}
		end := jsonscan.SkipValue(json, i, 0)
		if end < 0 {
			return false, jsonscan.Err(end)
		}
		if json[i] != '{' {
			if held, err := c.holdsFor(json[i:end]); held || err != nil {
				return held, err
			}
		}
		i = end
	}
	return false, nil
}
