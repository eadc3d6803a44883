// Package mediawiki presents a change as MediaWiki's own lists of changes do:
// with a link to the diff, flag letters, the log it belongs to, and an edit
// summary cut into text, section and links.
//
// Most callers take [SiteOf] an event for its links, [Flags], [Title] and [Log]
// for what a row shows, and [AppendSummary] for the comment. All results are
// untrusted plain text, which callers must escape for their medium.
package mediawiki

import (
	"strings"

	"github.com/tidwall/gjson"

	"github.com/wmtools/wm/lib/event"
)

// Letters of [Flags], in the order in which MediaWiki shows them.
const (
	New         = 'N' // the change created the page
	Minor       = 'm' // the editor called the edit minor
	Bot         = 'b'
	Unpatrolled = '!' // the wiki patrols changes, and this one is not patrolled yet
)

// Flags returns MediaWiki's letters for an event, such as "Nb". Kind is the
// derived field wm.user_kind, which covers streams without a field bot.
func Flags(e Fields, kind string) string {
	var letters [4]byte
	flags := letters[:0]
	if isNew(e) {
		flags = append(flags, New)
	}
	if isTrue(e, "minor") || isTrue(e, "rev_minor_edit") || isTrue(e, "revision.is_minor_edit") {
		flags = append(flags, Minor)
	}
	if isTrue(e, "bot") || kind == event.KindBot {
		flags = append(flags, Bot)
	}
	if e.Get("patrolled").Type == gjson.False {
		flags = append(flags, Unpatrolled)
	}
	return string(flags)
}

func isNew(e Fields) bool {
	return e.Get("type").Str == "new" || e.Get("page_change_kind").Str == "create" || stream(e) == "page-create"
}

func isTrue(e Fields, path string) bool { return e.Get(path).Type == gjson.True }

// Title returns the title of the page that an event is about, as people write
// it: with blanks where some streams have underscores.
func Title(e Fields) string {
	if title := e.Text("title"); title != "" {
		return title
	}
	return strings.ReplaceAll(e.Text("page_title", "page.page_title"), "_", " ")
}

// Comment returns the edit summary, or the reason given in a log entry.
func Comment(e Fields) string { return e.Text("comment", "revision.comment") }

// BigChange is the number of bytes added or removed from which MediaWiki shows
// the difference in bold.
const BigChange = 500
