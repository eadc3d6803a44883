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

// The template lists all fields that can be searched. Others are kept in the
// source only, so no event can grow the mapping or conflict with it. The field
// title holds the exact value and title.text its words; user and comment alike.
// log_params has a different shape in each kind of log entry and is not parsed.
// The number of replicas follows the number of nodes: none on a single node,
// which would never become healthy otherwise, else one.
//
//go:embed template.json
var templateJSON []byte

// TemplateOptions are settings of indices. A zero value keeps the server's
// setting; without one the default applies.
type TemplateOptions struct {
	Shards   int    // default 1
	Replicas *int   // default one, and none on a single node
	Refresh  string // how soon documents can be found, such as "5s"; default "1s"
	ILM      string // policy of index lifecycle management; default none
}

// settings merges the options into the settings that the server has.
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
	text, _ := json.Marshal(all) // JSON values, strings and numbers always marshal
	return text
}

// with returns object with a member set; object may be nil.
func with(object map[string]any, key string, value any) map[string]any {
	if object == nil {
		object = make(map[string]any)
	}
	object[key] = value
	return object
}

// TemplateBody returns the name and the JSON of the template for a pattern, for
// a server without one.
func TemplateBody(p IndexPattern, o TemplateOptions) (name string, body []byte) {
	return templateName(p), templateBody(p, o, gjson.Result{})
}

// templateName derives the name from the whole pattern, so that two patterns
// have two templates: wm-{stream}-%Y.%m becomes wm-stream-yyyy.mm.
func templateName(p IndexPattern) string {
	return p.render(func(placeholder part) string {
		return map[partKind]string{stream: "stream", year: "yyyy", month: "mm", day: "dd"}[placeholder.kind]
	})
}

// oldTemplateName is the name that earlier versions of wm gave the template.
func oldTemplateName(p IndexPattern) string {
	prefix := ""
	if p.parts[0].kind == literal {
		prefix = p.parts[0].text
	}
	return cmp.Or(strings.Trim(prefix, "-_."), "wm")
}

// basePriority is above that of Elasticsearch's own templates, such as logs-*-*.
const basePriority = 200

// priority rises with the length of the literal text: of two templates that match
// an index, the more specific one wins.
func priority(p IndexPattern) int {
	return basePriority + len(p.render(func(part) string { return "" }))
}

// templateBody returns the template for a server that has theirs.
func templateBody(p IndexPattern, o TemplateOptions, theirs gjson.Result) []byte {
	patterns, _ := json.Marshal([]string{p.Wildcard()}) // strings always marshal
	body := templateJSON
	for _, member := range []struct{ empty, name, value string }{
		{`"index_patterns": []`, "index_patterns", string(patterns)},
		{`"priority": 0`, "priority", strconv.Itoa(priority(p))},
		{`"index": {}`, "index", string(o.settings(theirs.Get("template.settings.index")))},
	} {
		body = bytes.Replace(body, []byte(member.empty), []byte(strconv.Quote(member.name)+": "+member.value), 1)
	}
	return body
}

// Drift is a difference between wm's template and the server's.
type Drift struct {
	Path         string // of the member
	Ours, Theirs string // "" if the member is missing
}

// compareTemplates returns the differences in what affects an index. A version
// number in the template would not do: it survives edits by hand.
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

// unfit returns the differences that prevent documents from being found by wm's
// queries. Settings and additional fields are the user's choice.
func unfit(drift []Drift) []Drift {
	return slices.DeleteFunc(drift, func(d Drift) bool { return d.Ours == "" || strings.HasPrefix(d.Path, "template.settings.") })
}

// flat returns the leaves of a template by path, as text: the server returns
// settings as strings.
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
