package es

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/elastic/go-elasticsearch/v8/esapi"
)

// Index is one index on the server.
type Index struct {
	Name      string
	Documents int64
	Bytes     int64 // on disk, with replicas
}

// Indices returns the indices that have a name which the pattern could have
// made, by their names. Its wildcard may find others too, which are somebody
// else's.
func (c *Client) Indices(ctx context.Context, p IndexPattern) ([]Index, error) {
	a, err := c.ask(ctx, esapi.CatIndicesRequest{
		Index: []string{p.Wildcard()}, Format: "json", Bytes: "b", H: []string{"index", "docs.count", "store.size"},
	})
	if err != nil {
		return nil, err
	}
	var rows []map[string]*string
	if err := json.Unmarshal(a.body, &rows); err != nil {
		return nil, fmt.Errorf("%s: list of indices: %w", c.Address(), err)
	}
	var list []Index
	for _, row := range rows {
		if row["index"] == nil {
			return nil, fmt.Errorf("%s: list of indices: one has no name", c.Address())
		}
		if p.Makes(*row["index"]) {
			list = append(list, Index{*row["index"], number(row["docs.count"]), number(row["store.size"])})
		}
	}
	slices.SortFunc(list, func(a, b Index) int { return strings.Compare(a.Name, b.Name) })
	return list, nil
}

// number reads a cell, which a closed index lacks.
func number(cell *string) int64 {
	if cell == nil {
		return 0
	}
	n, _ := strconv.ParseInt(*cell, 10, 64) // empty: unknown
	return n
}

// DeleteIndex deletes one index by its name.
func (c *Client) DeleteIndex(ctx context.Context, name string) error {
	if strings.ContainsAny(name, "*,") {
		return fmt.Errorf("%q is not the name of one index", name)
	}
	if err := c.succeed(ctx, esapi.IndicesDeleteRequest{Index: []string{name}}); err != nil {
		return c.describe(&trouble{err: err, index: name})
	}
	return nil
}
