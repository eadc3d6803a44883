package web

import (
	"unicode/utf8"

	"github.com/wmtools/wm/lib/es/query"
	"github.com/wmtools/wm/lib/event"
	"github.com/wmtools/wm/lib/mediawiki"
)

// row is one change in the list of the page. Its text is untrusted, as in the event,
// and the page shows it only as text.
type row struct {
	ID       string    `json:"id"`
	Time     int64     `json:"t"`
	Wiki     string    `json:"wiki"`
	Type     string    `json:"type"`
	Flags    string    `json:"flags"` // of N m b !
	Title    string    `json:"title"`
	Page     string    `json:"page,omitempty"` // links; "" where there is nothing to link to
	Diff     string    `json:"diff,omitempty"`
	Hist     string    `json:"hist,omitempty"`
	Change   string    `json:"change,omitempty"` // the closest view of the change
	User     string    `json:"user"`             // "" if absent or hidden
	Kind     string    `json:"kind"`             // one of event's kinds of users
	Talk     string    `json:"talk,omitempty"`
	Contribs string    `json:"contribs,omitempty"`
	Delta    *int64    `json:"delta"` // bytes added; null where none are counted
	Log      string    `json:"log,omitempty"`
	Action   string    `json:"action,omitempty"` // such as "block/reblock"
	Revert   bool      `json:"revert,omitempty"` // likely, as its summary says
	Risk     *float64  `json:"risk,omitempty"`   // of being reverted, in an event that has it
	Rev      string    `json:"rev,omitempty"`    // the edit's name in marks, such as "enwiki:123"
	Summary  []segment `json:"summary"`

	revision revision
}

// segment is a part of a summary.
type segment struct {
	Kind string `json:"k,omitempty"` // "section", "link" or "" for plain text
	Text string `json:"t"`
	URL  string `json:"u,omitempty"`
}

// Longest texts of a row in characters. MediaWiki's own limits are 255 bytes
// for titles and 500 characters for comments; an index may hold anything.
const (
	maxTitleLength   = 300
	maxCommentLength = 500
)

// maxRows is how many changes a view lists.
const maxRows = 50

func rowsPanel(v view, w window, s source, a *answer) panel {
	return panel{
		search: query.Search{Query: s.filter(v.query, w.from, w.to), Size: maxRows, Sort: newestFirst(), Timeout: answerTimeout},
		read: func(p query.Page) {
			for _, hit := range p.Hits.Hits {
				a.Rows = append(a.Rows, newRow(hit.ID, event.New(hit.Source)))
			}
		},
	}
}

func newRow(id string, e event.Event) row {
	d := e.Derive()
	site, title := mediawiki.SiteOf(e), mediawiki.Title(e)
	r := row{
		ID: id, Time: e.IndexTime().UnixMilli(), Type: clip(e.Get("type").String(), maxTitleLength), Flags: mediawiki.Flags(e, d.UserKind),
		Wiki: clip(d.Wiki, maxTitleLength), Title: clip(title, maxTitleLength),
		User: clip(d.User, maxTitleLength), Kind: d.UserKind, Revert: d.Revert.Value,
		Page: site.Page(title), Change: site.Change(e), Diff: site.Diff(e),
		Talk: site.Talk(d.User), Contribs: site.Contributions(d.User),
		Summary: summary(site, title, clip(mediawiki.Comment(e), maxCommentLength)),
	}
	r.Log, r.Action = mediawiki.Log(e)
	if r.Log == "" && r.Type != "categorize" {
		r.Hist = site.History(title)
	}
	r.Log, r.Action = clip(r.Log, maxTitleLength), clip(r.Action, maxTitleLength)
	if d.Risk.OK {
		r.Risk = &d.Risk.Value
	}
	if d.Rev.OK && r.Wiki == d.Wiki {
		r.revision = revision{d.Wiki, d.Rev.Value, r.Time}
		r.Rev = r.revision.name()
	}
	if d.Delta.OK {
		r.Delta = &d.Delta.Value
	}
	return r
}

// summary links the sections and pages of an edit summary.
func summary(site mediawiki.Site, title, text string) []segment {
	list := []segment{}
	for _, s := range mediawiki.AppendSummary(nil, text) {
		switch s.Kind {
		case mediawiki.Section:
			list = append(list, segment{"section", s.Text, site.Page(title + "#" + s.Target)})
		case mediawiki.Link:
			list = append(list, segment{"link", s.Text, site.Page(s.Target)})
		default:
			list = append(list, segment{Text: s.Text})
		}
	}
	return list
}

// clip truncates a text to a number of characters and marks the cut.
func clip(s string, limit int) string {
	if len(s) <= limit || utf8.RuneCountInString(s) <= limit {
		return s
	}
	for i := range s {
		if limit--; limit < 0 {
			return s[:i] + "…"
		}
	}
	return s
}
