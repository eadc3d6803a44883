package store

import (
	"encoding/json"
	"fmt"
	"strconv"
	"strings"

	"github.com/tidwall/gjson"
)

// dynamic says how an object treats keys that the mapping does not know.
type dynamic int

const (
	dynamicTrue   dynamic = iota // they become fields
	dynamicFalse                 // they are only in the source
	dynamicStrict                // the document is rejected
)

func parseDynamic(raw json.RawMessage, inherited dynamic) (dynamic, error) {
	switch s := strings.Trim(string(raw), `"`); s {
	case "":
		return inherited, nil
	case "true":
		return dynamicTrue, nil
	case "false":
		return dynamicFalse, nil
	case "strict":
		return dynamicStrict, nil
	}
	return 0, badMapping("Could not convert [dynamic.dynamic] to boolean")
}

// defaultFieldLimit is the maximum number of fields and objects of a mapping,
// unless the index has the setting mapping.total_fields.limit.
const defaultFieldLimit = 1000

// unknown handles a key that the mapping does not know.
func (r *reader) unknown(in *object, k key) error {
	switch in.dynamic {
	case dynamicStrict:
		within := in.path
		if within == "" {
			within = "_doc"
		}
		return refuse(StrictMapping, "[1:%d] mapping set to strict, dynamic introduction of [%s] within [%s] is not allowed", k.valueAt+1, k.name, within)
	case dynamicTrue:
		if err := checkFieldName(k.name); err != nil {
			return &Error{Kind: BadDocument, Cause: err.Error(), Reason: fmt.Sprintf("[1:%d] failed to parse: %v", k.at+1, err)}
		}
		if !k.isNull && r.grows == 0 {
			r.grows = k.valueAt + 1
		}
	}
	return nil
}

func checkFieldName(key string) error {
	if key == "" {
		return fmt.Errorf("field name cannot be an empty string")
	}
	for part := range strings.SplitSeq(key, ".") {
		if strings.TrimSpace(part) == "" {
			return fmt.Errorf("field name cannot contain only whitespace: ['%s']", key)
		}
	}
	return nil
}

// prepareGrowing reads a document with new fields and adds them to the mapping of
// the index, unless the document is rejected.
func (ix *Index) prepareGrowing(r *reader, id string, source []byte) (prepared, error) {
	ix.extending.Lock()
	defer ix.extending.Unlock()
	m, err := ix.mapping.Load().extended(source)
	if err != nil {
		return prepared{}, ix.badDocument(err)
	}
	if added, limit := m.size()-ix.mapping.Load().size(), ix.fieldLimit(); m.size() > limit {
		cause := fmt.Sprintf("Limit of total fields [%d] has been exceeded while adding new fields [%d]", limit, added)
		return prepared{}, ix.badDocument(&Error{Kind: BadDocument, Cause: cause, Reason: fmt.Sprintf("[1:%d] failed to parse: %s", r.grows, cause)})
	}
	r.mapping = m
	d, err := ix.readOne(r, id, source)
	if err != nil {
		r.mapping = ix.mapping.Load()
		return prepared{}, err
	}
	ix.mapping.Store(m)
	return d, nil
}

// size returns the number of fields and objects.
func (m *Mapping) size() int { return len(m.byName) + m.objects }

func (ix *Index) fieldLimit() int {
	limit := gjson.GetBytes(ix.settings, `index.mapping\.total_fields\.limit`).String()
	if n, err := strconv.Atoi(limit); err == nil {
		return n
	}
	return defaultFieldLimit
}

// extended returns the mapping with the new fields of a document added.
func (m *Mapping) extended(source []byte) (*Mapping, error) {
	root := map[string]any{}
	if err := decodeNumbers(m.raw, &root); err != nil {
		return nil, err
	}
	g := growth{detectDates: m.dateDetection, fresh: map[string]string{}}
	if err := g.object(root, m.root.dynamic, "", gjson.ParseBytes(source)); err != nil {
		return nil, err
	}
	raw, err := json.Marshal(root)
	if err != nil {
		return nil, err
	}
	return ParseMapping(raw)
}

// growth adds fields to a mapping in its decoded form.
type growth struct {
	detectDates bool
	fresh       map[string]string // types of the new fields by path
}

