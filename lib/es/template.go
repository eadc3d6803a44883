package es

import (
	"bytes"
	"cmp"
	"context"
	"crypto/sha256"
	_ "embed"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/elastic/go-elasticsearch/v8/esapi"
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

// TemplateState is what became of the index template.
type TemplateState int

// States of the template.
const (
	TemplateCurrent   TemplateState = iota // was there, as this version of wm makes it
	TemplateForeign                        // was there, made by hand or by another version; left alone
	TemplateCreated                        // was missing, put
	TemplateReplaced                       // was another, put
	TemplateForbidden                      // the user may not look at it or put it
)

// Init is what InitIndex found and did.
type Init struct {
	Template     string        // its name
	State        TemplateState // never TemplateForeign or TemplateForbidden
	Index        string        // "" when the pattern has placeholders
	IndexCreated bool          // Index was missing
}

// InitIndex puts the index template unless the one there is the same, and
// creates the index when the pattern names just one. Doing it again changes
// nothing.
func (c *Client) InitIndex(ctx context.Context, p IndexPattern) (Init, error) {
	name, body := template(p)
	done := Init{Template: name}
	var err error
	if done.State, err = c.syncTemplate(ctx, name, body); err != nil {
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
func (c *Client) syncTemplate(ctx context.Context, name string, body []byte) (TemplateState, error) {
	found, same, err := c.findTemplate(ctx, name, body)
	if err != nil || same {
		return TemplateCurrent, err
	}
	if err := c.putTemplate(ctx, name, body); err != nil || !found {
		return TemplateCreated, err
	}
	return TemplateReplaced, nil
}

// EnsureTemplate puts the index template where there is none of its name. It
// waits for a server that is away or busy, and calls onOutage before each wait.
func (c *Client) EnsureTemplate(ctx context.Context, p IndexPattern, onOutage func(error, time.Duration)) (name string, state TemplateState, err error) {
	return c.ensureTemplate(ctx, p, patience{clock: wallClock, tell: onOutage})
}

func (c *Client) ensureTemplate(ctx context.Context, p IndexPattern, w patience) (string, TemplateState, error) {
	name, body := template(p)
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

// template returns the name and the body of the template for a pattern. The
// body carries a digest of itself: the server writes settings back in a form
// of its own, which could not be compared.
func template(p IndexPattern) (name string, body []byte) {
	name = cmp.Or(strings.Trim(p.prefix(), "-_."), "wm")
	patterns, _ := json.Marshal([]string{p.Wildcard()}) // strings always marshal
	body = bytes.Replace(templateJSON, []byte(`"index_patterns": []`), append([]byte(`"index_patterns": `), patterns...), 1)
	sum := sha256.Sum256(body)
	meta := fmt.Appendf(nil, `"_meta": {"digest": "%s", `, hex.EncodeToString(sum[:8]))
	return name, bytes.Replace(body, []byte(`"_meta": {`), meta, 1)
}

// findTemplate looks for the template on the server and compares it with ours.
func (c *Client) findTemplate(ctx context.Context, name string, body []byte) (found, same bool, err error) {
	a, err := c.do(ctx, esapi.IndicesGetIndexTemplateRequest{Name: name})
	switch {
	case err != nil:
		return false, false, err
	case a.status == http.StatusNotFound:
		return false, false, nil
	case a.status != http.StatusOK:
		return false, false, failure(a)
	}
	const digest = "_meta.digest"
	theirs := gjson.GetBytes(a.body, "index_templates.0.index_template."+digest).Str
	return true, theirs == gjson.GetBytes(body, digest).Str, nil
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
