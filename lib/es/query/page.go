package query

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"time"

	"github.com/elastic/go-elasticsearch/v8/esapi"
)

const (
	// PageSize is how many hits Each requests at once. The server holds a page in
	// memory; Each reads the hits one by one.
	PageSize = 1000
	// KeepAlive is how long a caller of Each may take for one page.
	KeepAlive = 15 * time.Minute
)

// All is a number of hits without limit.
const All = -1

// PIT is a point in time: a view of an index that several searches share.
type PIT struct {
	ID        string `json:"id"`
	KeepAlive string `json:"keep_alive"` // from the time of the search
}

// ByTime returns the order in which wm shows events: by time, and within the same
// time in some fixed order.
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

// Each calls visit with the first n hits of a clause, where n may be All. Beyond
// one page the hits are read from a point in time, so that documents written
// meanwhile do not appear. Each holds one hit in memory; a Hit is valid only during
// the call. The error is ErrNoIndex if no index matches.
func (r *Reader) Each(ctx context.Context, index string, q Clause, order []Sort, n int, visit func(Hit) error) error {
	s := Search{Query: q, Size: PageSize, Sort: order}
	if n != All && n <= PageSize {
		s.Size = n
		_, err := r.visitPage(ctx, index, s, visit)
		return err
	}
	id, err := r.client.OpenPointInTime(ctx, index, KeepAlive)
	if err != nil {
		return err
	}
	s.PIT = &PIT{id, fmt.Sprintf("%dm", KeepAlive/time.Minute)}
	defer r.release(ctx, s.PIT)
	for {
		if n != All {
			s.Size = min(PageSize, n)
		}
		p, err := r.visitPage(ctx, "", s, visit)
		if err != nil || p.hits < s.Size {
			return err
		}
		if p.pit != "" {
			s.PIT.ID = p.pit
		}
		s.SearchAfter = p.last
		if n != All {
			if n -= p.hits; n == 0 {
				return nil
			}
		}
	}
}

// release closes a point in time, even if ctx has ended. If that fails, it
// expires.
func (r *Reader) release(ctx context.Context, pit *PIT) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 2*time.Second)
	defer cancel()
	_ = r.client.ClosePointInTime(ctx, pit.ID)
}

// pageEnd is what remains of a page after its hits.
type pageEnd struct {
	hits    int
	last    []json.RawMessage // sort values of the last hit
	pit     string            // new id of the point in time, or ""
	partial bool              // documents that match may be missing
	nowhere bool              // no index matched
}

// visitPage performs one search and visits its hits while they arrive.
func (r *Reader) visitPage(ctx context.Context, index string, s Search, visit func(Hit) error) (end pageEnd, err error) {
	body, err := json.Marshal(s)
	if err != nil {
		return pageEnd{}, fmt.Errorf("search: %w", err)
	}
	err = r.client.Stream(ctx, esapi.SearchRequest{Index: indexList(index), Body: bytes.NewReader(body)}, func(answer io.Reader) error {
		var visited error
		end, err = readPage(answer, func(h Hit) error {
			visited = visit(h)
			return visited
		})
		switch {
		case visited != nil:
			return visited
		case err != nil:
			return r.unreadable(err)
		case end.partial:
			return r.incomplete()
		case end.nowhere:
			return ErrNoIndex
		}
		return nil
	})
	return end, err
}

// indexList returns the index of a request, which has none if it is "".
func indexList(index string) []string {
	if index == "" {
		return nil
	}
	return []string{index}
}
