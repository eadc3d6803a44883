package eshttp

import (
	"strings"

	"github.com/tidwall/gjson"

	"github.com/wmtools/wm/lib/jsonscan"
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
	in, out := set(&includes, texts), set(&excludes, texts)
	err := t.read(params{"includes": in, "include": in, "excludes": out, "exclude": out}, unknownKey)
	return selected(includes, excludes), err
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

// apply adds the selected part of a document.
func (f sourceFilter) apply(o *out, doc []byte) {
	v := gjson.Result{}
	if !f.all {
		v = gjson.ParseBytes(doc)
	}
	if !v.IsObject() {
		o.raw(jsonscan.View(doc))
		return
	}
	f.object(o, v, "", len(f.includes) == 0)
}

// object adds the selected part of an object. inside is set if an include pattern has
// selected the whole object.
func (f sourceFilter) object(o *out, v gjson.Result, path string, inside bool) (some bool) {
	o.open('{')
	v.ForEach(func(key, child gjson.Result) bool {
		mark := len(*o)
		if o.raw(key.Raw + ":"); f.member(o, child, path+key.String(), inside) {
			some = true
		} else {
			*o = (*o)[:mark]
		}
		return true
	})
	o.close('}')
	return some
}

func (f sourceFilter) member(o *out, v gjson.Result, path string, inside bool) bool {
	if anyMatches(f.excludes, path) {
		return false
	}
	return f.value(o, v, path, inside || anyMatches(f.includes, path))
}

func (f sourceFilter) value(o *out, v gjson.Result, path string, inside bool) bool {
	switch {
	case v.IsObject():
		some := f.object(o, v, path+".", inside)
		return some || inside
	case !v.IsArray():
		o.raw(v.Raw)
		return inside
	}
	some := inside
	o.open('[')
	v.ForEach(func(_, child gjson.Result) bool {
		mark := len(*o)
		if f.value(o, child, path, inside) {
			some = true
		} else {
			*o = (*o)[:mark]
		}
		return true
	})
	o.close(']')
	return some
}

func anyMatches(patterns []string, path string) bool {
	for _, p := range patterns {
		if matches(p, path) {
			return true
		}
	}
	return false
}
