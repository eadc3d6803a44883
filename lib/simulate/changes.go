package simulate

import (
	"bytes"
	"strconv"
)

// change is one thing that happens on a wiki. Every stream reports it in its
// own form.
type change struct {
	typ     string // of recentchange: edit, new, log, categorize, 142
	page    page
	who     person
	comment []byte // as it was typed
	parsed  []byte // as HTML
	request []byte // meta.request_id
	second  int64  // timestamp, seconds since 1970
	rcid    int64  // id; 0: none
	minor   bool

	oldLength, newLength     int64 // bytes; old is 0 for a new page
	oldRevision, newRevision int64

	tags   []string // of the revision
	undone *change  // the edit that this one undoes, if any
	method string   // the tag that says how

	log   *logEntry // for a log
	login bool      // happened on the wiki where people sign up for all others
}

// change starts a change that a person makes now.
func (g *Generator) change(typ string, p page, who person) change {
	st := g.at(p.wiki)
	st.rcid += g.dice.between(1, 3)
	c := change{typ: typ, page: p, who: who, request: g.requestID(), rcid: st.rcid, second: g.message / 1000}
	if g.era == Era2025 {
		lag := min(max(g.dice.spread(1750, 0.6), 100), 5000)
		c.second = (g.message - int64(lag)) / 1000
	}
	if g.dice.chance(hiddenPercent) {
		c.who.name = nil
	}
	return c
}

// requestID is a UUID today and was an opaque word in 2019.
func (g *Generator) requestID() []byte {
	if g.era != Era2019 {
		return g.uuid()
	}
	const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789@-"
	id := append(g.buffer(24), "XO8"...)
	for range 21 {
		id = append(id, alphabet[g.dice.IntN(len(alphabet))])
	}
	return id
}

// summarize expands a template into the summary of the change.
func (g *Generator) summarize(c *change, template string) {
	c.comment = g.expand(g.buffer(160), template, c.page.wiki)
	if g.dice.chance(0.6) {
		c.comment = append(c.comment, one(g.dice, oddities)...)
	}
	if limit := 500; len(c.comment) > limit {
		c.comment = append(trimRunes(c.comment, limit), "..."...)
	}
	c.parsed = g.appendParsed(g.buffer(800), c.comment, c.page)
}

// trimRunes cuts text to at most n bytes without cutting a character in two.
func trimRunes(text []byte, n int) []byte {
	for n > 0 && text[n]&0xc0 == 0x80 {
		n--
	}
	return text[:n]
}

func (g *Generator) edit(w *wiki) change {
	p := g.page(w, w.spaces())
	c := g.change("edit", p, g.person(w, float64(w.bots)))
	g.summarize(&c, g.editSummary(w))
	c.minor = g.dice.chance(15)
	c.oldLength = int64(g.dice.spread(5700, 1.7))
	c.newLength = max(0, c.oldLength+g.delta())
	st := g.at(w)
	st.revision += g.dice.between(1, 4)
	c.newRevision = st.revision
	c.oldRevision = st.revision - g.dice.between(1, min(5_000_000, st.revision-1))
	st.last = c.kept()
	return c
}

// kept returns a copy of the parts of a change that later events repeat.
func (c change) kept() change {
	return change{
		who:         person{bytes.Clone(c.who.name), c.who.number, c.who.bot, c.who.temp, c.who.named},
		request:     bytes.Clone(c.request),
		oldRevision: c.oldRevision, newRevision: c.newRevision,
	}
}

// delta returns the bytes that an edit adds to the page: mostly a small positive
// number.
func (g *Generator) delta() int64 {
	switch {
	case g.dice.chance(3):
		return 0
	case g.dice.chance(11):
		return -int64(g.dice.spread(30, 1.8))
	}
	return int64(g.dice.spread(90, 1.7))
}

// editSummary returns the template of an edit's summary, as written by the tools
// of the site. One in thirty says that it is a revert; one in ten is empty.
func (g *Generator) editSummary(w *wiki) string {
	switch {
	case w.site == wikidata:
		return itemSummaries.pick(g.dice).value
	case w.site == commons:
		return fileSummaries.pick(g.dice).value
	case g.dice.chance(12):
		return ""
	case g.dice.chance(g.later.unfounded()):
		return one(g.dice, w.language.reverts)
	}
	return one(g.dice, w.language.summaries)
}

func (g *Generator) creation(w *wiki) change {
	spaces := spacesOfNews
	if w.site != pedia {
		spaces = w.spaces()
	}
	c := g.change("new", g.page(w, spaces), g.person(w, float64(w.bots)))
	switch w.site {
	case wikidata:
		g.summarize(&c, newItem)
	case commons:
		g.summarize(&c, uploaded)
	default:
		g.summarize(&c, w.language.created)
	}
	st := g.at(w)
	st.revision += g.dice.between(1, 4)
	c.newRevision = st.revision
	c.newLength = int64(g.dice.spread(390, 1.9))
	return c
}

// categorization is a page that enters or leaves a category. Most follow from
// an edit: made by the same person in the same request.
func (g *Generator) categorization(w *wiki) change {
	c := g.change("categorize", g.pageIn(w, spaceCategory), g.person(w, float64(w.bots)))
	if last := g.at(w).last; last.request != nil && g.dice.chance(60) {
		c.who, c.request = last.who, last.request
		c.newRevision, c.oldRevision = last.newRevision, last.oldRevision
	}
	template := w.language.added
	if g.dice.chance(25) {
		template = w.language.removed
	}
	if w.site == pedia && g.dice.chance(30) {
		template += included
	}
	g.summarize(&c, template)
	return c
}

// flow is an event of a discussion system, whose type is a number in a string.
func (g *Generator) flow() change {
	w := wikiNamed("frwiki")
	p := page{wiki: w, space: 2600, title: strconv.AppendInt([]byte("Sujet:W"), g.dice.Int64N(1<<60), 36)}
	c := g.change("142", p, g.person(w, 0))
	g.summarize(&c, `$U commented on "$W" ($W)`)
	return c
}
