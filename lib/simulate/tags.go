package simulate

import (
	"slices"
	"time"
)

// tag adds the tags that a change gets when it is saved: the software it was made
// with, and the way in which it undoes another edit.
func (g *Generator) tag(c *change) {
	c.tags = nil
	if c.undone != nil {
		c.tags = append(c.tags, c.method)
	}
	if c.who.bot {
		return
	}
	mobile, visual := 15.0, 15.0
	if c.who.temp || !c.who.named {
		mobile, visual = 60, 30
	}
	if g.dice.chance(mobile) {
		c.tags = append(c.tags, "mobile edit", "mobile web edit")
	}
	if c.undone == nil && g.dice.chance(visual) {
		c.tags = append(c.tags, "visualeditor")
	}
}

// announceTags schedules the events of RevisionTags that follow from an edit. They
// come after its score.
func (g *Generator) announceTags(c *change, scored time.Time) {
	source := g.later.tags
	if source == nil {
		return
	}
	tagged := scored.Add(g.delay(4*time.Second, 0.5))
	if len(c.tags) > 0 {
		g.later.events.add(tagged, sequel{source: source, edit: c, after: c.tags})
	}
	if c.undone == nil {
		return
	}
	// A job adds the tag of the edit that is undone.
	before := c.undone.tags
	g.later.events.add(tagged.Add(g.delay(3*time.Second, 0.5)),
		sequel{source: source, edit: c.undone, before: before, after: append(slices.Clone(before), "mw-reverted")})
}

// tagsEvent writes an event of RevisionTags: the edit in the form of
// RevisionCreate, and its tags. Where it had none, prior_state is missing.
func (g *Generator) tagsEvent(s sequel) []byte {
	c := s.edit
	b := &g.json
	b.start()
	b.str("$schema", "/mediawiki/revision/tags-change/1.0.0")
	g.meta(s.source, c)
	b.str("database", c.page.wiki.id)
	b.num("page_id", c.page.id())
	b.key("page_title")
	b.buf = appendUnderscored(b.buf, c.page.title)
	b.num("page_namespace", int64(c.page.space))
	b.num("rev_id", c.newRevision)
	b.str("rev_timestamp", c.at())
	b.str("rev_sha1", g.sha1())
	b.flag("rev_minor_edit", c.minor)
	b.num("rev_len", c.newLength)
	b.str("rev_content_model", c.page.model())
	b.str("rev_content_format", c.page.format())
	g.performer(c)
	b.flag("page_is_redirect", g.dice.chance(2))
	g.revisionComment(c)
	if c.typ == "edit" {
		b.num("rev_parent_id", c.oldRevision)
	}
	b.texts("tags", s.after)
	if len(s.before) > 0 {
		b.open("prior_state")
		b.texts("tags", s.before)
		b.close()
	}
	return b.end()
}
