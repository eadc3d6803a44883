package simulate

import "time"

// revisionCreate returns an event of revision-create: an edit, sometimes a new
// page.
func (g *Generator) revisionCreate(s *source) []byte {
	if g.dice.chance(3.7) {
		return g.revision(s, g.creation(wikisByNews.pick(g.dice)))
	}
	return g.revision(s, g.nextEdit())
}

// pageCreate returns an event of page-create, which has the form of
// revision-create.
func (g *Generator) pageCreate(s *source) []byte {
	return g.revision(s, g.creation(wikisByNews.pick(g.dice)))
}

func (g *Generator) revision(s *source, c change) []byte {
	schema := "/mediawiki/revision/create/2.0.0"
	if g.era != Era2025 {
		schema = "/mediawiki/revision/create/1.1.0"
	}
	g.follow(&c)
	at := c.at()
	b := &g.json
	b.start()
	b.str("$schema", schema)
	g.meta(s, &c)
	b.str("database", c.page.wiki.id)
	b.num("page_id", c.page.id())
	b.key("page_title")
	b.buf = appendUnderscored(b.buf, c.page.title)
	b.num("page_namespace", int64(c.page.space))
	b.num("rev_id", c.newRevision)
	b.str("rev_timestamp", at)
	b.str("rev_sha1", g.sha1())
	b.flag("rev_minor_edit", c.minor)
	b.num("rev_len", c.newLength)
	b.str("rev_content_model", c.page.model())
	b.str("rev_content_format", c.page.format())
	g.performer(&c)
	b.flag("page_is_redirect", g.dice.chance(2))
	g.revisionComment(&c)
	if c.typ == "edit" {
		b.num("rev_parent_id", c.oldRevision)
		b.flag("rev_content_changed", g.dice.chance(98))
	}
	if g.era == Era2025 {
		g.slots(&c)
		b.str("dt", at)
	}
	return b.end()
}

func (g *Generator) revisionComment(c *change) {
	if len(c.comment) > 0 {
		g.json.text("comment", c.comment)
		g.json.text("parsedcomment", c.parsed)
	}
}

// slots adds the parts of a revision.
func (g *Generator) slots(c *change) {
	b := &g.json
	b.open("rev_slots")
	b.open("main")
	b.str("rev_slot_content_model", c.page.model())
	b.str("rev_slot_sha1", g.sha1())
	b.num("rev_slot_size", c.newLength)
	b.num("rev_slot_origin_rev_id", c.newRevision)
	b.close()
	b.close()
}

// performer adds the author of the revision, unless the name was removed.
func (g *Generator) performer(c *change) {
	if c.who.name == nil {
		return
	}
	b := &g.json
	b.open("performer")
	b.text("user_text", c.who.name)
	b.raw("user_groups", c.who.groups())
	b.flag("user_is_bot", c.who.bot)
	if c.who.named {
		n := nameOf(c.page.wiki.number, c.who.number, 'p')
		b.num("user_id", int64(1+n.next(9_000_000)))
		b.str("user_registration_dt", registration(n))
		b.num("user_edit_count", int64(1+n.next(200_000)))
	}
	b.close()
}

// registration returns the time an account was created, between 2004 and 2025.
func registration(n *namer) string {
	return time.Unix(int64(1_080_000_000+n.next(680_000_000)), 0).UTC().Format(time.RFC3339)
}

func (p person) groups() string {
	switch {
	case !p.named:
		return `["*"]`
	case p.temp:
		return `["*","user","temp"]`
	case p.bot:
		return `["bot","*","user","autoconfirmed"]`
	case p.number < 40:
		return `["filemover","patroller","sysop","*","user","autoconfirmed"]`
	case p.number < 800:
		return `["extendedconfirmed","*","user","autoconfirmed"]`
	}
	return `["*","user","autoconfirmed"]`
}

func (p page) id() int64 {
	return int64(1 + nameOf(p.wiki.number, p.space, p.number, 'i').next(130_000_000))
}

func (p page) isItem() bool {
	return p.wiki.site == wikidata && p.space == spaceMain
}

func (p page) model() string {
	if p.isItem() {
		return "wikibase-item"
	}
	return "wikitext"
}

func (p page) format() string {
	if p.isItem() {
		return "application/json"
	}
	return "text/x-wiki"
}

// appendUnderscored appends a title as a JSON string with underscores for
// blanks, which is how these streams write it.
func appendUnderscored(dst, title []byte) []byte {
	start := len(dst)
	dst = appendQuoted(dst, title)
	for i, c := range dst[start:] {
		if c == ' ' {
			dst[start+i] = '_'
		}
	}
	return dst
}

// sha1 draws a hash in base 36, as MediaWiki writes them.
func (g *Generator) sha1() string {
	const digits = "0123456789abcdefghijklmnopqrstuvwxyz"
	var sum [31]byte
	for i := range sum {
		sum[i] = digits[g.dice.IntN(len(digits))]
	}
	return string(sum[:])
}
