package web

import (
	"cmp"
	"slices"
	"strconv"
	"time"

	"github.com/wmtools/wm/lib/es/query"
)

// mark is the information from other streams about the edit of a row.
type mark struct {
	Risk     *float64 `json:"risk,omitempty"`     // of being reverted, 0 to 1
	Reverted bool     `json:"reverted,omitempty"` // as its tags say
}

// revision identifies the edit of a row in every stream.
type revision struct {
	wiki string
	id   int64
	time int64 // of the row, in milliseconds
}

func (r revision) name() string { return r.wiki + ":" + strconv.FormatInt(r.id, 10) }

const (
	// maxMarked is how many rows of the last answers for a view are marked: a paused
	// page shows rows that are no longer in the answer.
	maxMarked = 300
	// maxViews is the number of views whose rows are remembered.
	maxViews = 256
	// marksPatience is how long the first answer for a view waits for marks.
	marksPatience = 300 * time.Millisecond
	// marksBefore is how much earlier than the row its report may be dated.
	marksBefore = 10 * time.Minute
)

func revisionsOf(rows []row) (list []revision) {
	for _, r := range rows {
		if r.Rev != "" {
			list = append(list, r.revision)
		}
	}
	return list
}

// marksPanels returns panels that search for reports about some revisions.
func (d *Dashboard) marksPanels(v view, a *answer, r reports, list []revision) []panel {
	if len(list) == 0 || !r.any() || v.stream == tagsStream {
		return nil
	}
	var streams []string
	if r.Risk {
		streams = append(streams, riskStream)
	}
	if r.Tags {
		streams = append(streams, tagsStream)
	}
	index, only := d.streamsOf(streams...)
	return []panel{{
		search: query.Search{
			Index: index, Query: query.Clause{Bool: &query.Bool{Filter: append(only, ofRevisions(list)...)}}, Timeout: answerTimeout,
			Aggs: aggs{"rev": {
				Terms: &query.TermsAgg{Field: "wm.rev", Size: len(list)},
				Aggs:  aggs{"wiki": {Terms: &query.TermsAgg{Field: "wm.wiki", Size: len(list)}, Aggs: markAggs}},
			}},
		},
		read: func(p query.Page) { a.Marks = readMarks(p.Aggs["rev"].Buckets, list) },
	}}
}

var markAggs = aggs{
	"scored":   {Filter: isScored.Filter, Aggs: aggs{"risk": {Max: &query.FieldAgg{Field: "wm.risk"}}}},
	"reverted": isReverted,
}

// ofRevisions selects documents about some revisions. It may select others too, because
// ids of revisions repeat across wikis.
func ofRevisions(list []revision) []query.Clause {
	var ids, wikis []any
	oldest := list[0].time
	for _, r := range list {
		ids, wikis = append(ids, r.id), append(wikis, r.wiki)
		oldest = min(oldest, r.time)
	}
	slices.SortFunc(wikis, func(a, b any) int { return cmp.Compare(a.(string), b.(string)) })
	return []query.Clause{
		{Terms: map[string][]any{"wm.rev": ids}},
		{Terms: map[string][]any{"wm.wiki": slices.Compact(wikis)}},
		{Range: map[string]query.Range{timeField: {GTE: oldest - marksBefore.Milliseconds()}}},
	}
}

func readMarks(revisions []query.Bucket, list []revision) map[string]mark {
	wanted := make(map[string]bool, len(list))
	for _, r := range list {
		wanted[r.name()] = true
	}
	marks := make(map[string]mark)
	for _, rev := range revisions {
		for _, wiki := range rev.Aggs["wiki"].Buckets {
			name := wiki.Term() + ":" + rev.Term()
			if !wanted[name] {
				continue
			}
			m := mark{Reverted: wiki.Aggs["reverted"].Count > 0}
			if scored := wiki.Aggs["scored"]; scored.Count > 0 {
				risk := scored.Aggs["risk"].Value
				m.Risk = &risk
			}
			if m.Risk != nil || m.Reverted {
				marks[name] = m
			}
		}
	}
	return marks
}

// remember adds the rows of an answer to those of previous answers.
func remember(listed []revision, rows []row) []revision {
	list := slices.Concat(revisionsOf(rows), listed)
	seen := make(map[string]bool, len(list))
	list = slices.DeleteFunc(list, func(r revision) bool {
		again := seen[r.name()]
		seen[r.name()] = true
		return again
	})
	return list[:min(len(list), maxMarked)]
}
