package es

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"github.com/elastic/go-elasticsearch/v8/esapi"
	"github.com/tidwall/gjson"
)

// TemplateState is the state of the index template on the server.
type TemplateState int

// States of the template.
const (
	TemplateCurrent   TemplateState = iota // as this version of wm makes it
	TemplateForeign                        // made by hand or by another version, and kept
	TemplateCreated                        // was missing and has been put
	TemplateReplaced                       // was different and has been replaced
	TemplateForbidden                      // the user may not read or put it
	TemplateMissing                        // does not exist
)

// Template is the index template of a pattern.
type Template struct {
	Name  string
	State TemplateState
}

// TemplateConflict is the error of a template that has the name of a pattern's
// but is for other indices.
type TemplateConflict struct {
	Name     string
	Patterns []string // of the indices that it is for
	About    string   // its description, if it has one
}

func (e *TemplateConflict) Error() string {
	text := fmt.Sprintf("index template %s is for %s", e.Name, strings.Join(e.Patterns, ", "))
	if e.About != "" {
		text += fmt.Sprintf(" (%s)", e.About)
	}
	return text
}

// Init is what InitIndex found and did.
type Init struct {
	Template            // its State is TemplateCurrent, TemplateCreated or TemplateReplaced
	Removed      string // template of an earlier version of wm that this one replaces, or ""
	Index        string // "" if the pattern has placeholders
	IndexCreated bool   // Index was missing
}

// InitIndex puts the index template unless the server has the same one, and
// creates the index if the pattern names just one. Settings that are not in the
// options are kept. Calling it again changes nothing. The error is an *Error or
// a *TemplateConflict.
func (c *Client) InitIndex(ctx context.Context, p IndexPattern, o TemplateOptions) (Init, error) {
	done := Init{Template: Template{Name: templateName(p)}}
	theirs, err := c.findTemplate(ctx, p)
	if err != nil {
		return done, err
	}
	if done.State, err = c.syncTemplate(ctx, p, o, theirs); err != nil {
		return done, err
	}
	if theirs.old {
		if _, err := c.Do(ctx, esapi.IndicesDeleteIndexTemplateRequest{Name: theirs.name}); err != nil {
			return done, err
		}
		done.Removed = theirs.name
	}
	if index, single := p.Single(); single {
		done.Index = index
		done.IndexCreated, err = c.createIndex(ctx, index)
	}
	return done, err
}

// syncTemplate puts the template unless theirs is the same.
func (c *Client) syncTemplate(ctx context.Context, p IndexPattern, o TemplateOptions, theirs held) (TemplateState, error) {
	body := templateBody(p, o, theirs.body)
	if theirs.exists() && !theirs.old && len(compareTemplates(gjson.ParseBytes(body), theirs.body)) == 0 {
		return TemplateCurrent, nil
	}
	if err := c.putTemplate(ctx, templateName(p), body); err != nil || !theirs.exists() {
		return TemplateCreated, err
	}
	return TemplateReplaced, nil
}

// TemplateDrift returns how the template on the server differs from the one that
// InitIndex would put; found is false if there is no template.
func (c *Client) TemplateDrift(ctx context.Context, p IndexPattern, o TemplateOptions) (drift []Drift, found bool, err error) {
	theirs, err := c.findTemplate(ctx, p)
	if err != nil {
		return nil, false, err
	}
	return compareTemplates(gjson.ParseBytes(templateBody(p, o, theirs.body)), theirs.body), theirs.exists(), nil
}

// EnsureTemplate puts the index template with default settings if it is missing.
// The state is never TemplateReplaced or TemplateMissing.
func (c *Client) EnsureTemplate(ctx context.Context, p IndexPattern) (Template, error) {
	t, err := c.Template(ctx, p)
	if err != nil || t.State != TemplateMissing {
		return t, err
	}
	t.State = TemplateCreated
	err = c.putTemplate(ctx, t.Name, templateBody(p, TemplateOptions{}, gjson.Result{}))
	if isForbidden(err) {
		t.State, err = TemplateForbidden, nil
	}
	return t, err
}

