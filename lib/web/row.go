package web

import (
	"strings"
	"unicode/utf8"

	"github.com/tidwall/gjson"

	"github.com/wmtools/wm/lib/event"
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
	site := siteOf(e)
	title := titleOf(e)
	r := row{
		ID: id, Time: e.IndexTime().UnixMilli(), Type: clip(e.Get("type").String(), maxTitle), Flags: flags(e, d),
		Wiki: clip(d.Wiki, maxTitle), Title: clip(title, maxTitle), Comment: clip(e.Text("comment", "revision.comment"), maxComment),
		User: clip(d.User, maxTitle), UserKind: d.UserKind, Log: logOf(e),
		URL: site.change(e, title), UserURL: site.contributions(d.User),
	}
	if d.Delta.OK {
		r.Delta = &d.Delta.Value
	}
	return r
}

// titleOf returns the title as people write it; some streams have underscores.
func titleOf(e event.Event) string {
	if title := e.Text("title"); title != "" {
		return title
	}
	return strings.ReplaceAll(e.Text("page_title", "page.page_title"), "_", " ")
}

func logOf(e event.Event) string {
	kind, action := e.Text("log_type"), e.Text("log_action")
	if kind == "" || action == "" {
		return clip(kind, maxTitle)
	}
	return clip(kind+"/"+action, maxTitle)
}

func flags(e event.Event, d event.Derived) string {
	var letters []byte
	if e.Get("type").String() == "new" || e.Get("page_change_kind").String() == "create" {
		letters = append(letters, 'N')
	}
	if isTrue(e, "minor") || isTrue(e, "rev_minor_edit") || isTrue(e, "revision.is_minor_edit") {
		letters = append(letters, 'm')
	}
	if isTrue(e, "bot") || d.UserKind == event.KindBot {
		letters = append(letters, 'b')
	}
	if e.Get("patrolled").Type == gjson.False {
		letters = append(letters, '!')
	}
	return string(letters)
}

func isTrue(e event.Event, path string) bool { return e.Get(path).Type == gjson.True }

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
