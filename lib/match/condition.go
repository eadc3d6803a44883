package match

import (
	"bytes"
	"regexp"
	"strconv"
	"unsafe"
)

// condition is what a term asks of the value of its field, the negation aside.
type condition struct {
	op      Op
	texts   textSet   // of Equal: what a string may be
	words   []string  // of Equal: true, false and null, as far as they are asked for
	numbers numberSet // of Equal: what a number may be
	bound   number    // of the comparisons
	expr    *regexp.Regexp
}

// newCondition compiles what a term asks for. With fold, regular expressions
// match upper and lower case alike.
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
	n, ok := parseNumber(t.Values[0].Text)
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
		n, _ := parseNumber(v.Text)
		c.numbers.add(n)
	}
}

// textSet finds a string among few or many.
type textSet struct {
	few  []string
	many map[string]struct{} // all, if they are too many to go through
}

// few is how many strings are compared one by one.
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

// scalar is a value of JSON that is neither an object nor an array.
type scalar struct {
	kind   byte   // '"' a string, '0' a number, 'w' true, false or null
	text   string // of a string what it reads, else as it is written if it is; points into the line
	number number // of a number
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
	if s.kind == '0' && s.text == "" { // derived
		return strconv.FormatInt(int64(s.number.float), 10)
	}
	return s.text
}

// parseScalar reads the JSON text of a scalar.
func parseScalar(json []byte) (s scalar, ok bool) {
	if json[0] == '"' {
		text, ok := unquote(json)
		return textScalar(text), ok
	}
	s.text = asString(json)
	if s.text == "true" || s.text == "false" || s.text == "null" {
		s.kind = 'w'
		return s, true
	}
	s.kind = '0'
	s.number, ok = parseNumber(s.text)
	return s, ok
}

// unquote returns the text of a JSON string. It allocates only where there are
// escapes.
func unquote(json []byte) (text string, ok bool) {
	inside := json[1 : len(json)-1]
	if bytes.IndexByte(inside, '\\') < 0 {
		return asString(inside), true
	}
	plain, ok := unescape(inside)
	return asString(plain), ok
}

// asString returns bytes as a string without copying them: lines do not change
// while they are matched.
func asString(b []byte) string { return unsafe.String(unsafe.SliceData(b), len(b)) }

// holds reports whether a scalar fulfils the condition.
func (c *condition) holds(s scalar) bool {
	switch c.op {
	case Exists:
		return s.text != "null" || s.kind == '"'
	case Like:
		return c.expr.MatchString(s.written())
	case Equal:
		return c.equals(s)
	}
	return s.kind == '0' && c.inOrder(s.number.compare(c.bound))
}

func (c *condition) equals(s scalar) bool {
	switch s.kind {
	case '"':
		return c.texts.has(s.text)
	case '0':
		return c.numbers.has(s.number)
	}
	for _, w := range c.words {
		if w == s.text {
			return true
		}
	}
	return false
}

// inOrder reports whether a comparison has the outcome that is asked for.
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

// holdsFor reports whether a field fulfils the condition, given its JSON text,
// which is empty if there is no such field. An array does if one of its elements
// does; an object only exists.
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
		return false, ErrNotObject
	}
	return c.holds(s), nil
}

// holdsForAny goes through the elements of an array, and through those of
// arrays in it.
func (c *condition) holdsForAny(json []byte) (bool, error) {
	for i := 0; i < len(json); {
		switch json[i] {
		case '[', ']', ',', ' ', '\t', '\r', '\n':
			i++
			continue
		}
		end := skipValue(json, i, 0)
		if end < 0 {
			return false, errorOf(end)
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
