package match

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/tidwall/gjson"

	"github.com/wmtools/wm/lib/event"
)

// Term is a condition on one field of an event.
type Term struct {
	field  string
	negate bool
	values []value
}

// value is what a field is compared with.
type value struct {
	text   string
	quoted bool // compares with strings only
}

// ParseTerm reads a term such as wiki=enwiki or namespace!=0|1.
func ParseTerm(term string) (*Term, error) {
	field, op, text, err := split(term)
	if err != nil {
		return nil, event.WithHint(err, "write FIELD=VALUE, as in wiki=enwiki or meta.domain!=commons.wikimedia.org")
	}
	if i := strings.IndexAny(field, `*?#@|{}[]()!"'<>~: `); i >= 0 {
		return nil, event.WithHint(fmt.Errorf("term %q: a field's name cannot hold %q", term, field[i]),
			`write the path of one field, as in meta.domain; a dot in a name is written \.`)
	}
	return &Term{field: field, negate: op == "!=", values: parseValues(text)}, nil
}

// split cuts a term at its first operator.
func split(term string) (field, op, text string, err error) {
	for i := 1; i < len(term); i++ {
		for _, op := range [...]string{"!=", "="} {
			if rest, ok := strings.CutPrefix(term[i:], op); ok {
				if strings.HasPrefix(rest, "=") {
					return "", "", "", fmt.Errorf("term %q: unknown operator %q", term, op+"=")
				}
				return term[:i], op, rest, nil
			}
		}
	}
	return "", "", "", fmt.Errorf("term %q has no operator", term)
}

func parseValues(text string) []value {
	if len(text) >= 2 && text[0] == '"' && text[len(text)-1] == '"' {
		return []value{{text[1 : len(text)-1], true}}
	}
	var vs []value
	for part := range strings.SplitSeq(text, "|") {
		vs = append(vs, value{part, false})
	}
	return vs
}

// Match reports whether an event fulfils the term.
func (t *Term) Match(line []byte) bool {
	return t.any(event.New(line).Get(t.field)) != t.negate
}

// any reports whether the field has any of the values.
func (t *Term) any(field gjson.Result) bool {
	if field.IsArray() {
		found := false
		field.ForEach(func(_, el gjson.Result) bool {
			found = !el.IsArray() && t.any(el)
			return !found
		})
		return found
	}
	for _, v := range t.values {
		if v.equals(field) {
			return true
		}
	}
	return false
}

func (v value) equals(field gjson.Result) bool {
	if !field.Exists() {
		return false
	}
	if field.Type == gjson.String {
		return field.Str == v.text
	}
	if v.quoted {
		return false
	}
	if field.Type == gjson.Number {
		return sameNumber(field.Raw, v.text)
	}
	return !field.IsObject() && field.Raw == v.text // true, false, null
}

// sameNumber compares two decimal numbers: whole ones that fit 64 bits exactly,
// others as floating point.
func sameNumber(a, b string) bool {
	if a == b {
		return true
	}
	x, errX := strconv.ParseInt(a, 10, 64)
	y, errY := strconv.ParseInt(b, 10, 64)
	if errX == nil && errY == nil {
		return x == y
	}
	f, errF := strconv.ParseFloat(a, 64)
	g, errG := strconv.ParseFloat(b, 64)
	return errF == nil && errG == nil && f == g
}