// object adds the unknown keys of an object to its definition.
func (g *growth) object(def map[string]any, inherited dynamic, path string, v gjson.Result) (err error) {
	d := inherited
	if s, ok := def["dynamic"].(string); ok {
		if d, err = parseDynamic(json.RawMessage(s), inherited); err != nil {
			return err
		}
	}
	v.ForEach(func(key, value gjson.Result) bool {
		err = g.member(def, d, path, key.String(), value)
		return err == nil
	})
	return err
}

// member adds a key of an object. A key with dots is a path.
func (g *growth) member(def map[string]any, d dynamic, path, key string, v gjson.Result) error {
	properties, ok := def["properties"].(map[string]any)
	if !ok {
		properties = map[string]any{}
	}
	first, rest, dotted := strings.Cut(key, ".")
	path = strings.TrimPrefix(path+"."+first, ".")
	child, known := properties[first].(map[string]any)
	if dotted {
		if child == nil {
			if d != dynamicTrue || !hasValue(v) {
				return nil
			}
			child = map[string]any{}
		}
		if err := g.member(child, d, path, rest, v); err != nil {
			return err
		}
	} else {
		var err error
		if child, err = g.value(child, known, d, path, v); err != nil || child == nil {
			return err
		}
	}
	properties[first] = child
	def["properties"] = properties
	return nil
}

// hasValue reports whether v contains anything but null and empty arrays.
func hasValue(v gjson.Result) bool {
	if !v.IsArray() {
		return v.Type != gjson.Null
	}
	for _, e := range v.Array() {
		if hasValue(e) {
			return true
		}
	}
	return false
}

// value returns the definition of a field that holds a value, or nil if there is
// nothing to define.
func (g *growth) value(def map[string]any, known bool, d dynamic, path string, v gjson.Result) (map[string]any, error) {
	switch {
	case v.IsArray():
		for _, e := range v.Array() {
			var err error
			if def, err = g.value(def, def != nil, d, path, e); err != nil {
				return nil, err
			}
		}
		return def, nil
	case v.Type == gjson.Null, known && def["enabled"] == false, !known && d != dynamicTrue:
		return def, nil
	case v.IsObject():
		if !known {
			def = map[string]any{"type": "object"}
		} else if t := def["type"]; t != nil && t != "object" {
			return def, nil // reading the document reports that it does not fit
		}
		return def, g.object(def, d, path, v)
	}
	fresh := g.field(v)
	typ := fresh["type"].(string)
	if was := g.fresh[path]; was != "" && was != typ {
		return nil, refuse(MappingConflict, "mapper [%s] cannot be changed from type [%s] to [%s]", path, was, typ)
	}
	if known {
		return def, nil
	}
	g.fresh[path] = typ
	return fresh, nil
}

// The formats in which strings are detected as dates.
var (
	isoDates     = mustFormat("strict_date_optional_time")
	slashedDates = mustFormat("yyyy/MM/dd HH:mm:ss||yyyy/MM/dd")
)

func mustFormat(names string) Format {
	f, err := ParseFormat(names)
	if err != nil {
		panic(err)
	}
	return f
}

// field returns the definition of a field from its first value.
func (g *growth) field(v gjson.Result) map[string]any {
	switch {
	case v.Type == gjson.True || v.Type == gjson.False:
		return map[string]any{"type": "boolean"}
	case v.Type == gjson.Number && strings.ContainsAny(v.Raw, ".eE"):
		return map[string]any{"type": "float"}
	case v.Type == gjson.Number:
		return map[string]any{"type": "long"}
	}
	if s := v.Str; g.detectDates && strings.ContainsAny(s, "-/:") {
		if _, err := isoDates.parse(s); err == nil {
			return map[string]any{"type": "date"}
		}
		if _, err := slashedDates.parse(s); err == nil {
			return map[string]any{"type": "date", "format": "yyyy/MM/dd HH:mm:ss||yyyy/MM/dd||epoch_millis", "locale": ""}
		}
	}
	keyword := map[string]any{"type": "keyword", "ignore_above": 256}
	return map[string]any{"type": "text", "fields": map[string]any{"keyword": keyword}}
}
