package es

import (
	"context"
	"maps"
	"slices"
	"strings"

	"github.com/elastic/go-elasticsearch/v8/esapi"
	"github.com/tidwall/gjson"
)

// Unmapped is an index that lacks fields of the template, because it was made by
// an earlier version of wm or without the template. They cannot be searched there.
type Unmapped struct {
	Index  string
	Fields []string // sorted
}

// UnmappedFields returns the indices of a pattern that lack fields of the template,
// sorted by name.
func (c *Client) UnmappedFields(ctx context.Context, p IndexPattern) ([]Unmapped, error) {
	mappings, err := c.known(ctx, esapi.IndicesGetMappingRequest{Index: []string{p.Wildcard()}})
	if err != nil {
		return nil, err
	}
	ours := fieldsOf(gjson.GetBytes(templateJSON, "template.mappings"))
	var list []Unmapped
	mappings.ForEach(func(name, index gjson.Result) bool {
		if !p.Makes(name.Str) {
			return true
		}
		missing := maps.Clone(ours)
		for field := range fieldsOf(index.Get("mappings")) {
			delete(missing, field)
		}
		if len(missing) > 0 {
			list = append(list, Unmapped{name.Str, slices.Sorted(maps.Keys(missing))})
		}
		return true
	})
	slices.SortFunc(list, func(a, b Unmapped) int { return strings.Compare(a.Index, b.Index) })
	return list, nil
}

// fieldsOf returns the names of the fields of a mapping, including subfields such
// as title.text.
func fieldsOf(mapping gjson.Result) map[string]bool {
	fields := make(map[string]bool)
	addFields(fields, "", mapping)
	return fields
}

func addFields(fields map[string]bool, prefix string, mapping gjson.Result) {
	for _, part := range []string{"properties", "fields"} {
		mapping.Get(part).ForEach(func(name, field gjson.Result) bool {
			if field.Get("type").Exists() {
				fields[prefix+name.Str] = true
			}
			addFields(fields, prefix+name.Str+".", field)
			return true
		})
	}
}
