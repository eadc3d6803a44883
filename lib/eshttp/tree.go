package eshttp

import (
	"bytes"
	"fmt"
	"strconv"

	"github.com/wmtools/wm/lib/jsonscan"
	"github.com/wmtools/wm/lib/store"
)

// maxNesting is the maximum nesting depth of a request. Elasticsearch allows 30 levels
// of bool, each of three braces.
const maxNesting = 128

// tree is a JSON value of a request, with its position in the body for errors.
type tree struct {
	body    []byte // the whole body
	at, end int    // the value is body[at:end]
	kind    byte   // '{', '[' or 's'
	members []member
	list    []tree // elements of an array
	scalar  store.Scalar
}

// member is a member of an object. Members are in order and no key repeats.
type member struct {
	key   string
	keyAt int
	tree
}

// parseTree parses one JSON value. An empty body is an empty object.
func parseTree(body []byte) (tree, error) {
	p := treeParser{body: body}
	i := jsonscan.SkipBlank(body, 0)
	if i == len(body) {
		return tree{body: body, kind: '{'}, nil
	}
	t, err := p.value(i, 0)
	if err != nil {
		return tree{}, err
	}
	if i = jsonscan.SkipBlank(body, t.end); i < len(body) {
		next, err := p.value(i, 0)
		if err != nil {
			return tree{}, err
		}
		return tree{}, next.parsing("Unexpected token [%s] found after the main object.", next.token())
	}
	return t, nil
}

type treeParser struct{ body []byte }

// place returns the line and column of an offset, both from 1.
func place(body []byte, at int) (line, col int) {
	before := body[:min(at, len(body))]
	return bytes.Count(before, []byte{'\n'}) + 1, len(before) - bytes.LastIndexByte(before, '\n')
}

func (p treeParser) unexpected(i int) error {
	line, col := place(p.body, i)
	if i >= len(p.body) {
		return refuse("x_content_e_o_f_exception", "[%d:%d] Unexpected end of file", line, col)
	}
	return refuse("x_content_parse_exception", "[%d:%d] Unexpected character (%q)", line, col, p.body[i])
}

func (p treeParser) value(i, depth int) (tree, error) {
	if depth > maxNesting {
		line, col := place(p.body, i)
		return tree{}, refuse("x_content_parse_exception", "[%d:%d] Document nesting depth (%d) exceeds the maximum allowed (%d)", line, col, depth, maxNesting)
	}
	if i >= len(p.body) {
		return tree{}, p.unexpected(i)
	}
	t := tree{body: p.body, at: i, kind: 's'}
	ok := false
	switch c := p.body[i]; {
	case c == '{':
		return p.object(t, depth)
	case c == '[':
		return p.array(t, depth)
	case c == '"':
		t.scalar.Kind = store.StringScalar
		t.end, t.scalar.Text, ok = p.text(i)
	case c == '-' || '0' <= c && c <= '9':
		t.scalar.Kind = store.NumberScalar
		t.end, ok = jsonscan.Number(p.body, i)
		t.scalar.Text = string(t.raw())
	default:
		t.end, ok = jsonscan.Word(p.body, i)
		t.scalar.Text = string(t.raw())
		if t.scalar.Text == "true" || t.scalar.Text == "false" {
			t.scalar.Kind = store.BoolScalar
		}
	}
	if !ok {
		return tree{}, p.unexpected(t.end)
	}
	return t, nil
}

// text reads the string at i.
func (p treeParser) text(i int) (end int, s string, ok bool) {
	if end, _, ok = jsonscan.String(p.body, i); ok {
		s, ok = jsonscan.Unquote(p.body[i:end])
	}
	return end, s, ok
}

func (p treeParser) object(t tree, depth int) (tree, error) {
	t.kind = '{'
	seen := map[string]bool{}
	err := p.walk(&t, '}', func(i int) (int, error) {
		m, err := p.member(i, depth)
		if err != nil {
			return 0, err
		}
		if seen[m.key] {
			line, col := place(p.body, m.keyAt)
			return 0, refuse("x_content_parse_exception", "[%d:%d] Duplicate field '%s'", line, col, m.key)
		}
		seen[m.key] = true
		t.members = append(t.members, m)
		return m.end, nil
	})
	return t, err
}

