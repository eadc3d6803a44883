package store

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
)

// Mapping says which fields an index knows and how it reads them. It does not
// change in the life of an index.
type Mapping struct {
	raw    json.RawMessage
	root   *object
	fields []*Field
	byName map[string]*Field // multi-fields too
}

// object is a JSON object that the mapping looks into.
type object struct {
	path     string
	children map[string]*node
}

// node is a place in a document: an object or a field.
type node struct {
	object *object
	field  *Field
}

// child returns what stands under a key, nil for what is not mapped. A key with
// dots is a path, as in Elasticsearch.
func (n *node) child(key string) *node {
	if n == nil || n.object == nil {
		return nil
	}
	if c, ok := n.object.children[key]; ok {
		return c
	}
	first, rest, dotted := strings.Cut(key, ".")
	if !dotted {
		return nil
	}
	return n.object.children[first].child(rest)
}

const notDynamic = `"dynamic" must be false: this store has no dynamic mapping, fields that the mapping does not name are kept in the source only`

// ParseMapping reads a mapping ({"dynamic":false,"properties":{...}}). What the
// store would not do as Elasticsearch does it refuses by name.
func ParseMapping(raw json.RawMessage) (*Mapping, error) {
	m := &Mapping{raw: compact(raw), root: &object{children: map[string]*node{}}, byName: map[string]*Field{}}
	body, err := decodeObject(raw)
	if err != nil {
		return nil, refuse(BadMapping, "Failed to parse mapping: %v", err)
	}
	if !isFalse(body["dynamic"]) {
		return nil, refuse(BadMapping, "Failed to parse mapping: %s", notDynamic)
	}
	for key, v := range sorted(body) {
		switch key {
		case "dynamic", "_meta":
		case "properties":
			if err := m.properties(m.root, v); err != nil {
				return nil, err
			}
		default:
			return nil, refuse(BadMapping, "Failed to parse mapping: Root mapping definition has unsupported parameters:  [%s : %s]", key, v)
		}
	}
	return m, nil
}

// compact is the JSON without blanks.
func compact(raw json.RawMessage) json.RawMessage {
	var b bytes.Buffer
	if json.Compact(&b, raw) != nil {
		return raw
	}
	return b.Bytes()
}

func decodeObject(raw json.RawMessage) (map[string]json.RawMessage, error) {
	if len(raw) == 0 {
		return nil, nil
	}
	var m map[string]json.RawMessage
	if err := json.Unmarshal(raw, &m); err != nil {
		return nil, fmt.Errorf("expected an object: %s", err)
	}
	return m, nil
}

// sorted walks over a map in the order of its keys, so that of several errors
// always the same one is told.
func sorted[V any](m map[string]V) func(func(string, V) bool) {
	return func(yield func(string, V) bool) {
		for _, k := range slices.Sorted(maps.Keys(m)) {
			if !yield(k, m[k]) {
				return
			}
		}
	}
}

func isFalse(raw json.RawMessage) bool {
	s := string(bytes.TrimSpace(raw))
	return s == "false" || s == `"false"`
}

func (m *Mapping) properties(o *object, raw json.RawMessage) error {
	props, err := decodeObject(raw)
	if err != nil {
		return refuse(BadMapping, "Failed to parse mapping: [properties]: %v", err)
	}
	for name, raw := range sorted(props) {
		if name == "" || strings.Contains(name, ".") {
			return refuse(BadMapping, "Failed to parse mapping: field name [%s] is empty or has a dot; write objects as objects", name)
		}
		params, err := decodeObject(raw)
		if err != nil {
			return refuse(BadMapping, "Failed to parse mapping: [%s]: %v", name, err)
		}
		path := strings.TrimPrefix(o.path+"."+name, ".")
		n, err := m.node(path, params)
		if err != nil {
			return err
		}
		o.children[name] = n
	}
	return nil
}

// node reads the definition of one field or object. A nil node is an object
// that is not looked into.
func (m *Mapping) node(path string, params map[string]json.RawMessage) (*node, error) {
	typ, err := stringParam(params, "type", path)
	if err != nil {
		return nil, err
	}
	if typ == "object" || typ == "" {
		return m.objectNode(path, params)
	}
	f, err := m.field(path, Type(typ), params)
	if err != nil {
		return nil, err
	}
	return &node{field: f}, nil
}

func (m *Mapping) objectNode(path string, params map[string]json.RawMessage) (*node, error) {
	o := &object{path: path, children: map[string]*node{}}
	enabled := true
	for key, v := range sorted(params) {
		switch key {
		case "type":
		case "properties":
			if err := m.properties(o, v); err != nil {
				return nil, err
			}
		case "enabled":
			enabled = !isFalse(v)
		case "dynamic":
			if !isFalse(v) {
				return nil, refuse(BadMapping, "Failed to parse mapping: [%s]: %s", path, notDynamic)
			}
		default:
			return nil, unknownParam(key, path, "object")
		}
	}
	if !enabled {
		return nil, nil
	}
	return &node{object: o}, nil
}

