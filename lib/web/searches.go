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

// maxSeries is how many values of a split have a colour; the rest is "other".
const maxSeries = 5

// source makes searches over the documents of one stream.
type source struct {
	pattern string // of index names, perhaps with streamPlaceholder
	stream  string
}

// streamPlaceholder is replaced by the stream in the pattern of an index.
const streamPlaceholder = "{stream}"

// index returns the indices to search. A stream's name needs no translation:
// parseView admits only those that can be part of an index name.
func (s source) index() (string, error) {
	p, err := es.ParseIndexPattern(strings.ReplaceAll(s.pattern, streamPlaceholder, s.stream))
	return p.Wildcard(), err
}

// only returns the condition that a document is of the stream, if its index does
// not say so.
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

// overTime counts in the buckets of a window, and below that.
func overTime(w window, below aggs) query.Agg {
	return query.Agg{DateHistogram: &query.HistogramAgg{Field: timeField, Interval: w.interval}, Aggs: below}
}

// spread puts the buckets of a histogram in their places.
func spread(w window, histogram query.Bucket) []query.Bucket {
	out := make([]query.Bucket, w.buckets())
	for _, b := range histogram.Buckets {
		if i, ok := w.index(b.Millis()); ok {
			out[i] = b
		}
	}
	return out
}

// values reads a measure from the buckets of a window.
func (m measure) values(w window, buckets []query.Bucket) []float64 {
	out := make([]float64, len(buckets))
	for i, b := range buckets {
		from, to := w.bucket(i)
		out[i] = m.value(b, to.Sub(from))
	}
	return out
}

// newestFirst is the order of the rows.
func newestFirst() []query.Sort { return query.ByTime(true) }
