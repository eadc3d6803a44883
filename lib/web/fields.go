package web

import (
	"slices"
	"strings"

	"github.com/wmtools/wm/lib/mediawiki"
)

// field is a field by which changes can be split, grouped, listed and filtered. The
// browser names fields by id and cannot request any other field of the index.
type field struct {
	id     string
	label  string // of a chip or a choice: "User kind"
	plural string // of a list: "User kinds"
	index  string // its name in the index
	term   string // its name in queries over recentchange, if that differs
}

var fields = []field{
	{id: "wiki", label: "Wiki", plural: "Wikis", index: "wm.wiki", term: "wiki"},
	{id: "kind", label: "User kind", plural: "User kinds", index: "wm.user_kind"},
	{id: "namespace", label: "Namespace", plural: "Namespaces", index: "namespace"},
	{id: "user", label: "User", plural: "Users", index: "wm.user", term: "user"},
	{id: "page", label: "Page", plural: "Pages", index: "wm.page"},
	{id: "type", label: "Type", plural: "Types", index: "type"},
	{id: "log", label: "Log action", plural: "Log actions", index: "log_action"},
	{id: "log_type", label: "Log", plural: "Logs", index: "log_type"},
	{id: "bot", label: "Bot flag", plural: "Bot flags", index: "bot"},
	{id: "minor", label: "Minor edit", plural: "Minor edits", index: "minor"},
	{id: "revert", label: "Likely revert", plural: "Likely reverts", index: "wm.revert"},
	{id: "domain", label: "Domain", plural: "Domains", index: "meta.domain"},
}

// fieldByID returns the field of an id.
func fieldByID(id string) (field, bool) {
	i := slices.IndexFunc(fields, func(f field) bool { return f.id == id })
	if i < 0 {
		return field{}, false
	}
	return fields[i], true
}

// fieldByTerm returns the field that a term of a query names.
func fieldByTerm(name string) (field, bool) {
	i := slices.IndexFunc(fields, func(f field) bool { return name != "" && (f.index == name || f.term == name) })
	if i < 0 {
		return field{}, false
	}
	return fields[i], true
}

// in returns the name of the field in queries over a stream.
func (f field) in(stream string) string {
	if f.term != "" && stream == defaultStream {
		return f.term
	}
	return f.index
}

// labelled is a value of a field with its label, if that differs.
type labelled struct {
	Value string `json:"value"`
	Label string `json:"label,omitempty"`
	Note  string `json:"note,omitempty"`
}

// value returns a value of the field with its label.
func (f field) value(v string) labelled {
	switch f.id {
	case "namespace":
		if name := mediawiki.Namespace(v); name != "" {
			return labelled{Value: v, Label: name, Note: v}
		}
	case "page":
		if wiki, title, ok := strings.Cut(v, ":"); ok {
			return labelled{Value: v, Label: title, Note: wiki}
		}
	case "bot", "minor", "revert":
		return labelled{Value: v, Label: map[string]string{"true": "yes", "false": "no"}[v]}
	}
	return labelled{Value: v}
}

// condition returns the term of the query language that selects a value of the field.
func (f field) condition(stream, value string) string {
	return f.in(stream) + "=" + quoteValue(value)
}

// quoteValue returns a value of a term, quoted if the query language requires it.
func quoteValue(v string) string {
	if v != "" && !strings.ContainsAny(v, " \t\n\r\u00a0\u3000\"|\\") && !strings.ContainsRune("=<>~!", rune(v[0])) {
		return v
	}
	return `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(v) + `"`
}
