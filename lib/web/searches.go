package web

import (
	"strings"
	"time"

	"github.com/wmtools/wm/lib/es"
	"github.com/wmtools/wm/lib/es/query"
	"github.com/wmtools/wm/lib/match"
)

const timeField = "@timestamp"

var zero time.Time

// maxSeries is the number of values of a split with a colour; the rest is "other".
const maxSeries = 5

// source makes searches over the documents of one stream.
type source struct {
	pattern string // of index names, perhaps with streamPlaceholder
	stream  string
}

// streamPlaceholder is replaced by the stream in the pattern of an index.
const streamPlaceholder = "{stream}"

// index returns the pattern of the indices to search. A stream's name needs no
// translation: parseView accepts only those that can be part of an index name.
func (s source) index() (string, error) {
	p, err := es.ParseIndexPattern(strings.ReplaceAll(s.pattern, streamPlaceholder, s.stream))
	return p.Wildcard(), err
}

// only returns the condition that selects the documents of the stream, if the index
// may contain others.
func (s source) only() []query.Clause {
	if strings.Contains(s.pattern, streamPlaceholder) {
		return nil
	}
	names := []any{s.stream, "mediawiki." + s.stream}
	return []query.Clause{{Terms: map[string][]any{"meta.stream": names}}}
}

// filter selects the documents of a query between two times, either of which may
// be zero.
func (s source) filter(q *match.Query, from, to time.Time) query.Clause {
	selected, err := query.Select(q, from, to)
	if err != nil {
		return query.Clause{MatchNone: &struct{}{}} // parseQuery has rejected it
	}
	only := s.only()
	if only == nil {
		return selected
	}
	return query.Clause{Bool: &query.Bool{Filter: append(only, selected)}}
}

// overTime returns a date histogram over a window with sub-aggregations.
func overTime(w window, below aggs) query.Agg {
	return query.Agg{DateHistogram: &query.HistogramAgg{Field: timeField, Interval: w.interval}, Aggs: below}
}

// spread returns a bucket for every interval of the window, empty ones included.
func spread(w window, histogram query.Bucket) []query.Bucket {
	out := make([]query.Bucket, w.buckets())
	for _, b := range histogram.Buckets {
		if i, ok := w.index(b.Millis()); ok {
			out[i] = b
		}
	}
	return out
}

// values returns a measure for each bucket of a window.
func (m measure) values(w window, buckets []query.Bucket) []float64 {
	out := make([]float64, len(buckets))
	for i, b := range buckets {
		from, to := w.bucket(i)
		out[i] = m.value(b, to.Sub(from))
	}
	return out
}

// newestFirst returns the sort order of the rows.
func newestFirst() []query.Sort { return query.ByTime(true) }
