package es

import (
	"bytes"
	"cmp"
	_ "embed"
	"encoding/json"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/tidwall/gjson"
)

// The template maps fields by hand: what is not listed is kept in the source
// but cannot be searched, so no event can grow the mapping or clash with it.
// An exact value is "title", its words are "title.text"; the same holds for
// user and comment. log_params has another shape in each kind of log entry and
// is not looked into. Replicas follow the number of nodes: none on one node,
// which would never be healthy otherwise, one beyond that.
//
//go:embed template.json
var templateJSON []byte

// TemplateOptions are the settings of indices. Zero values leave what the server
// has, and where it has nothing the default.
type TemplateOptions struct {
	Shards   int    // default 1
	Replicas *int   // default: one, but none on a single node
	Refresh  string // how soon documents can be found, such as "1s", the default
	ILM      string // policy of index lifecycle management
}

// settings renders them over those that the server has.
func (o TemplateOptions) settings(theirs gjson.Result) []byte {
	all := map[string]any{"number_of_shards": 1, "auto_expand_replicas": "0-1", "refresh_interval": "1s"}
	if m, ok := theirs.Value().(map[string]any); ok {
		all = m
	}
	if o.Shards > 0 {
		all["number_of_shards"] = o.Shards
	}
	if o.Replicas != nil {
		delete(all, "auto_expand_replicas")
		all["number_of_replicas"] = *o.Replicas
	}
	if o.Refresh != "" {
		all["refresh_interval"] = o.Refresh
	}
	if o.ILM != "" {
		lifecycle, _ := all["lifecycle"].(map[string]any)
		all["lifecycle"] = with(lifecycle, "name", o.ILM)
	}
	text, _ := json.Marshal(all) // what was JSON, strings and numbers always marshal
	return text
}

// with sets a member of an object, which may be nil.
func with(object map[string]any, key string, value any) map[string]any {
	if object == nil {
		object = make(map[string]any)
	}
	object[key] = value
	return object
}

// TemplateBody returns the name and the JSON of the template for a pattern, for
// a server that has none.
func TemplateBody(p IndexPattern, o TemplateOptions) (name string, body []byte) {
	return templateName(p), templateBody(p, o, gjson.Result{})
}

func templateName(p IndexPattern) string {
	return cmp.Or(strings.Trim(p.prefix(), "-_."), "wm")
}

// templateBody returns the template for a server that has theirs.
func templateBody(p IndexPattern, o TemplateOptions, theirs gjson.Result) []byte {
	patterns, _ := json.Marshal([]string{p.Wildcard()}) // strings always marshal
	body := bytes.Replace(templateJSON, []byte(`"index_patterns": []`), append([]byte(`"index_patterns": `), patterns...), 1)
	settings := o.settings(theirs.Get("template.settings.index"))
	return bytes.Replace(body, []byte(`"index": {}`), append([]byte(`"index": `), settings...), 1)
}

// Drift is a member in which the server's template is not ours.
type Drift struct {
	Path         string
	Ours, Theirs string // "": there is none
}

// compareTemplates returns the differences in what decides about an index. No
// mark in a template can stand in for that: who edits one by hand leaves its
// marks as they are.
func compareTemplates(ours, theirs gjson.Result) (drift []Drift) {
	mine, other := flat(ours), flat(theirs)
	all := maps.Clone(mine)
	maps.Copy(all, other)
	for _, path := range slices.Sorted(maps.Keys(all)) {
		if mine[path] != other[path] {
			drift = append(drift, Drift{path, mine[path], other[path]})
		}
	}
	return drift
}

// unfit returns the differences that keep documents from being found as wm asks
// for them. Settings are the user's, and so are fields besides ours.
func unfit(drift []Drift) []Drift {
	return slices.DeleteFunc(drift, func(d Drift) bool { return d.Ours == "" || strings.HasPrefix(d.Path, "template.settings.") })
}

// flat returns the leaves of a template by their paths, as text: the server
// writes settings back as strings.
func flat(template gjson.Result) map[string]string {
	leaves := make(map[string]string)
	for _, part := range []string{"index_patterns", "priority", "composed_of", "template.settings", "template.mappings"} {
		flatten(leaves, part, template.Get(part))
	}
	return leaves
}

func flatten(leaves map[string]string, path string, v gjson.Result) {
	if !v.IsObject() && !v.IsArray() {
		if v.Exists() {
			leaves[path] = v.String()
		}
		return
	}
	i := 0
	v.ForEach(func(key, value gjson.Result) bool {
		name := key.Str
		if v.IsArray() {
			name = strconv.Itoa(i)
		}
		i++
		flatten(leaves, path+"."+name, value)
		return true
	})
}
