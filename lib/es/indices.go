package es

import (
	"context"
	"encoding/json"
	"errors"
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
	Bytes     int64 // on disk, including replicas
}

// Indices returns the indices whose names the pattern can make, sorted by name.
// Others that match its wildcard are left out. Without any the list is empty.
func (c *Client) Indices(ctx context.Context, p IndexPattern) ([]Index, error) {
	body, err := c.Do(ctx, esapi.CatIndicesRequest{
		Index: []string{p.Wildcard()}, Format: "json", Bytes: "b", H: []string{"index", "docs.count", "store.size"},
	})
	if e, ok := errors.AsType[*Error](err); ok && e.Type == "index_not_found_exception" {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	var rows []map[string]*string
	if err := json.Unmarshal(body, &rows); err != nil {
		return nil, c.Fail(Foreign, errors.New("the answer is not a list of indices"))
	}
	var list []Index
	for _, row := range rows {
		if name := row["index"]; name != nil && p.Makes(*name) {
			list = append(list, Index{*name, number(row["docs.count"]), number(row["store.size"])})
		}
	}
	slices.SortFunc(list, func(a, b Index) int { return strings.Compare(a.Name, b.Name) })
	return list, nil
}

// number reads a cell, which is missing for a closed index.
func number(cell *string) int64 {
	if cell == nil {
		return 0
	}
	n, _ := strconv.ParseInt(*cell, 10, 64) // an empty cell is an unknown number
	return n
}

// DeleteIndex deletes one index by its name.
func (c *Client) DeleteIndex(ctx context.Context, name string) error {
	if strings.ContainsAny(name, "*,") {
		return fmt.Errorf("%q is not the name of one index", name)
	}
	_, err := c.Do(ctx, esapi.IndicesDeleteRequest{Index: []string{name}})
	if e, ok := errors.AsType[*Error](err); ok {
		e.Index = name
	}
	return err
}
