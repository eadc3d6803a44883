package store

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
)

// Mapping defines the fields of an index and their types. It is immutable: a
// dynamic index gets a new Mapping when a field is added.
type Mapping struct {
	raw           json.RawMessage // as shown
	root          *object
	fields        []*Field
	byName        map[string]*Field // including multi-fields
	objects       int
	dateDetection bool
}

// object is a JSON object with mapped fields.
type object struct {
	path     string
	dynamic  dynamic
	children map[string]*node
}

// node is the definition at a path of a document: an object, a field or, if both
// are nil, a value that is not indexed.
type node struct {
	object *object
	field  *Field
}

// child returns the definition of a key. A key with dots is a path, as in
// Elasticsearch. If the mapping does not know it, in is the object that lacks it.
func (n *node) child(key string) (found *node, in *object) {
	if n == nil || n.object == nil {
		return nil, nil
	}
	if c, ok := n.object.children[key]; ok {
		return c, nil
	}
	first, rest, dotted := strings.Cut(key, ".")
	if c, ok := n.object.children[first]; dotted && ok {
		return c.child(rest)
	}
	return nil, n.object
}

// ParseMapping parses a mapping ({"dynamic":false,"properties":{...}}). It returns
// an error that names any parameter that the store does not support.
func ParseMapping(raw json.RawMessage) (*Mapping, error) {
	m := &Mapping{root: &object{dynamic: dynamicTrue, children: map[string]*node{}}, byName: map[string]*Field{}, dateDetection: true}
	body, err := decodeObject(raw)
	if err != nil {
		return nil, badMapping("%v", err)
	}
	if m.root.dynamic, err = parseDynamic(body["dynamic"], dynamicTrue); err != nil {
		return nil, err
	}
	for key, v := range sorted(body) {
		switch key {
		case "dynamic", "_meta":
		case "date_detection":
			m.dateDetection = !isFalse(v)
		case "properties":
			if err := m.properties(m.root, v); err != nil {
				return nil, err
			}
		default:
			return nil, badMapping("Root mapping definition has unsupported parameters:  [%s : %s]", key, v)
		}
	}
	m.raw = canonical(raw)
	return m, nil
}

// badMapping returns the error of an invalid mapping.
func badMapping(format string, args ...any) *Error {
	cause := fmt.Sprintf(format, args...)
	return &Error{Kind: BadMapping, Reason: "Failed to parse mapping: " + cause, Cause: cause}
}

// canonical returns a mapping as Elasticsearch shows it: keys sorted, "dynamic" as a
// string, and no type for objects with properties.
func canonical(raw json.RawMessage) json.RawMessage {
	root := map[string]any{}
	if len(raw) > 0 && decodeNumbers(raw, &root) != nil {
		return raw // cannot happen: it was parsed before
	}
	canonicalObject(root)
	out, _ := json.Marshal(root) // decoded JSON always encodes
	return out
}

func canonicalObject(o map[string]any) {
	if d, ok := o["dynamic"]; ok {
		o["dynamic"] = fmt.Sprint(d)
	}
	properties, _ := o["properties"].(map[string]any)
	if len(properties) == 0 {
		delete(o, "properties")
		return
	}
	delete(o, "type")
	for _, v := range properties {
		if inner, ok := v.(map[string]any); ok && (inner["type"] == nil || inner["type"] == "object") {
			canonicalObject(inner)
		}
	}
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
// always the same one is reported.
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
	if string(raw) == "[]" { // how PHP encodes an empty object
		return nil
	}
	props, err := decodeObject(raw)
	if err != nil {
		return badMapping("[properties]: %v", err)
	}
	for name, raw := range sorted(props) {
		if name == "" || strings.Contains(name, ".") {
			return badMapping("field name [%s] is empty or has a dot; write objects as objects", name)
		}
		params, err := decodeObject(raw)
		if err != nil {
			return badMapping("[%s]: %v", name, err)
		}
		path := strings.TrimPrefix(o.path+"."+name, ".")
		n, err := m.node(path, params, o.dynamic)
		if err != nil {
			return err
		}
		o.children[name] = n
	}
	return nil
}

