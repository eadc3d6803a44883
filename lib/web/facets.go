package web

import (
	"slices"
	"strings"

	"github.com/wmtools/wm/lib/es/query"
	"github.com/wmtools/wm/lib/match"
)

// facet is a list of the most frequent values of a field.
type facet struct {
	ID       string       `json:"id"`
	Title    string       `json:"title"`
	Term     string       `json:"term"`     // the field's name in queries
	Distinct int64        `json:"distinct"` // how many values there are
	Values   []facetValue `json:"values"`
	Problem  string       `json:"problem,omitempty"`
}

// facetValue is a value in a list.
type facetValue struct {
	labelled
	Count int64 `json:"count"`
	// In is "only" for a value that the query selects, "out" for one that it
	// excludes, and "more" for one outside the view that would add Count changes.
	In string `json:"in,omitempty"`
}

// listed are the fields that the page lists, with the number of values shown.
var listed = []struct {
	id   string
	size int
}{{"wiki", 8}, {"kind", 5}, {"namespace", 6}, {"user", 8}, {"page", 6}, {"log", 6}}

// moreProposals is how many values each shard returns. Counts are exact if no shard
// has more.
const moreProposals = 200

func addFacets(top aggs) {
	for _, l := range listed {
		f, _ := fieldByID(l.id)
		top["list_"+l.id] = f.mostFrequent(l.size, moreProposals)
		top["distinct_"+l.id] = query.Agg{Cardinality: &query.FieldAgg{Field: f.index}}
	}
}

// mostFrequent counts the most frequent values of the field, and for actions of logs also
// the logs that they are in: "create" alone says little.
func (f field) mostFrequent(size, proposals int) query.Agg {
	agg := query.Agg{Terms: &query.TermsAgg{Field: f.index, Size: size, ShardSize: proposals}}
	if f.id == "log" {
		agg.Aggs = aggs{"logs": {Terms: &query.TermsAgg{Field: "log_type", Size: 3}}}
	}
	return agg
}

// counted returns a value that mostFrequent has counted, with its label: "block/reblock"
// for an action of one log, as MediaWiki writes it.
func (f field) counted(b query.Bucket) labelled {
	one := f.value(b.Term())
	var logs []string
	for _, l := range b.Aggs["logs"].Buckets {
		logs = append(logs, l.Term())
	}
	if len(logs) == 1 {
		one.Label = logs[0] + "/" + one.Value
	} else if len(logs) > 1 {
		one.Note = strings.Join(logs, ", ")
	}
	return one
}

func newFacets(v view, found map[string]query.Bucket) []facet {
	list := make([]facet, len(listed))
	for i, l := range listed {
		f, _ := fieldByID(l.id)
		list[i] = facet{ID: f.id, Title: f.plural, Term: f.in(v.stream), Distinct: int64(found["distinct_"+l.id].Value), Values: []facetValue{}}
		only, out := v.asked(f)
		for _, b := range found["list_"+l.id].Buckets {
			one := facetValue{labelled: f.counted(b), Count: b.Count}
			if slices.Contains(only, one.Value) {
				one.In = "only"
			}
			list[i].Values = append(list[i].Values, one)
		}
		for _, value := range out {
			list[i].Values = append(list[i].Values, facetValue{labelled: f.value(value), In: "out"})
		}
	}
	return list
}

// asked returns the values of a field that the query selects and excludes.
func (v view) asked(f field) (only, out []string) {
	for _, t := range v.query.Terms {
		if named, ok := fieldByTerm(t.Field()); !ok || named.id != f.id || t.Op != match.Equal {
			continue
		}
		for _, value := range t.Values {
			if t.Negate {
				out = append(out, value.Text)
			} else {
				only = append(only, value.Text)
			}
		}
	}
	return only, out
}

// addsPanels returns panels that count, for each list whose field the query names,
// the changes that other values would add.
func addsPanels(v view, w window, s source, a *answer) (list []panel) {
	for i, l := range listed {
		f, _ := fieldByID(l.id)
		only, out := v.asked(f)
		if len(only) == 0 {
			continue
		}
		list = append(list, panel{
			search: query.Search{
				Query:   s.filter(v.without(f), w.from, w.to),
				Timeout: answerTimeout,
				Aggs:    aggs{"list": f.mostFrequent(l.size+len(only)+len(out), moreProposals)},
			},
			read: func(p query.Page) {
				if len(a.Facets) > i {
					a.Facets[i].addMore(f, p.Aggs["list"].Buckets, append(only, out...), l.size)
				}
			},
		})
	}
	return list
}

func (l *facet) addMore(f field, buckets []query.Bucket, known []string, size int) {
	for _, b := range buckets {
		if len(l.Values) >= size+2 {
			return
		}
		if value := b.Term(); !slices.Contains(known, value) {
			l.Values = append(l.Values, facetValue{labelled: f.counted(b), Count: b.Count, In: "more"})
		}
	}
}

// without returns the query without the terms that select values of a field.
func (v view) without(f field) *match.Query {
	rest := new(match.Query)
	for _, t := range v.query.Terms {
		if named, ok := fieldByTerm(t.Field()); ok && named.id == f.id && t.Op == match.Equal && !t.Negate {
			continue
		}
		rest.Terms = append(rest.Terms, t)
	}
	return rest
}
