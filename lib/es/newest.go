package es

import (
	"context"
	"slices"
	"time"

	"github.com/tidwall/gjson"
)

// maxStreams is how many streams one index pattern is expected to hold at most.
// The service has some dozens.
const maxStreams = 200

// StreamTime is the newest event of a stream in the index.
type StreamTime struct {
	Stream string
	Newest time.Time // its @timestamp
}

// NewestEvents returns the newest event of each stream that is not later than
// until, by the streams' names; a stream that has only later ones is at until.
// A zero time is no bound. Index is a name or a pattern.
func (c *Client) NewestEvents(ctx context.Context, index string, until time.Time) ([]StreamTime, error) {
	p, err := c.Search(ctx, index, Search{
		Query: Query{MatchAll: &struct{}{}},
		Aggs:  map[string]Agg{"streams": {Terms: &TermsAgg{Field: "meta.stream", Size: maxStreams}}},
	})
	if err != nil {
		return nil, err
	}
	var list []StreamTime
	for _, bucket := range p.Aggs["streams"].Buckets {
		at := StreamTime{Stream: bucket.Term(), Newest: until}
		of := Query{Bool: &Bool{Filter: []Query{{Term: map[string]any{"meta.stream": at.Stream}}}}}
		if !until.IsZero() {
			of.Bool.Filter = append(of.Bool.Filter, Query{Range: map[string]Range{timeField: {LTE: milliseconds(until)}}})
		}
		err := c.Each(ctx, index, of, ByTime(true), 1, func(h Hit) (err error) {
			at.Newest, err = time.Parse(time.RFC3339, gjson.GetBytes(h.Source, `\@timestamp`).Str)
			return err
		})
		if err != nil {
			return nil, err
		}
		list = append(list, at)
	}
	slices.SortFunc(list, func(a, b StreamTime) int {
		if a.Stream < b.Stream {
			return -1
		}
		return 1
	})
	return list, nil
}
