package simulate

import (
	"strconv"
	"time"
)

// pageChangeKinds are what can happen to a page, each with how it changes the
// list of all pages.
var pageChangeKinds = byShare(
	share[[2]string]{[2]string{"edit", "update"}, 930},
	share[[2]string]{[2]string{"create", "insert"}, 40},
	share[[2]string]{[2]string{"delete", "delete"}, 15},
	share[[2]string]{[2]string{"move", "update"}, 10},
	share[[2]string]{[2]string{"visibility_change", "update"}, 3},
	share[[2]string]{[2]string{"undelete", "insert"}, 2},
)

// pageChange makes an event of page_change.v1.
func (g *Generator) pageChange(s *source) []byte {
	kind := pageChangeKinds.pick(g.dice).value
	c := g.changeOfPage(kind[0])
	b := &g.json
	b.start()
	b.str("changelog_kind", kind[1])
	b.str("page_change_kind", kind[0])
	b.str("dt", c.at())
	b.str("wiki_id", c.page.wiki.id)
	g.pageEntity(&c)
	g.pagePerformer("performer", &c)
	if kind[0] == "delete" {
		b.text("comment", c.comment)
	}
	g.pageRevision(&c, kind[0] != "delete")
	if c.typ == "edit" {
		g.priorState(&c, kind[0])
	}
	b.str("$schema", "/mediawiki/page/change/1.2.0")
	g.pageMeta(s, &c)
	return b.end()
}

// changeOfPage makes a change of a kind. Only new revisions are scored and tagged.
func (g *Generator) changeOfPage(kind string) (c change) {
	switch kind {
	case "create":
		c = g.creation(wikisByNews.pick(g.dice))
	case "edit":
		c = g.nextEdit()
	default:
		return g.edit(wikisByEdits.pick(g.dice))
	}
	g.follow(&c)
	return c
}

// at returns the time of the change.
func (c *change) at() string { return fromMillis(c.second * 1000).Format(time.RFC3339) }

func (g *Generator) pageEntity(c *change) {
	b := &g.json
	b.open("page")
	b.num("page_id", c.page.id())
	b.key("page_title")
	b.buf = appendUnderscored(b.buf, c.page.title)
	b.num("namespace_id", int64(c.page.space))
	b.flag("is_redirect", g.dice.chance(2))
	b.close()
}

// pagePerformer adds a user; where the name was removed, the service leaves an
// empty performer and no editor.
func (g *Generator) pagePerformer(name string, c *change) {
	b := &g.json
	if c.who.name == nil {
		if name == "performer" {
			b.raw(name, "{}")
		}
		return
	}
	b.open(name)
	b.text("user_text", c.who.name)
	b.raw("groups", c.who.groups())
	b.flag("is_bot", c.who.bot)
	b.flag("is_system", false)
	b.flag("is_temp", c.who.temp)
	if c.who.named {
		n := nameOf(c.page.wiki.number, c.who.number, 'p')
		b.num("user_id", int64(1+n.next(9_000_000)))
		b.str("registration_dt", registration(n))
		b.num("edit_count", int64(1+n.next(200_000)))
	}
	b.close()
}

func (g *Generator) pageRevision(c *change, visible bool) {
	b := &g.json
	b.open("revision")
	b.num("rev_id", c.newRevision)
	b.str("rev_dt", c.at())
	b.flag("is_minor_edit", c.minor)
	if visible {
		b.str("rev_sha1", g.sha1())
		b.num("rev_size", c.newLength)
	}
	if c.typ == "edit" {
		b.num("rev_parent_id", c.oldRevision)
	}
	if visible {
		b.text("comment", c.comment)
		g.pagePerformer("editor", c)
	}
	b.flag("is_content_visible", visible)
	b.flag("is_editor_visible", visible)
	b.flag("is_comment_visible", visible)
	if visible {
		g.contentSlots(c)
	}
	b.close()
}

func (g *Generator) contentSlots(c *change) {
	b := &g.json
	b.open("content_slots")
	b.open("main")
	b.str("slot_role", "main")
	b.str("content_model", c.page.model())
	b.str("content_sha1", g.sha1())
	b.num("content_size", c.newLength)
	b.str("content_format", c.page.format())
	b.num("origin_rev_id", c.newRevision)
	b.close()
	b.close()
}

// priorState adds the state before the change.
func (g *Generator) priorState(c *change, kind string) {
	b := &g.json
	b.open("prior_state")
	if kind == "move" {
		b.open("page")
		b.key("page_title")
		b.buf = appendUnderscored(b.buf, g.pageIn(c.page.wiki, c.page.space).title)
		b.close()
	}
	b.open("revision")
	b.num("rev_id", c.oldRevision)
	b.str("rev_dt", g.clock.AddDate(0, 0, -1-g.dice.skewed(3000)).Format(time.RFC3339))
	b.flag("is_minor_edit", false)
	b.str("rev_sha1", g.sha1())
	b.num("rev_size", c.oldLength)
	b.flag("is_content_visible", true)
	b.flag("is_editor_visible", true)
	b.flag("is_comment_visible", true)
	b.close()
	b.close()
}

// pageMeta adds meta, which comes last in this stream, in a different order, and
// with the message's key: some JSON as the bytes of a JavaScript buffer.
func (g *Generator) pageMeta(s *source, c *change) {
	b := &g.json
	b.open("meta")
	b.str("stream", s.stream)
	b.url("uri", c.pages(), c.page.title)
	b.text("id", g.uuid())
	b.text("request_id", c.request)
	b.str("domain", c.server())
	g.dt("dt")
	g.place(s, g.live)
	b.open("key")
	b.str("type", "Buffer")
	b.key("data")
	b.buf = append(b.buf, '[')
	for i, c := range []byte(`{"wiki_id":"` + c.page.wiki.id + `","page_id":` + decimal(c.page.id()) + `}`) {
		if i > 0 {
			b.buf = append(b.buf, ',')
		}
		b.buf = strconv.AppendInt(b.buf, int64(c), 10)
	}
	b.buf = append(b.buf, ']')
	b.close()
	b.close()
}
