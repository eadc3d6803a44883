package mediawiki

import (
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/tidwall/gjson"
)

// Site makes links to one wiki. The zero Site makes none: every method returns
// "". Links are made of a host that was checked and parameters that are escaped,
// so an event cannot lead a reader anywhere but to a Wikimedia wiki, by https.
type Site struct {
	host string
}

// families are the domains of Wikimedia's wikis.
var families = []string{
	"wikipedia.org", "wiktionary.org", "wikibooks.org", "wikinews.org", "wikiquote.org", "wikisource.org",
	"wikiversity.org", "wikivoyage.org", "wikidata.org", "wikifunctions.org", "wikimedia.org", "mediawiki.org",
}

// loginHost serves only login pages, for every wiki.
const loginHost = "auth.wikimedia.org"

// SiteOf returns the wiki that an event comes from, or the zero Site if it
// names none of Wikimedia's.
func SiteOf(e Fields) Site {
	if server := firstText(e, "server_url"); server != "" {
		host, ok := strings.CutPrefix(server, "https://")
		if !ok {
			return Site{}
		}
		return SiteAt(strings.TrimSuffix(host, "/"))
	}
	return SiteAt(firstText(e, "meta.domain"))
}

// SiteAt returns the wiki at a domain such as en.wikipedia.org, or the zero Site
// if it is none of Wikimedia's.
func SiteAt(host string) Site {
	isFamily := func(domain string) bool {
		sub, ok := strings.CutSuffix(host, domain)
		return ok && (sub == "" || strings.HasSuffix(sub, "."))
	}
	if host == loginHost || !isHostName(host) || !slices.ContainsFunc(families, isFamily) {
		return Site{}
	}
	return Site{host}
}

func isHostName(host string) bool {
	for _, c := range []byte(host) {
		if !('a' <= c && c <= 'z' || '0' <= c && c <= '9' || c == '-' || c == '.') {
			return false
		}
	}
	return host != "" && host[0] != '.'
}

// index links to index.php. Pairs are names and values.
func (s Site) index(pairs ...string) string { return string(s.appendIndex(nil, pairs...)) }

func (s Site) appendIndex(dst []byte, pairs ...string) []byte {
	if s.host == "" {
		return dst
	}
	dst = s.appendScript(slices.Grow(dst, 128))
	separator := byte('?')
	for i := 0; i < len(pairs); i += 2 {
		dst = append(append(append(dst, separator), pairs[i]...), '=')
		dst = appendQueryEscaped(dst, pairs[i+1])
		separator = '&'
	}
	return dst
}

// appendScript appends the address of index.php, which is at the same place in
// every wiki.
func (s Site) appendScript(dst []byte) []byte {
	return append(append(append(dst, "https://"...), s.host...), "/w/index.php"...)
}

// appendQueryEscaped appends what url.QueryEscape returns.
func appendQueryEscaped(dst []byte, value string) []byte {
	for i := range len(value) {
		switch c := value[i]; {
		case 'a' <= c && c <= 'z', '0' <= c && c <= '9', 'A' <= c && c <= 'Z', c == '-', c == '_', c == '.', c == '~':
			dst = append(dst, c)
		case c == ' ':
			dst = append(dst, '+')
		default:
			dst = append(dst, '%', hexDigits[c>>4], hexDigits[c&15])
		}
	}
	return dst
}

const hexDigits = "0123456789ABCDEF"

// Page links to a page, or with "Title#Section" to a section of it.
func (s Site) Page(title string) string {
	title, section, found := strings.Cut(strings.TrimPrefix(title, ":"), "#")
	if title == "" || s.host == "" {
		return ""
	}
	link := s.index("title", title)
	if found && section != "" {
		link += "#" + (&url.URL{Fragment: strings.ReplaceAll(section, " ", "_")}).EscapedFragment()
	}
	return link
}

// History links to the list of a page's revisions.
func (s Site) History(title string) string {
	if title == "" {
		return ""
	}
	return s.index("title", title, "action", "history")
}

// Contributions links to the edits of a user.
func (s Site) Contributions(user string) string {
	if user == "" {
		return ""
	}
	return s.index("title", "Special:Contributions/"+user)
}

// Talk links to the talk page of a user.
func (s Site) Talk(user string) string {
	if user == "" {
		return ""
	}
	return s.index("title", "User talk:"+user)
}

// Diff links to what an edit changed. It returns "" for an event that is not an
// edit of an existing page.
func (s Site) Diff(e Fields) string {
	if after, before := revisions(e); after > 0 && before > 0 && s.host != "" {
		return string(s.appendDiff(nil, after, before))
	}
	return ""
}

func (s Site) appendDiff(dst []byte, after, before int64) []byte {
	dst = strconv.AppendInt(append(s.appendScript(dst), "?diff="...), after, 10)
	return strconv.AppendInt(append(dst, "&oldid="...), before, 10)
}

// Change links to the closest view of an event: the diff, the first revision of
// a new page, the log entry, or else the page.
func (s Site) Change(e Fields) string { return string(s.AppendChange(nil, e)) }

// AppendChange appends what [Site.Change] returns.
func (s Site) AppendChange(dst []byte, e Fields) []byte {
	if s.host == "" {
		return dst
	}
	if e.Get("type").Str == "log" {
		return s.appendLogEntry(dst, e)
	}
	switch after, before := revisions(e); {
	case after > 0 && before > 0:
		return s.appendDiff(dst, after, before)
	case after > 0:
		return strconv.AppendInt(append(s.appendScript(dst), "?oldid="...), after, 10)
	}
	if title := Title(e); title != "" {
		return s.appendIndex(dst, "title", title)
	}
	return dst
}

// appendLogEntry appends a link to the entry if it has a number, else to the
// page's entries of that type. Some logs have neither.
func (s Site) appendLogEntry(dst []byte, e Fields) []byte {
	if id := number(e, "log_id"); id > 0 {
		return strconv.AppendInt(append(s.appendScript(dst), "?title=Special%3ALog&logid="...), id, 10)
	}
	return s.appendIndex(dst, "title", "Special:Log", "type", firstText(e, "log_type"), "page", Title(e))
}

// revisions returns the numbers of the revision that an event created and of
// the one before it, or 0 for a missing one. The streams name them differently.
func revisions(e Fields) (after, before int64) {
	for _, names := range revisionPaths {
		if after = number(e, names[0]); after > 0 {
			return after, number(e, names[1])
		}
	}
	return 0, 0
}

// revisionPaths are the names of a revision and of the one before it.
var revisionPaths = [...][]string{
	{"revision.new", "revision.old"},
	{"revision.rev_id", "revision.rev_parent_id"},
	{"rev_id", "rev_parent_id"},
}

func number(e Fields, path string) int64 {
	if v := e.Get(path); v.Type == gjson.Number {
		return v.Int()
	}
	return 0
}
