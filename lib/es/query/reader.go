// Package query reads events from Elasticsearch: it translates the query language
// of package match and searches, counts, ranks and pages. Most callers make a
// [Reader] with [NewReader], a [Clause] with [Select], and call [Reader.Each],
// [Reader.Count] or [Reader.Top]:
//
//	clause, err := query.Select(terms, since, until)
//	n, err := query.NewReader(client).Count(ctx, "wm-*", clause)
//
// An index is given as a name or a pattern with "*". Failed requests return an
// [*es.Error].
package query

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"github.com/elastic/go-elasticsearch/v8/esapi"

	"github.com/wmtools/wm/lib/es"
)

// Reader searches the indices of a server. Several goroutines may use it at the
// same time.
type Reader struct{ client *es.Client }

// NewReader returns a Reader.
func NewReader(c *es.Client) *Reader { return &Reader{c} }

// ErrNoIndex is the error of a search by a pattern that matches no index.
// Elasticsearch treats it as a search that finds nothing.
var ErrNoIndex = errors.New("no index matches")

// Count returns how many documents a clause selects. The error is ErrNoIndex if no
// index matches.
func (r *Reader) Count(ctx context.Context, index string, q Clause) (int64, error) {
	body, err := json.Marshal(struct {
		Query Clause `json:"query"`
	}{q})
	if err != nil {
		return 0, fmt.Errorf("count: %w", err)
	}
	answer, err := r.do(ctx, esapi.CountRequest{Index: []string{index}, Body: bytes.NewReader(body)})
	if err != nil {
		return 0, err
	}
	var counted struct {
		Count  *int64 `json:"count"`
		Shards shards `json:"_shards"`
	}
	switch err := json.Unmarshal(answer, &counted); {
	case err != nil || counted.Count == nil:
		return 0, r.unreadable(errNoCount)
	case counted.Shards.Failed > 0:
		return 0, r.incomplete()
	case counted.Shards.none():
		return 0, ErrNoIndex
	}
	return *counted.Count, nil
}

// Search performs one search. Use Each for many hits. A page that is incomplete is
// an error.
func (r *Reader) Search(ctx context.Context, index string, s Search) (Page, error) {
	body, err := json.Marshal(s)
	if err != nil {
		return Page{}, fmt.Errorf("search: %w", err)
	}
	answer, err := r.do(ctx, esapi.SearchRequest{Index: []string{index}, Body: bytes.NewReader(body)})
	if err != nil {
		return Page{}, err
	}
	p, err := r.page(answer)
	if err == nil && p.Partial() {
		return Page{}, r.incomplete()
	}
	return p, err
}

// do sends a request that must succeed.
func (r *Reader) do(ctx context.Context, req esapi.Request) ([]byte, error) {
	body, err := r.client.Do(ctx, req)
	if e, ok := errors.AsType[*es.Error](err); ok && strings.HasPrefix(e.Reason, fielddata) {
		e.Reason, _, _ = strings.Cut(e.Reason, ". ") // a paragraph about memory follows
	}
	return body, err
}

// fielddata begins the reason of an error about a ranking of a text field.
const fielddata = "Fielddata is disabled"

// missing is the error of an answer without a member that Elasticsearch's has.
type missing string

func (m missing) Error() string { return "the answer contains no " + string(m) }

const (
	errNoHits  = missing("hits")
	errNoCount = missing("count")
)

// unreadable returns the error of an answer that ends early or is not
// Elasticsearch's.
func (r *Reader) unreadable(cause error) error {
	kind := es.HungUp
	_, lacking := errors.AsType[missing](cause)
	_, notJSON := errors.AsType[*json.SyntaxError](cause)
	_, foreign := errors.AsType[*json.UnmarshalTypeError](cause)
	switch {
	case lacking:
		kind = es.Foreign
	case notJSON || foreign:
		kind, cause = es.Foreign, errors.New("not JSON of Elasticsearch")
	}
	return r.client.Fail(kind, fmt.Errorf("answer to a search: %w", cause))
}

func (r *Reader) incomplete() error {
	return r.client.Fail(es.Incomplete, errors.New("the answer is incomplete: part of the index could not be read"))
}
