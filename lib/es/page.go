package es

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"time"

	"github.com/elastic/go-elasticsearch/v8/esapi"
)

const (
	// pageSize is how many hits are asked for at once. A server holds a page in
	// memory; here, hits are read one by one.
	pageSize = 1000
	// keepAlive is how long the reader of one page may take.
	keepAlive = "15m"
)

// All is a number of hits without limit.
const All = -1

// PIT is a point in time: an index as it was, for several searches.
type PIT struct {
	ID        string `json:"id"`
	KeepAlive string `json:"keep_alive"` // from now on
}

// ByTime is the order of hits in which wm shows events: by time, and those of
// the same time in some fixed order.
func ByTime(newestFirst bool) []Sort {
	order := "asc"
	if newestFirst {
		order = "desc"
	}
	return []Sort{
		{timeField: SortOptions{order, "date"}},
		{"meta.id": SortOptions{order, "keyword"}},
	}
}

// Each calls visit with the first n hits of a query, or with All. More than a
// page is read from a point in time, so that what is written meanwhile does not
// show. It holds one hit in memory; hits are void after the call. Index is a
// name or a pattern; the error is ErrNoIndex where there is none.
func (c *Client) Each(ctx context.Context, index string, q Query, order []Sort, n int, visit func(Hit) error) error {
	s := Search{Query: q, Size: pageSize, Sort: order}
	if n != All && n <= pageSize {
		s.Size = n
		_, err := c.page(ctx, index, s, visit)
		return err
	}
	pit, err := c.openPIT(ctx, index)
	if err != nil {
		return err
	}
	defer c.closePIT(ctx, &pit)
	for {
		if n != All {
			s.Size = min(pageSize, n)
		}
		s.PIT = &pit
		p, err := c.page(ctx, "", s, visit)
		if err != nil || p.hits < s.Size {
			return err
		}
		if p.pit != "" {
			pit.ID = p.pit
		}
		s.SearchAfter = p.last
		if n != All {
			if n -= p.hits; n == 0 {
				return nil
			}
		}
	}
}

// pageEnd is what is left of a page when its hits are gone.
type pageEnd struct {
	hits    int
	last    []json.RawMessage // the last hit's place in the order
	pit     string            // the new id of the point in time, if it has one
	partial bool              // documents that match may be missing
	nowhere bool              // there was no index to search
}

// page makes one search and visits its hits as they come.
func (c *Client) page(ctx context.Context, index string, s Search, visit func(Hit) error) (pageEnd, error) {
	body, err := json.Marshal(s)
	if err != nil {
		return pageEnd{}, fmt.Errorf("search: %w", err)
	}
	res, err := c.send(ctx, esapi.SearchRequest{Index: indexList(index), Body: bytes.NewReader(body)})
	if err != nil {
		return pageEnd{}, c.unanswered(ctx, err)
	}
	defer res.Body.Close()
	if res.StatusCode != http.StatusOK {
		body, _ := io.ReadAll(io.LimitReader(res.Body, 1<<20))
		return pageEnd{}, c.refused(answer{status: res.StatusCode, body: body})
	}
	var visited error
	end, err := readPage(res.Body, func(h Hit) error {
		visited = visit(h)
		return visited
	})
	switch {
	case visited != nil:
		return end, visited
	case err != nil:
		return end, c.unreadable(err)
	case end.partial:
		return end, c.incomplete()
	case end.nowhere:
		return end, ErrNoIndex
	}
	return end, nil
}

// indexList is an index as a request has it; "" is none.
func indexList(index string) []string {
	if index == "" {
		return nil
	}
	return []string{index}
}

// openPIT fixes a point in time.
func (c *Client) openPIT(ctx context.Context, index string) (PIT, error) {
	a, err := c.ask(ctx, esapi.OpenPointInTimeRequest{Index: []string{index}, KeepAlive: keepAlive})
	if err != nil {
		return PIT{}, err
	}
	var opened struct {
		ID string `json:"id"`
	}
	if err := json.Unmarshal(a.body, &opened); err != nil || opened.ID == "" {
		return PIT{}, c.unreadable(errNoPIT)
	}
	return PIT{opened.ID, keepAlive}, nil
}

// closePIT lets a point in time go, also when ctx has ended. If that fails, it
// goes by itself in time.
func (c *Client) closePIT(ctx context.Context, pit *PIT) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 2*time.Second)
	defer cancel()
	body, _ := json.Marshal(struct { // a string always marshals
		ID string `json:"id"`
	}{pit.ID})
	_, _ = c.do(ctx, esapi.ClosePointInTimeRequest{Body: bytes.NewReader(body)})
}
