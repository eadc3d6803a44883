package eshttp

import (
	"strings"

	"github.com/tidwall/gjson"
)

// sourceFilter selects the part of a document to return. Patterns are paths with * for
// any run of characters, dots included; they also select everything below them.
type sourceFilter struct {
	all                bool // the whole document, byte for byte
	includes, excludes []string
}

// none reports whether the filter selects nothing.
func (f sourceFilter) none() bool { return !f.all && f.includes == nil && f.excludes == nil }

// parseSource parses true, false, a pattern, a list of patterns, or
// {"includes":[...],"excludes":[...]}.
func parseSource(t tree) (sourceFilter, error) {
	switch {
	case t.token() == "VALUE_BOOLEAN":
		return sourceFilter{all: t.scalar.Text == "true"}, nil
	case t.token() == "VALUE_STRING", t.kind == '[':
		return selected(t.texts(), nil), nil
	case t.kind != '{':
		return sourceFilter{}, t.parsing("Expected one of [VALUE_BOOLEAN, VALUE_STRING, START_ARRAY, START_OBJECT] but found [%s]", t.token())
	}
	var includes, excludes []string
	for _, m := range t.members {
		switch m.key {
		case "includes", "include":
			includes = m.texts()
		case "excludes", "exclude":
			excludes = m.texts()
		default:
			return sourceFilter{}, m.parsing("Unknown key for a %s in [%s].", m.token(), m.key)
		}
	}
	return selected(includes, excludes), nil
}

func selected(includes, excludes []string) sourceFilter {
	if len(includes) == 0 && len(excludes) == 0 {
		return sourceFilter{all: true}
	}
	return sourceFilter{includes: includes, excludes: excludes}
}

// source parses the parameters _source, _source_includes and _source_excludes. given
// reports whether there are any.
func (r *request) source() (f sourceFilter, given bool) {
	split := func(name string) []string {
		if v := r.params.Get(name); v != "" {
			return strings.Split(v, ",")
		}
		return nil
	}
	includes, excludes := split("_source_includes"), split("_source_excludes")
	switch v := r.params.Get("_source"); v {
	case "":
	case "true", "false":
		if v == "false" || len(includes)+len(excludes) == 0 {
			return sourceFilter{all: v == "true"}, true
		}
	default:
		includes = append(includes, split("_source")...)
	}
	given = r.params.Has("_source") || len(includes)+len(excludes) > 0
	return selected(includes, excludes), given
}

// apply returns the selected part of a document.
func (f sourceFilter) apply(doc []byte) []byte {
	if f.all {
		return doc
	}
	v := gjson.ParseBytes(doc)
	if !v.IsObject() {
		return doc
	}
	b, _ := f.object(nil, v, "", len(f.includes) == 0)
	return b
}

// object appends the selected part of an object. inside is set if an include pattern
// has selected the whole object.
func (f sourceFilter) object(b []byte, v gjson.Result, path string, inside bool) (out []byte, some bool) {
	b = append(b, '{')
	v.ForEach(func(key, child gjson.Result) bool {
		mark := len(b)
		if some {
			b = append(b, ',')
		}
		b = append(append(b, key.Raw...), ':')
		ok := false
		if b, ok = f.member(b, child, path+key.String(), inside); !ok {
			b = b[:mark]
		}
		some = some || ok
		return true
	})
	return append(b, '}'), some
}

func (f sourceFilter) member(b []byte, v gjson.Result, path string, inside bool) (out []byte, ok bool) {
	if anyMatches(f.excludes, path) {
		return b, false
	}
	inside = inside || anyMatches(f.includes, path)
	return f.value(b, v, path, inside)
}

func (f sourceFilter) value(b []byte, v gjson.Result, path string, inside bool) (out []byte, ok bool) {
	switch {
	case v.IsObject():
		b, ok = f.object(b, v, path+".", inside)
		return b, ok || inside
	case !v.IsArray():
		return append(b, v.Raw...), inside
	}
	b = append(b, '[')
	v.ForEach(func(_, child gjson.Result) bool {
		mark := len(b)
		if ok {
			b = append(b, ',')
		}
		kept := false
		if b, kept = f.value(b, child, path, inside); !kept {
			b = b[:mark]
		}
		ok = ok || kept
		return true
	})
	return append(b, ']'), ok || inside
}

func anyMatches(patterns []string, path string) bool {
	for _, p := range patterns {
		if matches(p, path) {
			return true
		}
	}
	return false
}