// Template looks for the template of a pattern and changes nothing. The state is
// never TemplateCreated or TemplateReplaced.
func (c *Client) Template(ctx context.Context, p IndexPattern) (Template, error) {
	theirs, err := c.findTemplate(ctx, p)
	t := Template{Name: theirs.name}
	switch {
	case isForbidden(err):
		t.State, err = TemplateForbidden, nil
	case err != nil:
	case !theirs.exists():
		t.State = TemplateMissing
	case !theirs.fits(templateBody(p, TemplateOptions{}, gjson.Result{})):
		t.State = TemplateForeign
	}
	return t, err
}

// held is a template on the server.
type held struct {
	name string
	body gjson.Result // does not exist if the template does not
	old  bool         // has the name that earlier versions of wm gave it
}

func (h held) exists() bool { return h.body.Exists() }

// fits reports whether documents indexed with this template can be found as if
// it were ours.
func (h held) fits(ours []byte) bool {
	drift := unfit(compareTemplates(gjson.ParseBytes(ours), h.body))
	if h.old {
		drift = slices.DeleteFunc(drift, func(d Drift) bool { return d.Path == "priority" })
	}
	return len(drift) == 0
}

// findTemplate looks for the template of a pattern under its name, and then for
// one that an earlier version of wm made for the same indices.
func (c *Client) findTemplate(ctx context.Context, p IndexPattern) (held, error) {
	name, old := templateName(p), oldTemplateName(p)
	body, err := c.getTemplate(ctx, name)
	theirs := held{name: name, body: body}
	switch {
	case err != nil:
		return theirs, err
	case body.Exists() && !isFor(body, p):
		return theirs, conflict(name, body)
	case body.Exists() || name == old:
		return theirs, nil
	}
	body, err = c.getTemplate(ctx, old)
	if err == nil && body.Exists() && isFor(body, p) && body.Get("_meta.description").Str == description {
		theirs = held{name: old, body: body, old: true}
	}
	return theirs, err
}

var description = gjson.GetBytes(templateJSON, "_meta.description").Str

// isFor reports whether a template is for the indices of a pattern.
func isFor(template gjson.Result, p IndexPattern) bool {
	patterns := template.Get("index_patterns").Array()
	return slices.ContainsFunc(patterns, func(v gjson.Result) bool { return v.Str == p.Wildcard() })
}

func conflict(name string, template gjson.Result) error {
	e := &TemplateConflict{Name: name, About: oneLine(template.Get("_meta.description").String())}
	for _, v := range template.Get("index_patterns").Array() {
		e.Patterns = append(e.Patterns, v.String())
	}
	return e
}

// getTemplate returns a template on the server; the result does not exist if the
// template does not.
func (c *Client) getTemplate(ctx context.Context, name string) (gjson.Result, error) {
	body, err := c.Do(ctx, esapi.IndicesGetIndexTemplateRequest{Name: name})
	if e, ok := errors.AsType[*Error](err); ok && e.Status == http.StatusNotFound {
		return gjson.Result{}, nil
	}
	if err != nil {
		return gjson.Result{}, err
	}
	answer, _ := Answer{Body: body}.JSON()
	list := answer.Get("index_templates")
	if !list.IsArray() {
		return gjson.Result{}, c.Fail(Foreign, errors.New("the answer contains no index template"))
	}
	return list.Get("0.index_template"), nil
}

func (c *Client) putTemplate(ctx context.Context, name string, body []byte) error {
	_, err := c.Do(ctx, esapi.IndicesPutIndexTemplateRequest{Name: name, Body: bytes.NewReader(body)})
	return err
}

// createIndex creates an index unless it exists.
func (c *Client) createIndex(ctx context.Context, name string) (created bool, err error) {
	_, err = c.Do(ctx, esapi.IndicesCreateRequest{Index: name})
	if e, ok := errors.AsType[*Error](err); ok {
		if e.Type == "resource_already_exists_exception" {
			return false, nil
		}
		e.Index = name
	}
	return err == nil, err
}

func isForbidden(err error) bool {
	e, ok := errors.AsType[*Error](err)
	return ok && e.Status == http.StatusForbidden
}
