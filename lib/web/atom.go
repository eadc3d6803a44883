package web

import (
	"context"
	"encoding/xml"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"time"
)

// atomFeed is a view as an Atom feed (RFC 4287): its newest changes. All text is untrusted
// and sent as plain text.
type atomFeed struct {
	XMLName xml.Name    `xml:"http://www.w3.org/2005/Atom feed"`
	ID      string      `xml:"id"`
	Title   string      `xml:"title"`
	Updated string      `xml:"updated"`
	Links   []atomLink  `xml:"link"`
	Entries []atomEntry `xml:"entry"`
}

type atomLink struct {
	Rel  string `xml:"rel,attr"`
	Type string `xml:"type,attr,omitempty"`
	Href string `xml:"href,attr"`
}

type atomEntry struct {
	ID      string     `xml:"id"`
	Title   string     `xml:"title"`
	Updated string     `xml:"updated"`
	Author  string     `xml:"author>name"`
	Links   []atomLink `xml:"link"`
	Content string     `xml:"content"`
}

// serveAtom sends the newest changes of a view as an Atom feed.
func (d *Dashboard) serveAtom(w http.ResponseWriter, r *http.Request) {
	v, _, err := viewOf(r)
	if err != nil {
		writeProblem(w, err)
		return
	}
	now := d.options.Now()
	rows, err := d.newestRows(r.Context(), v, now)
	if err != nil {
		writeProblem(w, err)
		return
	}
	body, err := xml.Marshal(d.feed(v, d.address(r), rows, now))
	if err != nil {
		writeProblem(w, err)
		return
	}
	w.Header().Set("Content-Type", "application/atom+xml; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")
	_, _ = w.Write(append([]byte(xml.Header), body...)) // the client may have disconnected
}

// newestRows returns the newest changes of a view.
func (d *Dashboard) newestRows(ctx context.Context, v view, now time.Time) ([]row, error) {
	var a answer
	p := rowsPanel(v, v.window(now, 0), source{d.options.Index, v.stream}, &a)
	p.fail = func(err error) { a.err = err }
	if _, err := d.ask(ctx, v.stream, []panel{p}); err != nil {
		return nil, err
	}
	return a.Rows, a.err
}

// feed returns the feed of a view whose page is at an address.
func (d *Dashboard) feed(v view, address string, rows []row, now time.Time) atomFeed {
	self, page := address+atomPath(v), address+"?"+v.changes().Encode()
	f := atomFeed{
		ID: self, Title: d.options.Title, Updated: now.UTC().Format(time.RFC3339),
		Links: []atomLink{{Rel: "self", Type: atomType, Href: self}, {Rel: "alternate", Type: "text/html", Href: page}},
	}
	if v.text != "" {
		f.Title += ": " + v.text
	}
	if len(rows) > 0 {
		f.Updated = iso(rows[0].Time)
	}
	for _, r := range rows {
		f.Entries = append(f.Entries, r.atomEntry())
	}
	return f
}

const atomType = "application/atom+xml"

// atomPath returns the address of a view's feed, relative to the page.
func atomPath(v view) string {
	if p := v.changes().Encode(); p != "" {
		return "api/v1/atom?" + p
	}
	return "api/v1/atom"
}

// changes returns the parameters that select the changes of a view.
func (v view) changes() url.Values {
	return view{stream: v.stream, text: v.text, span: v.span, from: v.from, to: v.to, before: true}.params()
}

// uuid is the form of the ids of Wikimedia's events.
var uuid = regexp.MustCompile(`^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$`)

func (r row) atomEntry() atomEntry {
	e := atomEntry{ID: "urn:x-wm:" + url.PathEscape(r.ID), Title: r.Wiki + ": " + r.Title, Updated: iso(r.Time), Author: r.User, Content: r.description()}
	if uuid.MatchString(r.ID) {
		e.ID = "urn:uuid:" + r.ID
	}
	if e.Author == "" {
		e.Author = "hidden"
	}
	for _, link := range []string{r.Change, r.Page} {
		if link != "" {
			e.Links = []atomLink{{Rel: "alternate", Type: "text/html", Href: link}}
			break
		}
	}
	return e
}

// description returns what the row says beside its title: type or log, flags, bytes and
// summary.
func (r row) description() string {
	words := []string{r.Type}
	if r.Action != "" {
		words[0] = r.Action
	}
	if r.Flags != "" {
		words = append(words, r.Flags)
	}
	if r.Delta != nil {
		words = append(words, signed(*r.Delta)+" bytes")
	}
	if r.Revert {
		words = append(words, "likely revert")
	}
	text := strings.Join(words, ", ")
	for i, s := range r.Summary {
		switch {
		case i == 0:
			text += ": "
		case r.Summary[i-1].Kind == "section":
			text += ":" // the summary has a blank
		}
		text += s.Text
	}
	return text
}
