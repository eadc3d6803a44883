package eshttp

import (
	"encoding/json"
	"strconv"
	"strings"

	"github.com/wmtools/wm/lib/store"
)

// settingError is an error of a setting, which templates report differently.
type settingError struct{ *apiError }

func (e *settingError) Unwrap() error { return e.apiError }

func badValue(format string, args ...any) error { return &settingError{illegal(format, args...)} }

// settings are the supported settings, with functions that check their values. They are
// stored and shown but have no effect.
var settings = map[string]func(name, value string) error{
	"number_of_shards":           atLeast(1),
	"number_of_replicas":         atLeast(0),
	"auto_expand_replicas":       anyValue,
	"refresh_interval":           interval,
	"codec":                      anyValue,
	"sort.field":                 anyValue,
	"sort.order":                 anyValue,
	"query.default_field":        anyValue,
	"mapping.total_fields.limit": atLeast(0),
}

func anyValue(string, string) error { return nil }

func atLeast(low int) func(name, value string) error {
	return func(name, value string) error {
		n, err := strconv.Atoi(value)
		switch {
		case err != nil:
			e := illegal("Failed to parse value [%s] for setting [index.%s]", value, name)
			e.cause = refuse("number_format_exception", "For input string: %q", value)
			return &settingError{e}
		case n < low:
			return badValue("Failed to parse value [%s] for setting [index.%s] must be >= %d", value, name, low)
		}
		return nil
	}
}

func interval(name, value string) error {
	if value == "-1" || value == "null" {
		return nil
	}
	if _, err := duration("index."+name, value); err != nil {
		return badValue("%v", err)
	}
	return nil
}

// normalSettings checks settings and returns them in the stored form,
// {"index":{"name":"value"}}.
func normalSettings(t tree) (json.RawMessage, error) {
	flat := map[string]string{}
	if err := flatten(flat, "", t); err != nil {
		return nil, err
	}
	return json.Marshal(map[string]any{"index": flat})
}

func flatten(flat map[string]string, prefix string, t tree) error {
	for _, m := range t.members {
		name := prefix + m.key
		if m.kind == '{' {
			if err := flatten(flat, name+".", m.tree); err != nil {
				return err
			}
			continue
		}
		short := strings.TrimPrefix(name, "index.")
		check := settings[short]
		if check == nil {
			return badValue("unknown setting [index.%s] please check that any required plugins are installed,"+
				" or check the breaking changes documentation for removed settings", short)
		}
		value := strings.Join(m.texts(), ",")
		if err := check(short, value); err != nil {
			return err
		}
		flat[short] = value
	}
	return nil
}

// shownSettings returns the settings of an index, nested or flat.
func shownSettings(i store.Info, flat bool) map[string]any {
	var kept struct {
		Index map[string]any `json:"index"`
	}
	if json.Unmarshal(i.Settings, &kept) != nil || kept.Index == nil {
		kept.Index = map[string]any{}
	}
	all := map[string]any{"number_of_shards": "1", "number_of_replicas": "0"}
	for name, v := range kept.Index {
		all[name] = v
	}
	all["uuid"] = i.UUID
	all["provided_name"] = i.Name
	all["creation_date"] = strconv.FormatInt(i.Created.UnixMilli(), 10)
	all["version.created"] = "8537000"
	out := map[string]any{}
	for name, v := range all {
		if flat {
			out["index."+name] = v
			continue
		}
		nest(out, "index."+name, v)
	}
	return out
}

// nest sets the value at a path of names joined by dots.
func nest(into map[string]any, path string, v any) {
	first, rest, deeper := strings.Cut(path, ".")
	if !deeper {
		into[first] = v
		return
	}
	inner, ok := into[first].(map[string]any)
	if !ok {
		inner = map[string]any{}
		into[first] = inner
	}
	nest(inner, rest, v)
}
