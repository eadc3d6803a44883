package eshttp

import (
	"slices"
	"strings"

	"github.com/tidwall/gjson"
)

// filter selects the parts of a response that filter_path names: paths joined by
// commas, the names in a path joined by dots, with * for any run of characters.
type filter [][]string

func parseFilter(s string) (filter, error) {
	var f filter
	for path := range strings.SplitSeq(s, ",") {
		if strings.HasPrefix(path, "-") || strings.Contains(path, "**") {
			return nil, illegal("[filter_path] of wm-store knows neither exclusions nor **: [%s]", path)
		}
		if path != "" {
			f = append(f, strings.Split(path, "."))
		}
	}
	return f, nil
}

func (f filter) apply(body []byte) []byte {
	var o out
	if f.value(&o, gjson.ParseBytes(body)) {
		return o
	}
	return []byte("{}")
}

// value adds the selected part of a value. In an array, each element is filtered.
func (f filter) value(o *out, v gjson.Result) (some bool) {
	isObject := v.IsObject()
	if !isObject && !v.IsArray() {
		return false
	}
	o.open(v.Raw[0])
	v.ForEach(func(key, child gjson.Result) bool {
		mark := len(*o)
		kept := false
		if isObject {
			o.raw(key.Raw + ":")
			kept = f.member(o, key.String(), child)
		} else {
			kept = f.value(o, child)
		}
		if !kept {
			*o = (*o)[:mark]
		}
		some = some || kept
		return true
	})
	o.close(v.Raw[len(v.Raw)-1])
	return some
}

// member adds the selected part of a member's value.
func (f filter) member(o *out, name string, v gjson.Result) bool {
	var deeper filter
	for _, path := range f {
		if !matches(path[0], name) {
			continue
		}
		if len(path) == 1 {
			o.raw(v.Raw)
			return true
		}
		deeper = append(deeper, path[1:])
	}
	return deeper != nil && deeper.value(o, v)
}

// matches reports whether a name matches a pattern with at most a few stars.
func matches(pattern, name string) bool {
	parts := strings.Split(pattern, "*")
	if len(parts) == 1 {
		return pattern == name
	}
	rest, ok := strings.CutPrefix(name, parts[0])
	if !ok {
		return false
	}
	last := parts[len(parts)-1]
	return !slices.ContainsFunc(parts[1:len(parts)-1], func(part string) bool {
		_, after, found := strings.Cut(rest, part)
		rest = after
		return !found
	}) && strings.HasSuffix(rest, last)
}
