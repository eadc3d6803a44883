package store

import (
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/wmtools/wm/lib/jsonscan"
)

// parser walks one JSON document, validates all of it and passes the scalars of
// mapped fields to emit. Its recursion is at most jsonscan.MaxDepth deep. It serves
// both to write a document, where every field must fit, and to search it, where the
// caller ignores the fields that it does not need.
type parser struct {
	src   []byte
	pos   int
	depth int
	keys  []string // keys of the open objects, outermost first
	id    string   // of the document, for errors
	emit  func(*Field, Scalar) error

	// unknown is called with keys that the mapping does not know; nil ignores them.
	unknown func(in *object, k key) error
}

// key is a key that the mapping does not know.
type key struct {
	name    string
	at      int // its offset
	valueAt int
	isNull  bool
}

// document walks src, which must be one object.
func (p *parser) document(src []byte, root *object) error {
	p.src, p.pos, p.depth, p.keys = src, 0, 0, p.keys[:0]
	if !utf8.Valid(src) {
		return fmt.Errorf("Invalid UTF-8")
	}
	if p.peek() != '{' {
		return &Error{Kind: BadDocument, Reason: "Malformed content, must start with an object"}
	}
	if err := p.object(&node{object: root}); err != nil {
		return err
	}
	if p.peek() != 0 || p.pos < len(p.src) {
		return p.unexpected("the end of the document")
	}
	return nil
}

// peek skips blanks and returns the next byte, or 0 at the end.
func (p *parser) peek() byte {
	for p.pos < len(p.src) {
		switch c := p.src[p.pos]; c {
		case ' ', '\t', '\n', '\r':
			p.pos++
		default:
			return c
		}
	}
	return 0
}

func (p *parser) unexpected(wanted string) error {
	if p.pos >= len(p.src) {
		return fmt.Errorf("[1:%d] Unexpected end of file", p.pos+1)
	}
	r, _ := utf8.DecodeRune(p.src[p.pos:])
	return fmt.Errorf("[1:%d] Unexpected character (%q): was expecting %s", p.pos+1, r, wanted)
}

func (p *parser) enter() error {
	if p.depth++; p.depth > jsonscan.MaxDepth {
		return fmt.Errorf("[1:%d] nested deeper than %d", p.pos+1, jsonscan.MaxDepth)
	}
	return nil
}

// object walks an object. n is its definition; nil if the mapping has none.
func (p *parser) object(n *node) error {
	if err := p.enter(); err != nil {
		return err
	}
	defer func(open int) { p.depth--; p.keys = p.keys[:open] }(len(p.keys))
	seen := keySet{first: len(p.keys)}
	p.pos++
	for c := p.peek(); c != '}'; {
		if c != '"' {
			return p.unexpected("a field name")
		}
		keyAt := p.pos
		name, err := p.string()
		if err != nil {
			return err
		}
		if !seen.add(p, name) {
			return fmt.Errorf("[1:%d] Duplicate field '%s'", p.pos, name)
		}
		if p.peek() != ':' {
			return p.unexpected("a colon")
		}
		p.pos++
		child, in := n.child(name)
		if in != nil && p.unknown != nil {
			isNull := p.peek() == 'n'
			if err := p.unknown(in, key{name, keyAt, p.pos, isNull}); err != nil {
				return err
			}
		}
		if err := p.value(child); err != nil {
			return err
		}
		if c = p.peek(); c == ',' {
			p.pos++
			if c = p.peek(); c == '}' {
				return p.unexpected("a field name")
			}
		} else if c != '}' {
			return p.unexpected("a comma or }")
		}
	}
	p.pos++
	return nil
}

// keySet finds repeated field names in an object.
type keySet struct {
	first int // index of the object's first name in parser.keys
	many  map[string]bool
}

// add reports whether a name is new.
func (k *keySet) add(p *parser, key string) bool {
	const few = 64
	names := p.keys[k.first:]
	if k.many == nil && len(names) >= few {
		k.many = make(map[string]bool, 2*few)
		for _, name := range names {
			k.many[name] = true
		}
	}
	if k.many != nil {
		before := len(k.many)
		k.many[key] = true
		return len(k.many) > before
	}
	for _, name := range names {
		if name == key {
			return false
		}
	}
	p.keys = append(p.keys, key)
	return true
}

