package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/wmtools/wm/lib/es/query"
	"github.com/wmtools/wm/lib/event"
)

// revertTags are on edits that undo others.
var revertTags = []string{"mw-undo", "mw-rollback", "mw-manual-revert"}

// late is how long after an edit its tags may be reported.
const late = time.Hour

// source reads edits and their tags from an index.
type source struct {
	reader *query.Reader
	index  string
	period period
}

// revision is an edit. It has the same name in both streams.
type revision struct {
	wiki string
	id   int64
}

// measurement compares what wm.revert finds with what is tagged.
type measurement struct {
	edits, both, found int            // edits, edits that are found and tagged, and found
	tagged             map[string]int // tagged edits by the tag
	missed             map[string]int // tagged edits that are not found, by the tag
	wrong              []string       // examples of what is found and not tagged
	silent             []string       // examples of what is tagged and not found
}

// measure reads the tags first and then the edits of the period.
func (s source) measure(ctx context.Context, examples int) (*measurement, error) {
	tags, err := s.tags(ctx)
	if err != nil {
		return nil, fmt.Errorf("tags: %w", err)
	}
	if len(tags) == 0 {
		return nil, errors.New("the index has no reverts by their tags in this period; is revision-tags-change indexed?")
	}
	m := &measurement{tagged: map[string]int{}, missed: map[string]int{}}
	err = s.each(ctx, "recentchange", s.period.until, query.Clause{Exists: &query.Exists{Field: "wm.revert"}}, func(e event.Event, d event.Derived) {
		m.add(tags[revision{d.Wiki, d.Rev.Value}], d, e.Get("comment").String(), examples)
	})
	if err == nil && m.edits == 0 {
		err = errors.New("the index has no edits in this period; is recentchange indexed?")
	}
	return m, err
}

// tags returns the revisions that undo others, with the tag that says so.
func (s source) tags(ctx context.Context) (map[revision]string, error) {
	var names []any
	for _, tag := range revertTags {
		names = append(names, tag)
	}
	tags := make(map[revision]string)
	err := s.each(ctx, "revision-tags-change", s.period.until.Add(late), query.Clause{Terms: map[string][]any{"tags": names}}, func(e event.Event, d event.Derived) {
		tags[revision{d.Wiki, d.Rev.Value}] = revertTag(e)
	})
	return tags, err
}

func revertTag(e event.Event) string {
	for _, tag := range e.Get("tags").Array() {
		for _, known := range revertTags {
			if tag.Str == known {
				return known
			}
		}
	}
	return ""
}

// each visits the events of a stream since the start of the period that a clause
// selects.
func (s source) each(ctx context.Context, stream string, until time.Time, q query.Clause, visit func(event.Event, event.Derived)) error {
	all := query.Clause{Bool: &query.Bool{Filter: []query.Clause{
		q,
		{Terms: map[string][]any{"meta.stream": {stream, "mediawiki." + stream}}},
		{Range: map[string]query.Range{"@timestamp": {GTE: s.period.since.UnixMilli(), LT: until.UnixMilli()}}},
	}}}
	return s.reader.Each(ctx, s.index, all, query.ByTime(false), 1<<31-1, func(hit query.Hit) error {
		e := event.New(hit.Source)
		visit(e, e.Derive())
		return nil
	})
}

// add compares one edit, which is tagged unless tag is "".
func (m *measurement) add(tag string, d event.Derived, comment string, examples int) {
	m.edits++
	found := d.Revert.Value
	if found {
		m.found++
	}
	if tag != "" {
		m.tagged[tag]++
	}
	example := fmt.Sprintf("%s %d: %q", d.Wiki, d.Rev.Value, comment)
	switch {
	case found && tag != "":
		m.both++
	case found && len(m.wrong) < examples:
		m.wrong = append(m.wrong, example)
	case tag != "":
		m.missed[tag]++
		if len(m.silent) < examples {
			m.silent = append(m.silent, tag+" "+example)
		}
	}
}

func (m *measurement) allTagged() (n int) {
	for _, count := range m.tagged {
		n += count
	}
	return n
}

func (m *measurement) precision() float64 { return ratio(m.both, m.found) }
func (m *measurement) recall() float64    { return ratio(m.both, m.allTagged()) }

func ratio(part, whole int) float64 {
	if whole == 0 {
		return 0
	}
	return float64(part) / float64(whole)
}

func (m *measurement) print(w io.Writer) error {
	var out bytes.Buffer
	fmt.Fprintf(&out, "edits and new pages  %d\ntagged as reverts    %d\nwm.revert is true    %d\nboth                 %d\n", m.edits, m.allTagged(), m.found, m.both)
	fmt.Fprintf(&out, "precision            %.1f %%\nrecall               %.1f %%\n", 100*m.precision(), 100*m.recall())
	for _, tag := range revertTags {
		if n := m.tagged[tag]; n > 0 {
			fmt.Fprintf(&out, "  %-18s %.1f %% of %d\n", tag, 100*ratio(n-m.missed[tag], n), n)
		}
	}
	list(&out, "true without a tag, such as", m.wrong)
	list(&out, "missed, such as", m.silent)
	_, err := w.Write(out.Bytes())
	return err
}

func list(out *bytes.Buffer, title string, examples []string) {
	if len(examples) == 0 {
		return
	}
	fmt.Fprintf(out, "\n%s\n", title)
	for _, example := range examples {
		fmt.Fprintf(out, "  %s\n", example)
	}
}