// walk calls parse for each member or element of t up to the end. parse returns the
// offset after it.
func (p treeParser) walk(t *tree, end byte, parse func(i int) (int, error)) error {
	i := jsonscan.SkipBlank(p.body, t.at+1)
	for first := true; ; first = false {
		switch {
		case i < len(p.body) && p.body[i] == end:
			t.end = i + 1
			return nil
		case !first && (i >= len(p.body) || p.body[i] != ','):
			return p.unexpected(i)
		case !first:
			i = jsonscan.SkipBlank(p.body, i+1)
		}
		after, err := parse(i)
		if err != nil {
			return err
		}
		i = jsonscan.SkipBlank(p.body, after)
	}
}

func (p treeParser) member(i, depth int) (m member, err error) {
	if i >= len(p.body) || p.body[i] != '"' {
		return m, p.unexpected(i)
	}
	end, key, ok := p.text(i)
	if !ok {
		return m, p.unexpected(end)
	}
	m.key, m.keyAt = key, i
	if i = jsonscan.SkipBlank(p.body, end); i >= len(p.body) || p.body[i] != ':' {
		return m, p.unexpected(i)
	}
	m.tree, err = p.value(jsonscan.SkipBlank(p.body, i+1), depth+1)
	return m, err
}

func (p treeParser) array(t tree, depth int) (tree, error) {
	t.kind = '['
	err := p.walk(&t, ']', func(i int) (int, error) {
		v, err := p.value(i, depth+1)
		t.list = append(t.list, v)
		return v.end, err
	})
	return t, err
}

// raw returns the JSON of the value.
func (t tree) raw() []byte { return t.body[t.at:t.end] }

// token returns Elasticsearch's name for the first token of the value.
func (t tree) token() string {
	switch {
	case t.kind == '{':
		return "START_OBJECT"
	case t.kind == '[':
		return "START_ARRAY"
	case t.scalar.Kind == store.NumberScalar:
		return "VALUE_NUMBER"
	case t.scalar.Kind == store.BoolScalar:
		return "VALUE_BOOLEAN"
	case t.scalar.Kind == store.NullScalar:
		return "VALUE_NULL"
	}
	return "VALUE_STRING"
}

func (t tree) isScalar() bool { return t.kind == 's' && t.scalar.Kind != store.NullScalar }

// each returns the elements of an array, or a list of only the value itself.
func (t tree) each() []tree {
	if t.kind == '[' {
		return t.list
	}
	return []tree{t}
}

// texts returns the text of each scalar of a value.
func (t tree) texts() []string {
	var list []string
	for _, v := range t.each() {
		list = append(list, v.scalar.Text)
	}
	return list
}

// parsing returns a parsing_exception about the value.
func (t tree) parsing(format string, args ...any) *apiError {
	return parsingAt(t.body, t.at, format, args...)
}

// parsingEnd returns a parsing_exception at the end of the value, for a missing part.
func (t tree) parsingEnd(format string, args ...any) *apiError {
	return parsingAt(t.body, t.end-1, format, args...)
}

func parsingAt(body []byte, at int, format string, args ...any) *apiError {
	e := refuse("parsing_exception", format, args...)
	line, col := place(body, at)
	e.at = at
	e.details = []detail{{"line", strconv.Itoa(line)}, {"col", strconv.Itoa(col)}}
	return e
}

// content returns an x_content_parse_exception about the value.
func (t tree) content(format string, args ...any) *apiError {
	return contentAt(t.body, t.at, format, args...)
}

// unknown returns the error for a member that the parser called what does not know.
func (m member) unknown(what string) *apiError {
	return contentAt(m.body, m.keyAt, "[%s] unknown field [%s]", what, m.key)
}

func contentAt(body []byte, at int, format string, args ...any) *apiError {
	line, col := place(body, at)
	e := refuse("x_content_parse_exception", "[%d:%d] %s", line, col, fmt.Sprintf(format, args...))
	e.at = at
	return e
}

// failed wraps an error found in the value of a member, as Elasticsearch's
// object parsers do.
func (m member) failed(what string, err error) error {
	if err == nil {
		return nil
	}
	at := m.at
	cause := asAPIError(err, "")
	if cause.at > 0 {
		at = cause.at
	}
	e := contentAt(m.body, at, "[%s] failed to parse field [%s]", what, m.key)
	e.cause = cause
	return e
}
