package es

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/elastic/go-elasticsearch/v8/esapi"
	"github.com/tidwall/gjson"
)

// Server is what a server says of itself.
type Server struct {
	Version string        // such as 8.19.21; "" when it does not tell this user
	Product bool          // it says that it is Elasticsearch
	Took    time.Duration // until the answer was there
	Clock   time.Duration // how much its clock is ahead of ours, to a second
	Timed   bool          // it told its clock
}

// Ask asks the server what it is. Where GET / is closed to the user, the nodes
// tell the version.
func (c *Client) Ask(ctx context.Context) (Server, error) {
	begin := time.Now()
	a, err := c.do(ctx, esapi.InfoRequest{})
	if err != nil {
		return Server{}, c.describe(&trouble{err: err})
	}
	s := Server{Took: time.Since(begin), Product: a.header.Get("X-Elastic-Product") == "Elasticsearch"}
	if a.status == http.StatusUnauthorized {
		return s, c.describe(&trouble{err: failure(a)})
	}
	if date, err := http.ParseTime(a.header.Get("Date")); err == nil {
		s.Clock, s.Timed = date.Sub(begin.Truncate(time.Second)), true
	} else if s.Clock, s.Timed, err = c.clock(ctx); err != nil {
		return s, err
	}
	if a.status == http.StatusOK {
		s.Version = gjson.GetBytes(a.body, "version.number").Str
		return s, nil
	}
	nodes, err := c.do(ctx, esapi.NodesInfoRequest{FilterPath: []string{"nodes.*.version"}})
	if err != nil {
		return s, c.describe(&trouble{err: err})
	}
	if nodes.status == http.StatusOK {
		s.Version = gjson.GetBytes(nodes.body, "nodes.@values.0.version").Str
	}
	return s, nil
}

// clock asks Elasticsearch itself, which sends no Date, how far its clock is
// ahead. ok is false where this user may not know.
func (c *Client) clock(ctx context.Context) (ahead time.Duration, ok bool, err error) {
	begin := time.Now()
	a, err := c.do(ctx, esapi.CatHealthRequest{Format: "json", H: []string{"epoch"}})
	if err != nil {
		return 0, false, c.describe(&trouble{err: err})
	}
	seconds := gjson.GetBytes(a.body, "0.epoch").Int()
	if a.status != http.StatusOK || seconds == 0 {
		return 0, false, nil
	}
	return time.Unix(seconds, 0).Sub(begin.Truncate(time.Second)), true, nil
}

// writing are the rights without which nothing can be indexed.
var writing = []string{"create_doc", "auto_configure"}

// CanWrite reports whether a user who lacks some rights can index events.
func CanWrite(missing []string) bool {
	return !slices.ContainsFunc(missing, func(right string) bool { return slices.Contains(writing, right) })
}

// Rights that each use of wm-es needs on its indices.
var rights = append(slices.Clone(writing), "read", "view_index_metadata", "delete_index")

// MissingRights returns which rights the user lacks. ok is false where the
// server has no users.
func (c *Client) MissingRights(ctx context.Context, pattern string) (missing []string, ok bool, err error) {
	body, err := json.Marshal(map[string]any{
		"cluster": []string{"manage_index_templates"},
		"index":   []map[string]any{{"names": []string{pattern}, "privileges": rights}},
	})
	if err != nil {
		return nil, false, err
	}
	a, err := c.do(ctx, esapi.SecurityHasPrivilegesRequest{Body: strings.NewReader(string(body))})
	switch {
	case err != nil:
		return nil, false, c.describe(&trouble{err: err})
	case a.status == http.StatusBadRequest, a.status == http.StatusMethodNotAllowed:
		return nil, false, nil // there is no such question where security is off
	case a.status != http.StatusOK:
		return nil, false, c.refused(a)
	}
	for _, group := range []gjson.Result{gjson.GetBytes(a.body, "cluster"), gjson.GetBytes(a.body, "index.@values.0")} {
		group.ForEach(func(name, has gjson.Result) bool {
			if !has.Bool() {
				missing = append(missing, name.Str)
			}
			return true
		})
	}
	return missing, true, nil
}

// Template reports what the server has for the template of a pattern: ours, that
// of another version, or none. It changes nothing.
func (c *Client) Template(ctx context.Context, p IndexPattern) (name string, state TemplateState, err error) {
	name, body := TemplateBody(p, TemplateOptions{})
	found, same, err := c.findTemplate(ctx, name, body)
	switch e, answered := errors.AsType[*serverError](err); {
	case answered && e.status == http.StatusForbidden:
		return name, TemplateForbidden, nil
	case err != nil:
		return name, state, c.describe(&trouble{err: err})
	case !found:
		return name, TemplateMissing, nil
	case !same:
		return name, TemplateForeign, nil
	}
	return name, TemplateCurrent, nil
}

// IsMissing reports whether an error says that there is no such index.
func IsMissing(err error) bool {
	e, ok := errors.AsType[*serverError](err)
	return ok && e.kind == "index_not_found_exception"
}

// IsForbidden reports whether an error says that the user may not do this.
func IsForbidden(err error) bool {
	e, ok := errors.AsType[*serverError](err)
	return ok && e.status == http.StatusForbidden
}

// Remedy returns what can be done about an error of this package, or "".
func Remedy(err error) string { return remedy(err) }