func unknownParam(key, path string, typ Type) error {
	return refuse(BadMapping, "Failed to parse mapping: unknown parameter [%s] on mapper [%s] of type [%s]", key, path, typ)
}

func stringParam(params map[string]json.RawMessage, key, path string) (string, error) {
	var s string
	if raw, ok := params[key]; ok {
		if err := json.Unmarshal(raw, &s); err != nil {
			return "", refuse(BadMapping, "Failed to parse mapping: [%s] of [%s] must be a string", key, path)
		}
	}
	return s, nil
}

// field reads the definition of a field and adds it to the mapping.
func (m *Mapping) field(path string, typ Type, params map[string]json.RawMessage) (*Field, error) {
	f := &Field{Name: path, Type: typ, format: defaultFormat, indexed: true, docValues: typ != Text}
	if !slices.Contains(fieldTypes, typ) {
		return nil, refuse(BadMapping, "Failed to parse mapping: The mapper type [%s] declared on field [%s] does not exist here.", typ, path)
	}
	m.fields = append(m.fields, f)
	m.byName[path] = f
	for key, v := range sorted(params) {
		if err := m.param(f, key, v); err != nil {
			return nil, err
		}
	}
	return f, nil
}

// param sets one parameter of a field.
func (m *Mapping) param(f *Field, key string, v json.RawMessage) (err error) {
	bad := func(err error) error {
		return refuse(BadMapping, "Failed to parse mapping: [%s] of [%s]: %v", key, f.Name, err)
	}
	switch {
	case key == "type":
	case key == "index":
		f.indexed = !isFalse(v)
	case key == "doc_values" && f.Type != Text:
		f.docValues = !isFalse(v)
	case key == "ignore_above" && f.Type == Keyword:
		if err := json.Unmarshal(v, &f.ignoreAbove); err != nil || f.ignoreAbove < 1 {
			return bad(fmt.Errorf("must be a positive number"))
		}
	case key == "format" && f.Type == Date:
		var names string
		if err := json.Unmarshal(v, &names); err != nil || names == "" {
			return bad(fmt.Errorf("must be a string"))
		}
		if f.format, err = ParseFormat(names); err != nil {
			return bad(err)
		}
	case key == "null_value" && f.Type != Text:
		return m.nullValue(f, v)
	case key == "analyzer" && f.Type == Text && string(v) == `"standard"`:
	case key == "norms" && f.Type == Text: // no scores, so no norms
	case key == "fields":
		return m.multiFields(f, v)
	default:
		return unknownParam(key, f.Name, f.Type)
	}
	return nil
}

// nullValue reads what null means in a field.
func (m *Mapping) nullValue(f *Field, raw json.RawMessage) error {
	var s Scalar
	switch c := raw[0]; {
	case c == '"':
		s.Kind = StringScalar
		if err := json.Unmarshal(raw, &s.Text); err != nil {
			return refuse(BadMapping, "Failed to parse mapping: [null_value] of [%s]: %v", f.Name, err)
		}
	case c == 't' || c == 'f':
		s = Scalar{BoolScalar, string(raw)}
	case c == '-' || '0' <= c && c <= '9':
		s = Scalar{NumberScalar, string(raw)}
	default:
		return refuse(BadMapping, "Failed to parse mapping: [null_value] of [%s] must be a simple value", f.Name)
	}
	if _, _, err := f.convert(s); err != nil {
		return refuse(BadMapping, "Failed to parse mapping: [null_value] of [%s]: %v", f.Name, err)
	}
	f.nullValue = &s
	return nil
}

func (m *Mapping) multiFields(f *Field, raw json.RawMessage) error {
	defs, err := decodeObject(raw)
	if err != nil {
		return refuse(BadMapping, "Failed to parse mapping: [fields] of [%s]: %v", f.Name, err)
	}
	for name, raw := range sorted(defs) {
		params, err := decodeObject(raw)
		if err != nil {
			return refuse(BadMapping, "Failed to parse mapping: [%s.%s]: %v", f.Name, name, err)
		}
		if _, nested := params["fields"]; nested {
			return unknownParam("fields", f.Name+"."+name, "multi-field")
		}
		typ, err := stringParam(params, "type", f.Name)
		if err != nil {
			return err
		}
		sub, err := m.field(f.Name+"."+name, Type(typ), params)
		if err != nil {
			return err
		}
		f.subs = append(f.subs, sub)
	}
	return nil
}

// under returns the field of that name, or the fields of the object of that name.
func (m *Mapping) under(name string) []*Field {
	if f := m.byName[name]; f != nil {
		return []*Field{f}
	}
	return slices.DeleteFunc(slices.Clone(m.fields), func(f *Field) bool { return !strings.HasPrefix(f.Name, name+".") })
}

// JSON returns the mapping as it was given.
func (m *Mapping) JSON() json.RawMessage { return m.raw }
