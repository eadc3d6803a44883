package eshttp

import (
	"encoding/json"
	"errors"
	"net/http"
	"strconv"
	"strings"

	"github.com/wmtools/wm/lib/store"
)

// templateBody is an index template as shown.
type templateBody struct {
	Patterns []string        `json:"index_patterns"`
	Template *templatePart   `json:"template,omitempty"`
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
		return reply{}, badSetting(name, err)
	}
	if create {
		if there, err := s.store.Templates(name); err != nil || len(there) > 0 {
			return reply{}, cmpErr(err, illegal("index template [%s] already exists", name))
		}
	}
	t := store.Template{Name: name, Patterns: body.Patterns}
	if body.Template != nil {
		t.Mapping, t.Settings = body.Template.Mappings, body.Template.Settings
	}
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

// badSetting wraps the error of a setting as Elasticsearch does.
func badSetting(name string, err error) error {
	if e, ok := errors.AsType[*settingError](err); ok {
		return refuse("invalid_index_template_exception", "index_template [%s] invalid, cause [%s]", name, invalid([]string{e.reason}))
	}
	return err
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
	body, err := parseTree(raw)
	if err != nil {
		return t, err
	}
	switch err := t.read(body); {
	case err != nil:
		return t, err
	case t.Patterns == nil:
		return t, illegal("Required [index_patterns]")
	case len(t.Patterns) == 0:
		return t, illegal("There must be at least one pattern, zero given")
	}
	return t, nil
}

// read parses the members of a template.
func (t *templateBody) read(body tree) error {
	fail := unknownTo("index_template")
	return body.read(params{
		"index_patterns": set(&t.Patterns, func(m member) ([]string, error) { return append([]string{}, m.texts()...), nil }),
		"priority":       set(&t.Priority, member.integer),
		"version":        set(&t.Version, member.integer),
		"_meta":          set(&t.Meta, rawJSON),
		"template":       set(&t.Template, parseTemplatePart),
		"composed_of":    noComponents, "ignore_missing_component_templates": noComponents,
	}, func(m member, err error) error {
		if m.key == "priority" || m.key == "version" {
			return m.failed("index_template", err)
		}
		return fail(m, err)
	})
}

func noComponents(m member) error {
	if len(m.list) > 0 {
		return illegal("[%s] is not supported by wm-store", m.key)
	}
	return nil
}

// integer parses an integer.
func (m member) integer() (*int64, error) {
	n, err := strconv.ParseInt(m.scalar.Text, 10, 64)
	if err != nil {
		return nil, refuse("number_format_exception", "For input string: %q", m.scalar.Text)
	}
	return &n, nil
}

func parseTemplatePart(of member) (*templatePart, error) {
	t := new(templatePart)
	err := of.read(params{
		"mappings": set(&t.Mappings, rawJSON),
		"settings": setTree(&t.Settings, normalSettings),
		"aliases":  noAliases,
	}, ifUnknown(func(m member) error { return of.failed("index_template", m.unknown("template")) }))
	return t, err
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
