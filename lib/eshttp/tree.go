package eshttp

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"

	"github.com/wmtools/wm/lib/store"
)

// maxNesting is how deep a request may be nested. Elasticsearch allows 30
// levels of bool, of three braces each.
const maxNesting = 128

// tree is a request body: JSON with the members of objects in order and none
// of them twice.
type tree struct {
	members []member // of an object
	list    []tree   // of an array
	scalar  store.Scalar
	kind    byte // '{', '[' or 's'
}

type member struct {
	key string
	tree
}

// parseTree reads one JSON value; an empty body is an empty object.
func parseTree(body []byte) (tree, error) {
	if len(bytes.TrimSpace(body)) == 0 {
		return tree{kind: '{'}, nil
	}
	dec := json.NewDecoder(bytes.NewReader(body))
	dec.UseNumber()
	t, err := readTree(dec, 0)
	if err == nil {
		if _, err = dec.Token(); errors.Is(err, io.EOF) {
			return t, nil
		}
		err = errors.New("there is more behind the end of the request")
	}
	if e, ok := errors.AsType[*apiError](err); ok {
		return tree{}, e
	}
	return tree{}, refuse("x_content_parse_exception", "%v", err)
}

func readTree(dec *json.Decoder, depth int) (tree, error) {
	if depth > maxNesting {
		return tree{}, refuse("x_content_parse_exception", "request nested deeper than %d", maxNesting)
	}
	token, err := dec.Token()
	if err != nil {
		return tree{}, err
	}
	switch v := token.(type) {
	case json.Delim:
		if v == '{' {
			return readObject(dec, depth)
		}
		return readArray(dec, depth)
	case string:
		return scalar(store.StringScalar, v), nil
	case json.Number:
		return scalar(store.NumberScalar, v.String()), nil
	case bool:
		if v {
			return scalar(store.BoolScalar, "true"), nil
		}
		return scalar(store.BoolScalar, "false"), nil
	}
	return scalar(store.NullScalar, "null"), nil
}

func scalar(kind store.ScalarKind, text string) tree {
	return tree{kind: 's', scalar: store.Scalar{Kind: kind, Text: text}}
}

func readObject(dec *json.Decoder, depth int) (tree, error) {
	t := tree{kind: '{'}
	seen := map[string]bool{}
	for dec.More() {
		token, err := dec.Token()
		if err != nil {
			return t, err
		}
		key, _ := token.(string)
		if seen[key] {
			return t, refuse("x_content_parse_exception", "Duplicate field '%s'", key)
		}
		seen[key] = true
		v, err := readTree(dec, depth+1)
		if err != nil {
			return t, err
		}
		t.members = append(t.members, member{key, v})
	}
	_, err := dec.Token()
	return t, err
}

func readArray(dec *json.Decoder, depth int) (tree, error) {
	t := tree{kind: '['}
	for dec.More() {
		v, err := readTree(dec, depth+1)
		if err != nil {
			return t, err
		}
		t.list = append(t.list, v)
	}
	_, err := dec.Token()
	return t, err
}

// token is Elasticsearch's name for how the value begins.
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

// each returns the elements of an array, and a single value as the one element.
func (t tree) each() []tree {
	if t.kind == '[' {
		return t.list
	}
	return []tree{t}
}
