package es

import (
	"context"
	"maps"
	"slices"

	"github.com/elastic/go-elasticsearch/v8/esapi"
	"github.com/tidwall/gjson"
)

// FieldNames returns the names of the fields by which events of the indices of a
// pattern can be grouped, sorted. Fields of words, such as title.text, are not
// among them.
func (c *Client) FieldNames(ctx context.Context, p IndexPattern) ([]string, error) {
	mappings, err := c.known(ctx, esapi.IndicesGetMappingRequest{Index: []string{p.Wildcard()}})
	if err != nil {
		return nil, err
	}
	names := make(map[string]bool)
	mappings.ForEach(func(_, index gjson.Result) bool {
		addGroupable(names, "", index.Get("mappings"))
		return true
	})
	return slices.Sorted(maps.Keys(names)), nil
}

func addGroupable(names map[string]bool, prefix string, mapping gjson.Result) {
	mapping.Get("properties").ForEach(func(name, field gjson.Result) bool {
		switch kind := field.Get("type").Str; {
		case kind == "" || kind == "object":
			addGroupable(names, prefix+name.Str+".", field)
		case kind != "text" && field.Get("index").Raw != "false":
			names[prefix+name.Str] = true
		}
		return true
	})
}
