package es

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"

	"github.com/elastic/go-elasticsearch/v8/esapi"

	"github.com/wmtools/wm/lib/event"
)

// ErrNoIndex is the error of a search by a pattern that no index has a name
// like. Elasticsearch takes it for a search that finds nothing.
var ErrNoIndex = errors.New("there is no index of such a name")

// Count returns how many documents a query finds. Index is a name or a pattern;
// the error is ErrNoIndex where there is none.
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
		Shards shards `json:"_shards"`
	}
	switch err := json.Unmarshal(a.body, &counted); {
	case err != nil || counted.Count == nil:
		return 0, c.unreadable(errNoCount)
	case counted.Shards.Failed > 0:
		return 0, c.incomplete()
	case counted.Shards.none():
		return 0, ErrNoIndex
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
		return Page{}, c.unreadable(err)
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
		return a, c.unanswered(ctx, err)
	case a.status != http.StatusOK:
		return a, c.refused(a)
	}
	return a, nil
}

// unanswered is the error of a request without an answer.
func (c *Client) unanswered(ctx context.Context, err error) error {
	if ctx.Err() != nil {
		return fmt.Errorf("%s: stopped before the answer came: %w", c.Address(), context.Cause(ctx))
	}
	return c.describe(&trouble{err: err})
}

// lack is the error of an answer that has not what Elasticsearch's would have.
type lack string

func (l lack) Error() string { return string(l) }

const (
	errNoHits  = lack("there are no hits in it")
	errNoCount = lack("there is no count in it")
	errNoPIT   = lack("there is no point in time in it")
)

// unreadable is the error of an answer that ends early or is somebody else's.
func (c *Client) unreadable(cause error) error {
	err := fmt.Errorf("%s: answer to a search: %w", c.Address(), cause)
	_, lacking := errors.AsType[lack](cause)
	_, notJSON := errors.AsType[*json.SyntaxError](cause)
	if lacking || notJSON {
		return event.WithHint(err, remedy(errUnusable))
	}
	return err
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
	if strings.HasPrefix(reason, fielddata) {
		reason, _, _ = strings.Cut(reason, ". ") // a page about memory follows
	}
	err := &serverError{a.status, kind, reason}
	if hint := searchRemedy(err); hint != "" {
		return event.WithHint(fmt.Errorf("%s: %w", c.Address(), err), hint)
	}
	return c.describe(&trouble{err: err})
}

// fielddata is how the error begins of a ranking of what the index takes for text.
const fielddata = "Fielddata is disabled"

// searchRemedy returns what can be done about an error of a search.
func searchRemedy(e *serverError) string {
	switch {
	case e.kind == "index_not_found_exception":
		return "--index names what to search; it may have * in it"
	case e.kind == "search_context_missing_exception":
		return fmt.Sprintf("whoever reads the hits may take %s for each %d", keepAlive, pageSize)
	case e.kind == "too_many_buckets_exception":
		return "a longer --per, a shorter time or a smaller -n makes fewer rows"
	case strings.HasPrefix(e.reason, fielddata):
		return "this index has types of its own: it was made before wm-es init-index, or by another program"
	}
	return ""
}
