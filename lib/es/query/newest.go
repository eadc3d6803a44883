package query

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/tidwall/gjson"
)

// maxStreams is more than the streams of the service, which has a few dozen.
const maxStreams = 200

// StreamTime is the time of the newest event of a stream.
type StreamTime struct {
	Stream string
	Newest time.Time // its @timestamp
}

// NewestEvents returns the newest event of each stream that is not later than
// until, sorted by stream; a stream that has only later ones counts as at until. A
// zero time is no bound.
func (r *Reader) NewestEvents(ctx context.Context, index string, until time.Time) ([]StreamTime, error) {
	p, err := r.Search(ctx, index, Search{
		Query: Clause{MatchAll: &struct{}{}},
		Aggs:  map[string]Agg{"streams": {Terms: &TermsAgg{Field: "meta.stream", Size: maxStreams}}},
	})
	if err != nil {
		return nil, err
	}
	var list []StreamTime
	for _, bucket := range p.Aggs["streams"].Buckets {
		at := StreamTime{Stream: bucket.Term(), Newest: until}
		of := Clause{Bool: &Bool{Filter: []Clause{{Term: map[string]any{"meta.stream": at.Stream}}}}}
		if !until.IsZero() {
			of.Bool.Filter = append(of.Bool.Filter, Clause{Range: map[string]Range{timeField: {LTE: milliseconds(until)}}})
		}
		err := r.Each(ctx, index, of, ByTime(true), 1, func(h Hit) (err error) {
			at.Newest, err = time.Parse(time.RFC3339, gjson.GetBytes(h.Source, `\@timestamp`).Str)
			return err
		})
		if err != nil {
			return nil, err
		}
		list = append(list, at)
	}
	slices.SortFunc(list, func(a, b StreamTime) int { return strings.Compare(a.Stream, b.Stream) })
	return list, nil
}
