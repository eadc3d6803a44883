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
	if out, kept := f.value(nil, gjson.ParseBytes(body)); kept {
		return out
	}
	return []byte("{}")
}

// value appends the selected part of a value. In an array, each element is filtered.
func (f filter) value(b []byte, v gjson.Result) (out []byte, kept bool) {
	isObject := v.IsObject()
	if !isObject && !v.IsArray() {
		return b, false
	}
	start := len(b)
	b = append(b, v.Raw[0])
	v.ForEach(func(key, child gjson.Result) bool {
		mark := len(b)
		if kept {
			b = append(b, ',')
		}
		ok := false
		if isObject {
			b = append(append(b, key.Raw...), ':')
			b, ok = f.member(b, key.String(), child)
		} else {
			b, ok = f.value(b, child)
		}
		if !ok {
			b = b[:mark]
		}
		kept = kept || ok
		return true
	})
	if !kept {
		return b[:start], false
	}
	return append(b, v.Raw[len(v.Raw)-1]), true
}

// member appends the selected part of a member's value.
func (f filter) member(b []byte, name string, v gjson.Result) (out []byte, kept bool) {
	var deeper filter
	for _, path := range f {
		if !matches(path[0], name) {
			continue
		}
		if len(path) == 1 {
			return append(b, v.Raw...), true
		}
		deeper = append(deeper, path[1:])
	}
	if deeper == nil {
		return b, false
	}
	return deeper.value(b, v)
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
