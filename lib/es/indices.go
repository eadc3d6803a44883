package es

import (
	"context"
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/elastic/go-elasticsearch/v8/esapi"
)

// Index is one index on the server.
type Index struct {
	Name      string
	Documents int64
	Bytes     int64 // on disk, with replicas
}

// Indices returns the indices of a pattern, by their names.
func (c *Client) Indices(ctx context.Context, pattern string) ([]Index, error) {
	a, err := c.ask(ctx, esapi.CatIndicesRequest{
		Index: []string{pattern}, Format: "json", Bytes: "b", H: []string{"index", "docs.count", "store.size"},
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
		list = append(list, Index{*row["index"], number(row["docs.count"]), number(row["store.size"])})
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

// Daily reports whether the names of a pattern tell the day.
func (p IndexPattern) Daily() bool {
	for _, kind := range []partKind{year, month, day} {
		if !slices.ContainsFunc(p.parts, func(p part) bool { return p.kind == kind }) {
			return false
		}
	}
	return true
}

// Day returns the day, in UTC, whose events an index has. ok is false for a
// name that cannot come of the pattern.
func (p IndexPattern) Day(name string) (date time.Time, ok bool) {
	groups := map[partKind]string{stream: `[a-z0-9._-]+`, year: `(?P<y>[0-9]{4})`, month: `(?P<m>[0-9]{2})`, day: `(?P<d>[0-9]{2})`}
	expr := "^"
	for _, part := range p.parts {
		if group, ok := groups[part.kind]; ok {
			expr += group
		} else {
			expr += regexp.QuoteMeta(part.text)
		}
	}
	re, err := regexp.Compile(expr + "$")
	if err != nil {
		return time.Time{}, false // a group twice in a pattern
	}
	m := re.FindStringSubmatch(name)
	y, mo, d := re.SubexpIndex("y"), re.SubexpIndex("m"), re.SubexpIndex("d")
	if m == nil || y < 0 || mo < 0 || d < 0 {
		return time.Time{}, false
	}
	date, err = time.Parse(time.DateOnly, m[y]+"-"+m[mo]+"-"+m[d])
	return date, err == nil
}
