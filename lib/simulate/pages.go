package simulate

import "strconv"

// page is a page of a wiki.
type page struct {
	wiki   *wiki
	space  int
	title  []byte // with the namespace, with blanks
	number int
}

// Half of the changes concern popular pages, the other half any page.
const (
	hotPages  = 400
	coldPages = 1_000_000
)

func (g *Generator) pageNumber() int {
	if g.dice.chance(50) {
		return g.dice.skewed(hotPages)
	}
	return g.dice.IntN(coldPages)
}

// page draws a page in one of the namespaces.
func (g *Generator) page(w *wiki, spaces weighted[share[int]]) page {
	p := page{wiki: w, space: spaces.pick(g.dice).value, number: g.pageNumber()}
	p.title = p.appendTitle(g.buffer(256))
	return p
}

// pageIn draws a page in one namespace.
func (g *Generator) pageIn(w *wiki, space int) page {
	p := page{wiki: w, space: space, number: g.pageNumber()}
	p.title = p.appendTitle(g.buffer(256))
	return p
}

// spaces returns the namespaces in which pages are edited.
func (w *wiki) spaces() weighted[share[int]] {
	switch w.site {
	case commons:
		return spacesOfFiles
	case wikidata:
		return spacesOfItems
	}
	return spacesOfArticles
}

// content returns the wiki's main namespace.
func (w *wiki) content() int {
	if w.site == commons {
		return spaceFile
	}
	return spaceMain
}

// appendTitle appends the title, which is the same for the same page.
func (p page) appendTitle(dst []byte) []byte {
	n := nameOf(p.wiki.number, p.space, p.number)
	if name := p.wiki.space(p.space); name != "" {
		dst = append(dst, name...)
		dst = append(dst, ':')
	}
	switch {
	case p.wiki.site == wikidata && p.space == spaceMain:
		return strconv.AppendInt(append(dst, 'Q'), int64(1+n.next(135_000_000)), 10)
	case p.space == 146:
		return strconv.AppendInt(append(dst, 'L'), int64(1+n.next(1_400_000)), 10)
	case p.space == 120:
		return strconv.AppendInt(append(dst, 'P'), int64(1+n.next(13_000)), 10)
	case p.space == spaceUser || p.space == spaceUserTalk:
		return p.wiki.appendUser(dst, p.number%usersPerWiki)
	case p.space == spaceFile:
		return p.appendFile(dst, n)
	}
	return p.wiki.language.script.appendTitle(dst, n)
}

// appendFile appends the name of a file, in any language.
func (p page) appendFile(dst []byte, n *namer) []byte {
	s := p.wiki.language.script
	if p.wiki.site == commons && n.next(3) == 0 {
		s = labelScripts[n.next(len(labelScripts))]
	}
	dst = s.appendTitle(dst, n)
	if n.next(2) == 0 {
		dst = append(dst, " - "...)
		dst = s.appendName(dst, n)
	}
	dst = append(dst, " ("...)
	dst = strconv.AppendInt(dst, int64(1+n.next(900)), 10)
	dst = append(dst, ')')
	return append(dst, []string{".jpg", ".jpg", ".jpg", ".png", ".svg", ".tif", ".pdf", ".webm"}[n.next(8)]...)
}
