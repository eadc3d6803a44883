package es

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"strings"

	"github.com/elastic/go-elasticsearch/v8/esapi"
	"github.com/tidwall/gjson"
)

// Block is a setting that stops writing.
type Block struct {
	Index string // "" for the whole cluster
	Name  string // of the setting, such as index.blocks.read_only_allow_delete
}

// FullDisk reports whether the server sets this block by itself when its disk is
// nearly full.
func (b Block) FullDisk() bool { return strings.HasSuffix(b.Name, ".read_only_allow_delete") }

// WriteBlocks returns the blocks of the cluster and of the indices whose names the
// pattern can make, as far as the server and the user's rights allow.
func (c *Client) WriteBlocks(ctx context.Context, p IndexPattern) (blocks []Block, err error) {
	flat := true
	cluster, err := c.known(ctx, esapi.ClusterGetSettingsRequest{FlatSettings: &flat})
	if err != nil {
		return nil, err
	}
	for _, scope := range []string{"persistent", "transient"} {
		blocks = appendBlocks(blocks, "", cluster.Get(scope))
	}
	indices, err := c.known(ctx, esapi.IndicesGetSettingsRequest{Index: []string{p.Wildcard()}, FlatSettings: &flat})
	indices.ForEach(func(name, index gjson.Result) bool {
		if p.Makes(name.Str) {
			blocks = appendBlocks(blocks, name.Str, index.Get("settings"))
		}
		return true
	})
	return blocks, err
}

// known sends a request and parses the answer. The result does not exist if the
// server does not know the request, or if the user may not send it.
func (c *Client) known(ctx context.Context, req esapi.Request) (gjson.Result, error) {
	body, err := c.Do(ctx, req)
	if e, ok := errors.AsType[*Error](err); ok && slices.Contains([]int{
		http.StatusBadRequest, http.StatusForbidden, http.StatusNotFound, http.StatusMethodNotAllowed}, e.Status) {
		return gjson.Result{}, nil
	}
	answer, _ := Answer{Body: body}.JSON()
	return answer, err
}

func appendBlocks(blocks []Block, index string, settings gjson.Result) []Block {
	settings.ForEach(func(name, value gjson.Result) bool {
		_, kind, found := strings.Cut(name.Str, ".blocks.")
		if found && kind != "metadata" && kind != "read" && value.String() == "true" {
			blocks = append(blocks, Block{index, name.Str})
		}
		return true
	})
	return blocks
}
