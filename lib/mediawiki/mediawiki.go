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
	return string(AppendFlags(make([]byte, 0, 4), e, kind))
}

// AppendFlags appends what [Flags] returns.
func AppendFlags(dst []byte, e Fields, kind string) []byte {
	if isNew(e) {
		dst = append(dst, New)
	}
	if isTrue(e, "minor") || isTrue(e, "rev_minor_edit") || isTrue(e, "revision.is_minor_edit") {
		dst = append(dst, Minor)
	}
	if isTrue(e, "bot") || kind == event.KindBot {
		dst = append(dst, Bot)
	}
	if e.Get("patrolled").Type == gjson.False {
		dst = append(dst, Unpatrolled)
	}
	return dst
}

func isNew(e Fields) bool {
	if kind := e.Get("type"); kind.Exists() {
		return kind.Str == "new"
	}
	return e.Get("page_change_kind").Str == "create" || stream(e) == "page-create"
}

func isTrue(e Fields, path string) bool { return e.Get(path).Type == gjson.True }

// Title returns the title of the page that an event is about, as people write
// it: with blanks where some streams have underscores.
func Title(e Fields) string {
	if title := firstText(e, "title"); title != "" {
		return title
	}
	return strings.ReplaceAll(firstText(e, "page_title", "page.page_title"), "_", " ")
}

// Comment returns the edit summary, or the reason given in a log entry.
func Comment(e Fields) string { return firstText(e, "comment", "revision.comment") }

// BigChange is the number of bytes added or removed from which MediaWiki shows
// the difference in bold.
const BigChange = 500
