package es

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net/http"

	"github.com/elastic/go-elasticsearch/v8/esapi"

	"github.com/wmtools/wm/lib/event"
)

// Count returns how many documents a query finds. Index is a name or a pattern.
func (c *Client) Count(ctx context.Context, index string, q Query) (int64, error) {
	body, err := json.Marshal(struct {
		Query Query `json:"query"`
	}{q})
	if err != nil {
		return 0, fmt.Errorf("count: %w", err)
	}
	a, err := c.ask(ctx, esapi.CountRequest{Index: []string{index}, Body: bytes.NewReader(body)})
	if err != nil {
		return 0, err
	}
	var counted struct {
		Count  *int64 `json:"count"`
		Shards struct {
			Failed int `json:"failed"`
		} `json:"_shards"`
	}
	switch err := json.Unmarshal(a.body, &counted); {
	case err != nil || counted.Count == nil:
		return 0, fmt.Errorf("%s: there is no count in the answer", c.Address())
	case counted.Shards.Failed > 0:
		return 0, c.incomplete()
	}
	return *counted.Count, nil
}

// Search makes one search. Index is a name or a pattern. Each is for those who
// want many hits.
func (c *Client) Search(ctx context.Context, index string, s Search) (Page, error) {
	body, err := json.Marshal(s)
	if err != nil {
		return Page{}, fmt.Errorf("search: %w", err)
	}
	a, err := c.ask(ctx, esapi.SearchRequest{Index: []string{index}, Body: bytes.NewReader(body)})
	if err != nil {
		return Page{}, err
	}
	var p Page
	switch err := page(a.body, &p); {
	case err != nil:
		return Page{}, fmt.Errorf("%s: answer to a search: %w", c.Address(), err)
	case p.Partial():
		return Page{}, c.incomplete()
	}
	return p, nil
}

// ask sends a request that has to succeed, and makes the error that the user
// reads if it does not.
func (c *Client) ask(ctx context.Context, req esapi.Request) (answer, error) {
	a, err := c.do(ctx, req)
	switch {
	case err != nil:
		return a, c.describe(&trouble{err: err})
	case a.status != http.StatusOK:
		return a, c.refused(a)
	}
	return a, nil
}

// incomplete is the error of an answer that may lack something.
func (c *Client) incomplete() error {
	return fmt.Errorf("%s: the answer is not complete: a part of the index could not be read", c.Address())
}

// refused is the error of a request that was answered, but not as it should.
func (c *Client) refused(a answer) error {
	kind, reason := rootCause(a.body)
	if kind == "" {
		reason = oneLine(string(a.body))
	}
	err := &serverError{a.status, kind, reason}
	switch kind {
	case "index_not_found_exception":
		return event.WithHint(fmt.Errorf("%s: %w", c.Address(), err), "--index names what to search; it may have * in it")
	case "search_context_missing_exception":
		return event.WithHint(fmt.Errorf("%s: %w", c.Address(), err), "whoever reads the hits may take "+keepAlive+" for each "+fmt.Sprint(pageSize))
	}
	return c.describe(&trouble{err: err})
}
