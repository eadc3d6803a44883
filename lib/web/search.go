package web

import (
	"strings"

	"github.com/wmtools/wm/lib/es"
	"github.com/wmtools/wm/lib/es/query"
)

const (
	maxRows  = 50
	maxWikis = 10
	// maxTypes is enough for every type that the streams have; what is beyond
	// shows among the others.
	maxTypes = 20
)

// The searches of a view, in the order of their pages.
const (
	panelsPage = iota // what is counted
	newestPage        // the newest documents
	oldestPage        // the oldest one: the first event of the view
	pageCount
)

// searches builds the one request that a view costs.
func searches(req request, w window, index string) []query.Search {
	match := filter(req, w, index)
	return []query.Search{
		panelsPage: {Query: match, TrackTotalHits: true, Aggs: panels(w)},
		newestPage: {Query: match, Size: maxRows, Sort: []query.Sort{{"@timestamp": "desc"}, {"meta.id": "desc"}}},
		oldestPage: {Query: match, Size: 1, Sort: []query.Sort{{"@timestamp": "asc"}}},
	}
}

func filter(req request, w window, index string) query.Clause {
	must := []query.Clause{{Range: map[string]query.Range{
		"@timestamp": {GTE: w.from.UnixMilli(), LT: w.to.UnixMilli()},
	}}}
	if !strings.Contains(index, streamPlaceholder) {
		names := []any{req.stream, "mediawiki." + req.stream}
		must = append(must, query.Clause{Terms: map[string][]any{"meta.stream": names}})
	}
	if req.wiki != "" {
		must = append(must, query.Clause{Term: map[string]any{"wm.wiki": req.wiki}})
	}
	return query.Clause{Bool: &query.Bool{Filter: must}}
}

// panels counts by time, and by type over time. Types come first and times
// below them: the other way round each bucket would choose types of its own.
func panels(w window) map[string]query.Agg {
	overTime := query.Agg{DateHistogram: &query.HistogramAgg{Field: "@timestamp", Interval: w.interval}}
	return map[string]query.Agg{
		"time": overTime,
		"types": {
			Terms: &query.TermsAgg{Field: "type", Size: maxTypes},
			Aggs:  map[string]query.Agg{"time": overTime},
		},
		"wikis": {Terms: &query.TermsAgg{Field: "wm.wiki", Size: maxWikis}},
		"bytes": {Sum: &query.FieldAgg{Field: "wm.delta"}},
	}
}

// streamPlaceholder stands for the stream in the pattern of an index.
const streamPlaceholder = "{stream}"

// indexOf returns what to search for a stream. A stream's name needs no
// translation: parseRequest lets only those pass that can stand in an index.
func indexOf(pattern, stream string) (string, error) {
	p, err := es.ParseIndexPattern(strings.ReplaceAll(pattern, streamPlaceholder, stream))
	return p.Wildcard(), err
}