// node parses the definition of one field or object.
func (m *Mapping) node(path string, params map[string]json.RawMessage, inherited dynamic) (*node, error) {
	typ, err := stringParam(params, "type", path)
	if err != nil {
		return nil, err
	}
	if typ == "object" || typ == "" {
		return m.objectNode(path, params, inherited)
	}
	f, err := m.field(path, Type(typ), params)
	if err != nil {
		return nil, err
	}
	return &node{field: f}, nil
}

func (m *Mapping) objectNode(path string, params map[string]json.RawMessage, inherited dynamic) (*node, error) {
	o := &object{path: path, children: map[string]*node{}}
	m.objects++
	var err error
	if o.dynamic, err = parseDynamic(params["dynamic"], inherited); err != nil {
		return nil, err
	}
	enabled := true
	for key, v := range sorted(params) {
		switch key {
		case "type", "dynamic":
		case "properties":
			if err := m.properties(o, v); err != nil {
				return nil, err
			}
		case "enabled":
			enabled = !isFalse(v)
		default:
			return nil, unknownParam(key, path, "object")
		}
	}
	if !enabled {
		return &node{}, nil
	}
	return &node{object: o}, nil
}

func unknownParam(key, path string, typ Type) error {
	return badMapping("unknown parameter [%s] on mapper [%s] of type [%s]", key, lastName(path), typ)
}

// lastName returns a field's name without its objects.
func lastName(path string) string { return path[strings.LastIndexByte(path, '.')+1:] }

func stringParam(params map[string]json.RawMessage, key, path string) (string, error) {
	var s string
	if raw, ok := params[key]; ok {
		if err := json.Unmarshal(raw, &s); err != nil {
			return "", badMapping("[%s] of [%s] must be a string", key, path)
		}
	}
	return s, nil
}

// field parses the definition of a field and adds it to the mapping.
func (m *Mapping) field(path string, typ Type, params map[string]json.RawMessage) (*Field, error) {
	f := &Field{Name: path, Type: typ, format: defaultFormat, indexed: true, docValues: typ != Text}
	if !slices.Contains(fieldTypes, typ) {
		return nil, badMapping("The mapper type [%s] declared on field [%s] does not exist. It might have been created within a future"+
			" version or requires a plugin to be installed. Check the documentation.", typ, lastName(path))
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
		return badMapping("[%s] of [%s]: %v", key, f.Name, err)
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
	case key == "locale" && f.Type == Date:
	case key == "coerce" && string(v) == "true":
	case key == "analyzer" && f.Type == Text && string(v) == `"standard"`:
	case key == "norms" && f.Type == Text: // has no effect here
	case key == "fields":
		return m.multiFields(f, v)
	default:
		return unknownParam(key, f.Name, f.Type)
	}
	return nil
}

// nullValue parses the parameter null_value of a field.
func (m *Mapping) nullValue(f *Field, raw json.RawMessage) error {
	var s Scalar
	switch c := raw[0]; {
	case c == '"':
		s.Kind = StringScalar
		if err := json.Unmarshal(raw, &s.Text); err != nil {
			return badMapping("[null_value] of [%s]: %v", f.Name, err)
		}
	case c == 't' || c == 'f':
		s = Scalar{BoolScalar, string(raw)}
	case c == '-' || '0' <= c && c <= '9':
		s = Scalar{NumberScalar, string(raw)}
	default:
		return badMapping("[null_value] of [%s] must be a simple value", f.Name)
	}
	if _, _, err := f.convert(s); err != nil {
		return badMapping("[null_value] of [%s]: %v", f.Name, err)
	}
	f.nullValue = &s
	return nil
}

func (m *Mapping) multiFields(f *Field, raw json.RawMessage) error {
	defs, err := decodeObject(raw)
	if err != nil {
		return badMapping("[fields] of [%s]: %v", f.Name, err)
	}
	for name, raw := range sorted(defs) {
		params, err := decodeObject(raw)
		if err != nil {
			return badMapping("[%s.%s]: %v", f.Name, name, err)
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

// under returns the field of a name, or the fields of the object of that name.
func (m *Mapping) under(name string) []*Field {
	if f := m.byName[name]; f != nil {
		return []*Field{f}
	}
	return slices.DeleteFunc(slices.Clone(m.fields), func(f *Field) bool { return !strings.HasPrefix(f.Name, name+".") })
}

// JSON returns the mapping as Elasticsearch shows it.
func (m *Mapping) JSON() json.RawMessage { return m.raw }
