package es

import (
	"bytes"
	"context"
	"encoding/json"
	"net/http"
	"time"

	"github.com/elastic/go-elasticsearch/v8/esapi"
	"github.com/tidwall/gjson"
)

// Server is what a server reports about itself.
type Server struct {
	Product string        // Elasticsearch, OpenSearch or wm-store; "" if it is none of them
	Version string        // such as 8.19.21; "" if this user may not see it
	Took    time.Duration // until the answer was there
	Clock   time.Duration // how far its clock is ahead of ours, to a second
	Timed   bool          // Clock is known
}

// Ask asks the server what it is. If GET / is not allowed, the version is that of
// a node.
func (c *Client) Ask(ctx context.Context) (Server, error) {
	begin := time.Now()
	a, err := c.do(ctx, esapi.InfoRequest{})
	if err != nil {
		return Server{}, c.unanswered(ctx, err)
	}
	s := Server{Took: time.Since(begin), Product: product(a)}
	if a.Status == http.StatusUnauthorized {
		return s, c.Refused(a)
	}
	if date, err := http.ParseTime(a.Header.Get("Date")); err == nil {
		s.Clock, s.Timed = date.Sub(begin.Truncate(time.Second)), true
	} else if s.Clock, s.Timed, err = c.clock(ctx); err != nil {
		return s, err
	}
	if a.Status == http.StatusOK {
		s.Version = gjson.GetBytes(a.Body, "version.number").Str
		return s, nil
	}
	nodes, err := c.do(ctx, esapi.NodesInfoRequest{FilterPath: []string{"nodes.*.version"}})
	if err != nil {
		return s, c.unanswered(ctx, err)
	}
	if nodes.Status == http.StatusOK {
		s.Version = gjson.GetBytes(nodes.Body, "nodes.@values.0.version").Str
	}
	return s, nil
}

// product names the server from its answer to GET /. Elasticsearch sends a header
// with every answer, OpenSearch does not.
func product(a Answer) string {
	body, _ := a.JSON()
	version := body.Get("version")
	switch {
	case version.Get("distribution").Str == "opensearch":
		return "OpenSearch"
	case version.Get("build_flavor").Str == "wm-store":
		return "wm-store"
	}
	return a.Header.Get("X-Elastic-Product")
}

// isOpenSearch reports whether the server is OpenSearch. It asks once.
func (c *Client) isOpenSearch(ctx context.Context) (bool, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.openSearch == nil {
		a, err := c.do(ctx, esapi.InfoRequest{})
		if err != nil {
			return false, c.unanswered(ctx, err)
		}
		is := product(a) == "OpenSearch"
		c.openSearch = &is
	}
	return *c.openSearch, nil
}

// clock asks how far the server's clock is ahead: Elasticsearch sends no Date. ok
// is false if this user may not know.
func (c *Client) clock(ctx context.Context) (ahead time.Duration, ok bool, err error) {
	begin := time.Now()
	a, err := c.do(ctx, esapi.CatHealthRequest{Format: "json", H: []string{"epoch"}})
	if err != nil {
		return 0, false, c.unanswered(ctx, err)
	}
	seconds := gjson.GetBytes(a.Body, "0.epoch").Int()
	if a.Status != http.StatusOK || seconds == 0 {
		return 0, false, nil
	}
	return time.Unix(seconds, 0).Sub(begin.Truncate(time.Second)), true, nil
}

// WriteRights are the rights that indexing needs.
var WriteRights = []string{"create_doc", "auto_configure"}

// rights are those that all of wm needs on its indices.
var rights = append(WriteRights[:2:2], "read", "view_index_metadata", "delete_index")

// MissingRights returns which of the rights that wm uses on indices the user
// lacks. ok is false if the server has no users, or does not answer that.
func (c *Client) MissingRights(ctx context.Context, pattern string) (missing []string, ok bool, err error) {
	body, err := json.Marshal(map[string]any{
		"cluster": []string{"manage_index_templates"},
		"index":   []map[string]any{{"names": []string{pattern}, "privileges": rights}},
	})
	if err != nil {
		return nil, false, err
	}
	answer, err := c.known(ctx, esapi.SecurityHasPrivilegesRequest{Body: bytes.NewReader(body)})
	if err != nil || !answer.Exists() {
		return nil, false, err
	}
	for _, group := range []gjson.Result{answer.Get("cluster"), answer.Get("index.@values.0")} {
		group.ForEach(func(name, has gjson.Result) bool {
			if !has.Bool() {
				missing = append(missing, name.Str)
			}
			return true
		})
	}
	return missing, true, nil
}