func (p *parser) array(n *node) error {
	if err := p.enter(); err != nil {
		return err
	}
	defer func() { p.depth-- }()
	p.pos++
	if p.peek() == ']' {
		p.pos++
		return nil
	}
	for {
		if err := p.value(n); err != nil {
			return err
		}
		switch p.peek() {
		case ',':
			p.pos++
		case ']':
			p.pos++
			return nil
		default:
			return p.unexpected("a comma or ]")
		}
	}
}

// value walks any value. An array is treated as its elements.
func (p *parser) value(n *node) error {
	start := p.pos
	switch c := p.peek(); c {
	case '{':
		if n != nil && n.field != nil {
			return p.misfit(n.field, start, "{...}", n.field.noObject(start))
		}
		return p.object(n)
	case '[':
		return p.array(n)
	default:
		s, err := p.scalar(c, n)
		if err != nil || n == nil || n.field == nil && (n.object == nil || s.Kind == NullScalar) {
			return err
		}
		return p.field(n, s, start)
	}
}

// field passes a scalar to its field. An empty string means null for a number.
func (p *parser) field(n *node, s Scalar, start int) error {
	if n.field != nil && s.Kind == StringScalar && s.Text == "" && (n.field.isInteger() || n.field.isDouble()) {
		s = Scalar{}
	}
	if n.field == nil {
		return &Error{Kind: BadDocument, Reason: fmt.Sprintf(
			"[1:%d] object mapping for [%s] tried to parse field [%[2]s] as object, but found a concrete value", start+1, n.object.path)}
	}
	if err := p.emit(n.field, s); err != nil {
		return p.misfit(n.field, start, s.Text, err.Error())
	}
	for _, sub := range n.field.subs {
		if err := p.emit(sub, s); err != nil {
			return p.misfit(sub, start, s.Text, err.Error())
		}
	}
	return nil
}

// misfit returns the error for a value that does not fit its field.
func (p *parser) misfit(f *Field, pos int, preview, cause string) error {
	if len(preview) > 100 {
		preview = strings.ToValidUTF8(preview[:100], "")
	}
	return &Error{Kind: BadDocument, Cause: cause, Reason: fmt.Sprintf(
		"[1:%d] failed to parse field [%s] of type [%s] in document with id '%s'. Preview of field's value: '%s'",
		pos+1, f.Name, f.Type, p.id, preview)}
}

// scalar reads a string, number or literal. It decodes the text only for a mapped
// field.
func (p *parser) scalar(c byte, n *node) (Scalar, error) {
	start := p.pos
	switch {
	case c == '"':
		escaped, err := p.skipString()
		if err != nil || n == nil || n.field == nil {
			return Scalar{Kind: StringScalar}, err
		}
		return Scalar{StringScalar, unquote(p.src[start:p.pos], escaped)}, nil
	case c == '-' || '0' <= c && c <= '9':
		err := p.skipNumber()
		return Scalar{NumberScalar, jsonscan.View(p.src[start:p.pos])}, err
	}
	return p.literal(c)
}

func (p *parser) literal(c byte) (Scalar, error) {
	end, ok := jsonscan.Word(p.src, p.pos)
	if !ok {
		return Scalar{}, p.unexpected("a value")
	}
	kind := BoolScalar
	if c == 'n' {
		kind = NullScalar
	}
	s := Scalar{kind, jsonscan.View(p.src[p.pos:end])}
	p.pos = end
	return s, nil
}

// string reads a string. The text points into the document unless it has escapes.
func (p *parser) string() (string, error) {
	start := p.pos
	escaped, err := p.skipString()
	if err != nil {
		return "", err
	}
	return unquote(p.src[start:p.pos], escaped), nil
}

// unquote decodes a valid string, given with its quotes.
func unquote(raw []byte, escaped bool) string {
	if !escaped {
		return jsonscan.View(raw[1 : len(raw)-1])
	}
	text, _ := jsonscan.Unquote(raw)
	return text
}

// skipString moves to the end of the string that begins here.
func (p *parser) skipString() (escaped bool, err error) {
	end, escaped, ok := jsonscan.String(p.src, p.pos)
	p.pos = end
	switch {
	case ok:
		return escaped, nil
	case end >= len(p.src):
		return false, p.unexpected(`"`)
	case p.src[end] == '\\':
		return false, p.unexpected("an escape sequence")
	}
	return false, p.unexpected("no control character in a string")
}

// skipNumber moves to the end of the number that begins here.
func (p *parser) skipNumber() (err error) {
	var ok bool
	if p.pos, ok = jsonscan.Number(p.src, p.pos); !ok {
		return p.unexpected("a digit")
	}
	return nil
}
