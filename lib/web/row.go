package web

import (
	"unicode/utf8"

	"github.com/wmtools/wm/lib/event"
	"github.com/wmtools/wm/lib/mediawiki"
)

// row is one event as the page lists it. Text is as the event has it: it comes
// from strangers, and only ever becomes text.
type row struct {
	ID       string `json:"id"`
	Time     int64  `json:"time"` // milliseconds since 1970
	Wiki     string `json:"wiki"`
	Type     string `json:"type"`
	Flags    string `json:"flags"` // of N new, m minor, b bot, ! not patrolled: MediaWiki's letters
	Title    string `json:"title"`
	URL      string `json:"url,omitempty"` // of the diff, or of what comes nearest
	User     string `json:"user"`          // "" where there is none, or it was hidden
	UserURL  string `json:"user_url,omitempty"`
	UserKind string `json:"user_kind"`     // one of event's kinds
	Delta    *int64 `json:"delta"`         // bytes added; null where none are counted
	Log      string `json:"log,omitempty"` // log type and action, such as "move/move"
	Comment  string `json:"comment"`
}

// Longest texts of a row in characters. MediaWiki's own limits are 255 bytes
// for titles and 500 characters for comments; an index may hold anything.
const (
	maxTitle   = 300
	maxComment = 500
)

func newRow(id string, e event.Event) row {
	d := e.Derive()
	site := mediawiki.SiteOf(e)
	_, log := mediawiki.Log(e)
	r := row{
		ID: id, Time: e.IndexTime().UnixMilli(), Type: clip(e.Get("type").String(), maxTitle), Flags: mediawiki.Flags(e, d.UserKind),
		Wiki: clip(d.Wiki, maxTitle), Title: clip(mediawiki.Title(e), maxTitle), Comment: clip(mediawiki.Comment(e), maxComment),
		User: clip(d.User, maxTitle), UserKind: d.UserKind, Log: clip(log, maxTitle),
		URL: site.Change(e), UserURL: site.Contributions(d.User),
	}
	if d.Delta.OK {
		r.Delta = &d.Delta.Value
	}
	return r
}

// clip cuts a text after so many characters, and says so.
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
