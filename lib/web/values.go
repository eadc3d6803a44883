package web

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/wmtools/wm/lib/es/query"
)

// suggestions are values of a field in the changes of a view.
type suggestions struct {
	Field   string       `json:"field"` // its name in queries
	Label   string       `json:"label"`
	Values  []facetValue `json:"values"`
	Problem string       `json:"problem,omitempty"`
}

const (
	fewValues  = 10
	manyValues = 100
)

// serveValues completes a value: it returns the most frequent ones that begin with
// prefix. The field is an id or a name in queries.
func (d *Dashboard) serveValues(w http.ResponseWriter, r *http.Request) {
	v, own, err := viewOf(r, "field", "prefix", "size")
	if err != nil {
		writeProblem(w, err)
		return
	}
	f, ok := fieldByID(own.Get("field"))
	if !ok {
		f, ok = fieldByTerm(own.Get("field"))
	}
	if !ok {
		writeProblem(w, bad("field", "values of %q are not listed", own.Get("field")))
		return
	}
	size := fewValues
	if n, err := strconv.Atoi(own.Get("size")); err == nil {
		size = min(max(n, 1), manyValues)
	}
	now, prefix := d.options.Now(), clip(own.Get("prefix"), maxTitleLength)
	key := fmt.Sprintf("values %s %s %q %d %d", v.key(), f.id, prefix, size, now.Truncate(slotFor(v.length())).UnixMilli())
	d.serveKept(w, r, key, func(ctx context.Context) (any, error) { return d.values(ctx, v, f, prefix, size, now) })
}

func (d *Dashboard) values(ctx context.Context, v view, f field, prefix string, size int, now time.Time) (*suggestions, error) {
	win, s := v.window(now, 0), source{d.options.Index, v.stream}
	found := &suggestions{Field: f.in(v.stream), Label: f.label, Values: []facetValue{}}
	base := s.filter(v.without(f), win.from, win.to)
	list := found.panel(f, base, prefix, manyValues, size)
	if !f.labels() && prefix != "" {
		begins := query.Clause{Bool: &query.Bool{Filter: []query.Clause{base, beginsWith(f, prefix)}}}
		list = found.panel(f, begins, prefix, size, size)
	}
	_, err := d.ask(ctx, v.stream, []panel{list})
	return found, err
}

// labels reports whether the labels of the field differ from its values, of which there
// are few, so that a prefix has to be looked for among all of them.
func (f field) labels() bool { return f.id == "namespace" || f.id == "log" }

// panel lists the most frequent of some proposals that begin with prefix.
func (found *suggestions) panel(f field, q query.Clause, prefix string, proposals, size int) panel {
	return panel{
		search: query.Search{
			Query: q, Timeout: answerTimeout,
			Aggs: aggs{"values": f.mostFrequent(proposals, 10*moreProposals)},
		},
		read: func(p query.Page) {
			for _, b := range p.Aggs["values"].Buckets {
				value := f.counted(b)
				if len(found.Values) < size && value.begins(prefix) {
					found.Values = append(found.Values, facetValue{labelled: value, Count: b.Count})
				}
			}
		},
		fail: func(err error) { found.Problem = problemOf(err) },
	}
}

// begins reports whether the value or its label begins with a prefix, in any
// case.
func (l labelled) begins(prefix string) bool {
	return hasPrefixFold(l.Value, prefix) || hasPrefixFold(l.Label, prefix)
}

func hasPrefixFold(s, prefix string) bool {
	return len(s) >= len(prefix) && strings.EqualFold(s[:len(prefix)], prefix)
}

// beginsWith selects values that begin with a prefix, as typed or with a capital
// letter, with which titles and names begin. A page's value begins with a wiki.
func beginsWith(f field, prefix string) query.Clause {
	first, n := utf8.DecodeRuneInString(prefix)
	either := []query.Clause{{Prefix: map[string]string{f.index: prefix}}}
	if upper := string(unicode.ToUpper(first)) + prefix[n:]; upper != prefix {
		either = append(either, query.Clause{Prefix: map[string]string{f.index: upper}})
	}
	if f.id == "page" {
		either = slices.Concat(either, []query.Clause{{MatchPhrase: map[string]string{"title.text": prefix}}})
	}
	return query.Clause{Bool: &query.Bool{Should: either, AtLeast: 1}}
}
