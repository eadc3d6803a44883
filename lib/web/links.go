package web

import (
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/tidwall/gjson"

	"github.com/wmtools/wm/lib/event"
)

// site makes links to one wiki. The zero site makes none. The links of the
// page are made here alone, from a host that is checked and parameters that
// are escaped, so that an event cannot lead a reader to a place of its choice.
type site struct {
	host string
}

// families are the domains of Wikimedia's wikis.
var families = []string{
	"wikipedia.org", "wiktionary.org", "wikibooks.org", "wikinews.org", "wikiquote.org", "wikisource.org",
	"wikiversity.org", "wikivoyage.org", "wikidata.org", "wikifunctions.org", "wikimedia.org", "mediawiki.org",
}

// loginHost serves all wikis with nothing but their login pages.
const loginHost = "auth.wikimedia.org"

// siteOf returns the wiki that an event comes from.
func siteOf(e event.Event) site {
	if server := e.Text("server_url"); server != "" {
		u, err := url.Parse(server)
		if err != nil || u.Scheme != "https" || u.User != nil || u.Path != "" && u.Path != "/" {
			return site{}
		}
		return siteAt(u.Host)
	}
	return siteAt(e.Text("meta.domain"))
}

func siteAt(host string) site {
	isFamily := func(domain string) bool {
		return host == domain || strings.HasSuffix(host, "."+domain)
	}
	if host == loginHost || !isHostName(host) || !slices.ContainsFunc(families, isFamily) {
		return site{}
	}
	return site{host}
}

func isHostName(host string) bool {
	for _, c := range []byte(host) {
		if !('a' <= c && c <= 'z' || '0' <= c && c <= '9' || c == '-' || c == '.') {
			return false
		}
	}
	return host != "" && host[0] != '.'
}

// index links to index.php, which every wiki has at the same place. Pairs are
// names and values.
func (s site) index(pairs ...string) string {
	if s.host == "" {
		return ""
	}
	query := make([]string, 0, len(pairs)/2)
	for pair := range slices.Chunk(pairs, 2) {
		query = append(query, pair[0]+"="+url.QueryEscape(pair[1]))
	}
	u := url.URL{Scheme: "https", Host: s.host, Path: "/w/index.php", RawQuery: strings.Join(query, "&")}
	return u.String()
}

// contributions links to what a user has done.
func (s site) contributions(user string) string {
	if user == "" {
		return ""
	}
	return s.index("title", "Special:Contributions/"+user)
}

// change links to what an event changed: the diff, the first version of a new
// page, the entry in the log, or else the page.
func (s site) change(e event.Event, title string) string {
	after, before := revisions(e)
	switch {
	case e.Get("type").String() == "log":
		return s.log(e, title)
	case after > 0 && before > 0:
		return s.index("diff", decimal(after), "oldid", decimal(before))
	case after > 0:
		return s.index("oldid", decimal(after))
	case title != "":
		return s.index("title", title)
	}
	return ""
}

// log links to the entry where it has a number, else to the page's entries of
// that kind. Some logs have neither.
func (s site) log(e event.Event, title string) string {
	if id := number(e, "log_id"); id > 0 {
		return s.index("title", "Special:Log", "logid", decimal(id))
	}
	return s.index("title", "Special:Log", "type", e.Text("log_type"), "page", title)
}

// revisions returns the numbers of the revision that an event made and of the
// one before, 0 where there is none. Each stream has names of its own.
func revisions(e event.Event) (after, before int64) {
	for _, names := range [...][2]string{
		{"revision.new", "revision.old"},
		{"revision.rev_id", "revision.rev_parent_id"},
		{"rev_id", "rev_parent_id"},
	} {
		if after = number(e, names[0]); after > 0 {
			return after, number(e, names[1])
		}
	}
	return 0, 0
}

func number(e event.Event, path string) int64 {
	if v := e.Get(path); v.Type == gjson.Number {
		return v.Int()
	}
	return 0
}

func decimal(n int64) string { return strconv.FormatInt(n, 10) }
