package store

import (
	"bytes"
	"fmt"
	"strings"
	"unicode/utf8"
	"unsafe"

	"github.com/tidwall/gjson"
)

// maxDepth is how deep objects and arrays may be nested in a document.
const maxDepth = 512

// parser walks over one JSON document, checks all of it and hands the scalars
// of mapped fields to emit. It recurses at most maxDepth deep, whatever it is
// fed. One walk serves both ways of reading: when a document comes in, where
// every field must fit, and when it is searched, where the caller ignores the
// fields that it does not need.
type parser struct {
	src   []byte
	pos   int
	depth int
	keys  []string // those of the objects that are open, outermost first
	id    string   // of the document, for errors
	emit  func(*Field, Scalar) error

	// unknown is called with keys that the mapping does not know; nil ignores them.
	unknown func(in *object, k key) error
}

// key is a key that the mapping does not know.
type key struct {
	name    string
	at      int // its place
	valueAt int
	isNull  bool
}

// document walks over src, which must be one object.
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

// peek skips blanks and returns the next byte, 0 at the end.
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
	if p.depth++; p.depth > maxDepth {
		return fmt.Errorf("[1:%d] nested deeper than %d", p.pos+1, maxDepth)
	}
	return nil
}

// object walks over an object. n says what the mapping knows at this place; nil
// is nothing.
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

// keySet finds a field name that stands twice in an object.
type keySet struct {
	first int // where the object's names begin in parser.keys
	many  map[string]bool
}

// add tells whether a name is new.
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

// value walks over any value. An array counts as its elements.
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
		return p.hand(n, s, start)
	}
}

// hand gives a scalar to the field at its place. An empty string means null for
// a number.
func (p *parser) hand(n *node, s Scalar, start int) error {
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

// misfit is the error of a value that its field cannot take.
func (p *parser) misfit(f *Field, pos int, preview, cause string) error {
	if len(preview) > 100 {
		preview = strings.ToValidUTF8(preview[:100], "")
	}
	return &Error{Kind: BadDocument, Cause: cause, Reason: fmt.Sprintf(
		"[1:%d] failed to parse field [%s] of type [%s] in document with id '%s'. Preview of field's value: '%s'",
		pos+1, f.Name, f.Type, p.id, preview)}
}

// scalar reads a string, number or literal. The text is made only where a
// field wants it.
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
		return Scalar{NumberScalar, asString(p.src[start:p.pos])}, err
	}
	return p.literal(c)
}

func (p *parser) literal(c byte) (Scalar, error) {
	s := Scalar{}
	switch c {
	case 't':
		s = Scalar{BoolScalar, "true"}
	case 'f':
		s = Scalar{BoolScalar, "false"}
	case 'n':
		s = Scalar{NullScalar, "null"}
	}
	if s.Text == "" || !bytes.HasPrefix(p.src[p.pos:], []byte(s.Text)) {
		return s, p.unexpected("a value")
	}
	p.pos += len(s.Text)
	return s, nil
}

// string reads a string; the text points into the document unless it holds escapes.
func (p *parser) string() (string, error) {
	start := p.pos
	escaped, err := p.skipString()
	if err != nil {
		return "", err
	}
	return unquote(p.src[start:p.pos], escaped), nil
}

func unquote(raw []byte, escaped bool) string {
	if !escaped {
		return asString(raw[1 : len(raw)-1])
	}
	return gjson.Parse(asString(raw)).Str
}

// asString is a string over bytes that do not change while it is in use.
func asString(b []byte) string { return unsafe.String(unsafe.SliceData(b), len(b)) }

// skipString moves behind the string that begins here.
func (p *parser) skipString() (escaped bool, err error) {
	for i := p.pos + 1; i < len(p.src); i++ {
		switch c := p.src[i]; {
		case c == '"':
			p.pos = i + 1
			return escaped, nil
		case c == '\\':
			n := escapeLen(p.src[i:])
			if n == 0 {
				p.pos = i
				return false, p.unexpected("an escape sequence")
			}
			escaped = true
			i += n - 1
		case c < ' ':
			p.pos = i
			return false, p.unexpected("no control character in a string")
		}
	}
	p.pos = len(p.src)
	return false, p.unexpected(`"`)
}

// escapeLen returns the length of the escape sequence that b begins with, 0 if
// it is none.
func escapeLen(b []byte) int {
	switch {
	case len(b) < 2:
		return 0
	case bytes.IndexByte([]byte(`"\/bfnrt`), b[1]) >= 0:
		return 2
	case b[1] != 'u' || len(b) < 6:
		return 0
	}
	for _, c := range b[2:6] {
		if !('0' <= c && c <= '9' || 'a' <= c|0x20 && c|0x20 <= 'f') {
			return 0
		}
	}
	return 6
}

// skipNumber moves behind the number that begins here.
func (p *parser) skipNumber() error {
	if p.src[p.pos] == '-' {
		p.pos++
	}
	if p.at('0') {
		p.pos++
	} else if err := p.digits(); err != nil {
		return err
	}
	if p.at('.') {
		p.pos++
		if err := p.digits(); err != nil {
			return err
		}
	}
	if p.at('e') || p.at('E') {
		p.pos++
		if p.at('+') || p.at('-') {
			p.pos++
		}
		return p.digits()
	}
	return nil
}

func (p *parser) at(c byte) bool { return p.pos < len(p.src) && p.src[p.pos] == c }

func (p *parser) digits() error {
	start := p.pos
	for p.pos < len(p.src) && '0' <= p.src[p.pos] && p.src[p.pos] <= '9' {
		p.pos++
	}
	if p.pos == start {
		return p.unexpected("a digit")
	}
	return nil
}
