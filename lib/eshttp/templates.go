package eshttp

import (
	"bytes"
	"encoding/json"
	"maps"
	"net/http"
	"slices"
	"strings"

	"github.com/wmtools/wm/lib/store"
)

// rawMember is a member of an object, its value unread.
type rawMember struct {
	key string
	raw json.RawMessage
}

// members reads the outermost level of an object, sorted by key. Below it the
// same checks hold as for every request: no name twice, not too deep.
func members(body []byte) ([]rawMember, error) {
	t, err := parseTree(body)
	switch {
	case err != nil:
		return nil, err
	case t.kind != '{':
		return nil, parsing("Expected [START_OBJECT] but found [%s]", t.token())
	case len(t.members) == 0:
		return nil, nil
	}
	var all map[string]json.RawMessage
	if err := json.Unmarshal(body, &all); err != nil {
		return nil, refuse("x_content_parse_exception", "%v", err)
	}
	var list []rawMember
	for _, key := range slices.Sorted(maps.Keys(all)) {
		list = append(list, rawMember{key, all[key]})
	}
	return list, nil
}

// templateBody is an index template as it is shown.
type templateBody struct {
	Patterns []string        `json:"index_patterns"`
	Template templatePart    `json:"template"`
	Composed []string        `json:"composed_of"`
	Priority *int64          `json:"priority,omitempty"`
	Version  *int64          `json:"version,omitempty"`
	Meta     json.RawMessage `json:"_meta,omitempty"`
}

type templatePart struct {
	Settings json.RawMessage `json:"settings,omitempty"`
	Mappings json.RawMessage `json:"mappings,omitempty"`
}

func (s *server) putTemplate(r *request) (reply, error) {
	create, err := r.flag("create", false)
	if err != nil {
		return reply{}, err
	}
	name := r.vars["name"]
	body, err := parseTemplate(r.body)
	if err != nil {
		return reply{}, err
	}
	if create {
		if there, err := s.store.Templates(name); err != nil || len(there) > 0 {
			return reply{}, cmpErr(err, illegal("index template [%s] already exists", name))
		}
	}
	t := store.Template{Name: name, Patterns: body.Patterns, Mapping: body.Template.Mappings, Settings: body.Template.Settings}
	if body.Priority != nil {
		t.Priority = *body.Priority
	}
	if t.Body, err = json.Marshal(body); err != nil {
		return reply{}, err
	}
	if err := s.store.PutTemplate(t); err != nil {
		return reply{}, badTemplate(name, err)
	}
	return answer(http.StatusOK, acknowledged)
}

func cmpErr(first error, otherwise *apiError) error {
	if first != nil {
		return first
	}
	return otherwise
}

// badTemplate wraps a mapping's error as Elasticsearch does.
func badTemplate(name string, err error) error {
	e := asAPIError(err, name)
	if e.typ != "mapper_parsing_exception" {
		return e
	}
	outer := illegal("composable template [%s] template after composition is invalid", name)
	outer.cause = illegal("invalid composite mappings for [%s]", name)
	outer.cause.cause = e
	return outer
}

func parseTemplate(raw []byte) (templateBody, error) {
	t := templateBody{Composed: []string{}}
	list, err := members(raw)
	if err != nil {
		return t, err
	}
	for _, m := range list {
		if err := templateMember(&t, m); err != nil {
			return t, err
		}
	}
	if len(t.Patterns) == 0 {
		return t, illegal("Required [index_patterns]")
	}
	return t, nil
}

func templateMember(t *templateBody, m rawMember) error {
	bad := func(err error) error {
		if err == nil {
			return nil
		}
		return refuse("x_content_parse_exception", "[index_template] failed to parse field [%s]: %v", m.key, err)
	}
	switch m.key {
	case "index_patterns":
		var one string
		if json.Unmarshal(m.raw, &one) == nil {
			t.Patterns = []string{one}
			return nil
		}
		return bad(json.Unmarshal(m.raw, &t.Patterns))
	case "priority":
		return bad(json.Unmarshal(m.raw, &t.Priority))
	case "version":
		return bad(json.Unmarshal(m.raw, &t.Version))
	case "_meta":
		t.Meta = m.raw
		return nil
	case "template":
		return templateParts(t, m.raw)
	case "composed_of":
		if string(bytes.Join(bytes.Fields(m.raw), nil)) == "[]" {
			return nil
		}
	}
	return refuse("x_content_parse_exception", "[index_template] unknown field [%s]", m.key)
}

func templateParts(t *templateBody, raw json.RawMessage) error {
	parts, err := members(raw)
	if err != nil {
		return err
	}
	for _, m := range parts {
		switch m.key {
		case "mappings":
			t.Template.Mappings = m.raw
		case "settings":
			if t.Template.Settings, err = normalSettings(m.raw); err != nil {
				return err
			}
		default:
			return refuse("x_content_parse_exception", "[template] unknown field [%s]", m.key)
		}
	}
	return nil
}

// harmless are the settings that a store on one machine can take and leave
// without anyone noticing.
var harmless = map[string]bool{
	"number_of_shards": true, "number_of_replicas": true, "auto_expand_replicas": true, "refresh_interval": true, "codec": true,
	"sort.field": true, "sort.order": true, "mapping.total_fields.limit": true,
}

// normalSettings brings settings into the form in which they are shown:
// {"index":{"name":"value"}}, and refuses those that it does not know.
func normalSettings(raw json.RawMessage) (json.RawMessage, error) {
	t, err := parseTree(raw)
	if err != nil {
		return nil, err
	}
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
		if !harmless[short] {
			return illegal("unknown setting [index.%s]: wm-store would not do what it says", short)
		}
		var values []string
		for _, v := range m.each() {
			values = append(values, v.scalar.Text)
		}
		flat[short] = strings.Join(values, ",")
	}
	return nil
}

func (s *server) getTemplates(r *request) (reply, error) {
	pattern := r.vars["name"]
	if pattern == "" {
		pattern = "*"
	}
	list, err := s.store.Templates(pattern)
	if err != nil {
		return reply{}, err
	}
	if len(list) == 0 && !strings.Contains(pattern, "*") {
		e := refuse("resource_not_found_exception", "index template matching [%s] not found", pattern)
		e.status = http.StatusNotFound
		return reply{}, e
	}
	type named struct {
		Name string          `json:"name"`
		Body json.RawMessage `json:"index_template"`
	}
	out := []named{}
	for _, t := range list {
		out = append(out, named{t.Name, t.Body})
	}
	return answer(http.StatusOK, map[string]any{"index_templates": out})
}

func (s *server) deleteTemplate(r *request) (reply, error) {
	if err := s.store.DeleteTemplate(r.vars["name"]); err != nil {
		return reply{}, err
	}
	return answer(http.StatusOK, acknowledged)
}
