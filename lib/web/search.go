package web

import (
	"strings"

	"github.com/wmtools/wm/lib/es"
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
func searches(req request, w window, index string) []es.Search {
	match := filter(req, w, index)
	return []es.Search{
		panelsPage: {Query: match, TrackTotalHits: true, Aggs: panels(w)},
		newestPage: {Query: match, Size: maxRows, Sort: []es.Sort{{"@timestamp": "desc"}, {"meta.id": "desc"}}},
		oldestPage: {Query: match, Size: 1, Sort: []es.Sort{{"@timestamp": "asc"}}},
	}
}

func filter(req request, w window, index string) es.Query {
	must := []es.Query{{Range: map[string]es.Range{
		"@timestamp": {GTE: w.from.UnixMilli(), LT: w.to.UnixMilli()},
	}}}
	if !strings.Contains(index, streamPlaceholder) {
		names := []any{req.stream, "mediawiki." + req.stream}
		must = append(must, es.Query{Terms: map[string][]any{"meta.stream": names}})
	}
	if req.wiki != "" {
		must = append(must, es.Query{Term: map[string]any{"wm.wiki": req.wiki}})
	}
	return es.Query{Bool: &es.Bool{Filter: must}}
}

// panels counts by time, and by type over time. Types come first and times
// below them: the other way round each bucket would choose types of its own.
func panels(w window) map[string]es.Agg {
	overTime := es.Agg{DateHistogram: &es.HistogramAgg{Field: "@timestamp", Interval: w.interval}}
	return map[string]es.Agg{
		"time": overTime,
		"types": {
			Terms: &es.TermsAgg{Field: "type", Size: maxTypes},
			Aggs:  map[string]es.Agg{"time": overTime},
		},
		"wikis": {Terms: &es.TermsAgg{Field: "wm.wiki", Size: maxWikis}},
		"bytes": {Sum: &es.FieldAgg{Field: "wm.delta"}},
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
