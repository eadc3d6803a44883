package es

import (
	"bytes"
	"context"
	"errors"
	"net/http"
	"time"

	"github.com/elastic/go-elasticsearch/v8/esapi"
	"github.com/tidwall/gjson"
)

// TemplateState is what became of the index template.
type TemplateState int

// States of the template.
const (
	TemplateCurrent   TemplateState = iota // was there, as this version of wm makes it
	TemplateForeign                        // was there, made by hand or by another version; left alone
	TemplateCreated                        // was missing, put
	TemplateReplaced                       // was another, put
	TemplateForbidden                      // the user may not look at it or put it
	TemplateMissing                        // is not there, and was not put
)

// Init is what InitIndex found and did.
type Init struct {
	Template     string        // its name
	State        TemplateState // never TemplateForeign or TemplateForbidden
	Index        string        // "" when the pattern has placeholders
	IndexCreated bool          // Index was missing
}

// InitIndex puts the index template unless the one there is the same, and
// creates the index when the pattern names just one. Settings that the options
// do not name stay as they are. Doing it again changes nothing.
func (c *Client) InitIndex(ctx context.Context, p IndexPattern, o TemplateOptions) (Init, error) {
	done := Init{Template: templateName(p)}
	var err error
	if done.State, err = c.syncTemplate(ctx, p, o); err != nil {
		return done, c.describe(&trouble{err: err})
	}
	if index, single := p.single(); single {
		done.Index = index
		if done.IndexCreated, err = c.createIndex(ctx, index); err != nil {
			return done, c.describe(&trouble{err: err, index: index})
		}
	}
	return done, nil
}

// syncTemplate makes the template on the server ours.
func (c *Client) syncTemplate(ctx context.Context, p IndexPattern, o TemplateOptions) (TemplateState, error) {
	name := templateName(p)
	theirs, err := c.getTemplate(ctx, name)
	if err != nil {
		return TemplateCurrent, err
	}
	body := templateBody(p, o, theirs)
	if theirs.Exists() && len(compareTemplates(gjson.ParseBytes(body), theirs)) == 0 {
		return TemplateCurrent, nil
	}
	if err := c.putTemplate(ctx, name, body); err != nil || !theirs.Exists() {
		return TemplateCreated, err
	}
	return TemplateReplaced, nil
}

// TemplateDrift returns in what the template on the server differs from the one
// that InitIndex would put; found is false when there is none.
func (c *Client) TemplateDrift(ctx context.Context, p IndexPattern, o TemplateOptions) (drift []Drift, found bool, err error) {
	theirs, err := c.getTemplate(ctx, templateName(p))
	if err != nil {
		return nil, false, c.describe(&trouble{err: err})
	}
	return compareTemplates(gjson.ParseBytes(templateBody(p, o, theirs)), theirs), theirs.Exists(), nil
}

// EnsureTemplate puts the index template where there is none of its name. It
// waits for a server that is away or busy, for retryFor at most unless that is
// 0, and calls onOutage before each wait.
func (c *Client) EnsureTemplate(ctx context.Context, p IndexPattern, retryFor time.Duration, onOutage func(error, time.Duration)) (name string, state TemplateState, err error) {
	return c.ensureTemplate(ctx, p, patience{clock: wallClock, tell: onOutage, limit: retryFor})
}

func (c *Client) ensureTemplate(ctx context.Context, p IndexPattern, w patience) (string, TemplateState, error) {
	name, body := TemplateBody(p, TemplateOptions{})
	for {
		state, err := c.addTemplate(ctx, name, body)
		if err == nil {
			return name, state, nil
		}
		why := c.describe(&trouble{err: err})
		switch e, answered := errors.AsType[*serverError](err); {
		case answered && e.status == http.StatusForbidden:
			return name, TemplateForbidden, nil
		case answered && judgeRequest(e) == fatal, distrust(err) != "":
			return name, state, why
		}
		if err := w.wait(ctx, why, 0); err != nil {
			return name, state, err
		}
	}
}

// addTemplate puts the template if there is none of its name.
func (c *Client) addTemplate(ctx context.Context, name string, body []byte) (TemplateState, error) {
	found, same, err := c.findTemplate(ctx, name, body)
	switch {
	case err != nil:
		return TemplateForeign, err
	case same:
		return TemplateCurrent, nil
	case found:
		return TemplateForeign, nil
	}
	return TemplateCreated, c.putTemplate(ctx, name, body)
}

// findTemplate looks for the template on the server, and whether it serves as
// well as ours.
func (c *Client) findTemplate(ctx context.Context, name string, body []byte) (found, fits bool, err error) {
	theirs, err := c.getTemplate(ctx, name)
	found = theirs.Exists()
	return found, found && len(unfit(compareTemplates(gjson.ParseBytes(body), theirs))) == 0, err
}

// getTemplate returns the template on the server; the result does not exist
// when there is none.
func (c *Client) getTemplate(ctx context.Context, name string) (gjson.Result, error) {
	a, err := c.do(ctx, esapi.IndicesGetIndexTemplateRequest{Name: name})
	switch {
	case err != nil:
		return gjson.Result{}, err
	case a.status == http.StatusNotFound:
		return gjson.Result{}, nil
	case a.status != http.StatusOK:
		return gjson.Result{}, failure(a)
	}
	return gjson.GetBytes(a.body, "index_templates.0.index_template"), nil
}

func (c *Client) putTemplate(ctx context.Context, name string, body []byte) error {
	return c.succeed(ctx, esapi.IndicesPutIndexTemplateRequest{Name: name, Body: bytes.NewReader(body)})
}

// createIndex creates an index unless it is there.
func (c *Client) createIndex(ctx context.Context, name string) (created bool, err error) {
	err = c.succeed(ctx, esapi.IndicesCreateRequest{Index: name})
	if e, ok := errors.AsType[*serverError](err); ok && e.kind == "resource_already_exists_exception" {
		return false, nil
	}
	return err == nil, err
}

// succeed sends a request whose answer holds no more than that it worked.
func (c *Client) succeed(ctx context.Context, req esapi.Request) error {
	a, err := c.do(ctx, req)
	if err != nil {
		return err
	}
	if a.status/100 != 2 {
		return failure(a)
	}
	return nil
}
