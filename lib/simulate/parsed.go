package simulate

import (
	"bytes"
	"strings"
)

// appendParsed appends a summary as MediaWiki shows it, in HTML: its section
// and its links become anchors, the rest is escaped.
func (g *Generator) appendParsed(dst, summary []byte, p page) []byte {
	if rest, ok := bytes.CutPrefix(summary, []byte("/* ")); ok {
		if head, tail, ok := bytes.Cut(rest, []byte(" */")); ok {
			dst = g.appendAutocomment(dst, head, p, len(tail) > 0)
			summary = tail
		}
	}
	return appendLinked(dst, summary)
}

// appendAutocomment appends the text between /* and */: a section of the
// page, or an action of Wikibase.
func (g *Generator) appendAutocomment(dst, head []byte, p page, more bool) []byte {
	dst = append(dst, "\u200e<span dir=\"auto\"><span class=\"autocomment\">"...)
	if text, ok := g.action(head); ok {
		dst = append(dst, text...)
	} else {
		dst = append(dst, `<a href="/wiki/`...)
		dst = appendPath(dst, p.title)
		dst = append(dst, '#')
		dst = append(dst, bytes.ReplaceAll(head, []byte(" "), []byte("_"))...)
		dst = append(dst, `">→`+"\u200e"...)
		dst = appendHTML(dst, head)
		dst = append(dst, "</a>"...)
	}
	if more {
		dst = append(dst, ": "...)
	}
	return append(dst, "</span></span>"...)
}

func (g *Generator) action(head []byte) (string, bool) {
	if !bytes.HasPrefix(head, []byte("wb")) && !bytes.Contains(head, []byte(":0||")) {
		return "", false
	}
	for _, a := range autocomments {
		if strings.HasPrefix(string(head), a.action) {
			return one(g.dice, a.texts), true
		}
	}
	return "", false
}

// appendLinked appends text in which [[target|label]] becomes a link.
func appendLinked(dst, text []byte) []byte {
	for {
		before, rest, ok := bytes.Cut(text, []byte("[["))
		if !ok {
			return appendHTML(dst, text)
		}
		link, after, ok := bytes.Cut(rest, []byte("]]"))
		if !ok {
			return appendHTML(dst, text)
		}
		dst = appendHTML(dst, before)
		dst = appendLink(dst, link)
		text = after
	}
}

// interwiki are the prefixes of links that lead to other sites.
var interwiki = []struct{ prefix, address string }{
	{"d:", "https://www.wikidata.org/wiki/"},
	{"c:", "https://commons.wikimedia.org/wiki/"},
	{"toollabs:", "https://iw.toolforge.org/"},
	{"toolforge:", "https://iw.toolforge.org/"},
}

func appendLink(dst, link []byte) []byte {
	target, label, ok := bytes.Cut(link, []byte("|"))
	target = bytes.TrimPrefix(target, []byte(":"))
	if !ok {
		label = target
	}
	address, path, class := "/wiki/", target, ""
	for _, site := range interwiki {
		if rest, ok := bytes.CutPrefix(target, []byte(site.prefix)); ok {
			address, path, class = site.address, rest, `" class="extiw`
		}
	}
	dst = append(dst, `<a href="`...)
	dst = append(dst, address...)
	dst = appendPath(dst, path)
	dst = append(dst, class...)
	dst = append(dst, `" title="`...)
	if id := entity(target); id != nil {
		return append(appendEntity(dst, id), "</a>"...)
	}
	dst = appendHTML(dst, target)
	dst = append(dst, `">`...)
	dst = appendHTML(dst, label)
	return append(dst, "</a>"...)
}

// entity returns the id of the item or property that a link leads to, or nil.
func entity(target []byte) []byte {
	id := target[bytes.LastIndexAny(target, ":/")+1:]
	if len(id) < 2 || id[0] != 'P' && id[0] != 'Q' || id[1] < '0' || id[1] > '9' {
		return nil
	}
	return id
}

// appendEntity appends the rest of a link to an item or property, which is
// shown by its label: a name that belongs to the id, between marks of direction.
func appendEntity(dst, id []byte) []byte {
	n := namer(0)
	for _, c := range id {
		n = n*31 + namer(c)
	}
	name := latin.appendWords(nil, &n, 1+n.next(3))
	dst = append(dst, "\u200e"...)
	dst = append(dst, name...)
	dst = append(dst, "\u200e | \u200e"...)
	dst = latin.appendWords(dst, &n, 1+n.next(6))
	dst = append(dst, "\u200e\"><span class=\"wb-itemlink\"><span class=\"wb-itemlink-label\" lang=\"en\" dir=\"ltr\">"...)
	dst = append(dst, name...)
	dst = append(dst, `</span> <span class="wb-itemlink-id">(`...)
	dst = append(dst, id...)
	return append(dst, ")</span></span>"...)
}
