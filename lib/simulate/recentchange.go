package simulate

import (
	"strconv"
	"time"
)

// recentChange returns an event of recentchange.
func (g *Generator) recentChange(s *source) []byte {
	c := g.anyChange()
	g.follow(&c)
	if g.era == Era2019 {
		return g.recentChange2019(s, &c)
	}
	b := &g.json
	b.start()
	b.str("$schema", "/mediawiki/recentchange/1.0.0")
	g.meta(s, &c)
	if c.rcid != 0 {
		b.num("id", c.rcid)
	}
	b.str("type", c.typ)
	b.num("namespace", int64(c.page.space))
	b.text("title", c.page.title)
	if g.era == Era2025 {
		b.url("title_url", c.page.wiki.pages, c.page.title)
	}
	b.text("comment", c.comment)
	b.num("timestamp", c.second)
	if c.who.name != nil {
		b.text("user", c.who.name)
	}
	b.flag("bot", c.who.bot)
	if g.era == Era2025 && c.log == nil && c.typ != "142" {
		g.notifyURL(&c)
	}
	g.revisionFields(&c)
	g.logFields(&c)
	g.serverFields(&c)
	b.text("parsedcomment", c.parsed)
	return b.end()
}

// anyChange returns a change of one of the types of recentchange.
func (g *Generator) anyChange() change {
	switch types.pick(g.dice).value {
	case "new":
		return g.creation(wikisByNews.pick(g.dice))
	case "log":
		return g.logged()
	case "categorize":
		return g.categorization(wikisByCategorized.pick(g.dice))
	case "142":
		return g.flow()
	}
	return g.nextEdit()
}

// meta adds the member that all streams share. Its order changed in 2025.
func (g *Generator) meta(s *source, c *change) {
	b := &g.json
	b.open("meta")
	b.url("uri", c.pages(), c.page.title)
	b.text("request_id", c.request)
	b.text("id", g.uuid())
	if g.era == Era2025 {
		b.str("domain", c.server())
		b.str("stream", s.stream)
		g.dt("dt")
	} else {
		g.dt("dt")
		b.str("domain", c.server())
		b.str("stream", s.stream)
	}
	g.place(s, g.live)
	b.close()
}

// place adds the position of the event, which the service itself adds to meta.
func (g *Generator) place(s *source, center int) {
	g.json.str("topic", s.topics[center].name)
	g.json.num("partition", 0)
	g.json.num("offset", s.topics[center].offset)
}

// dt adds the message time.
func (g *Generator) dt(name string) {
	layout := dtLayout
	switch g.era {
	case Era2020:
		layout = time.RFC3339
	case Era2019:
		layout = "2006-01-02T15:04:05+00:00"
	}
	g.json.text(name, fromMillis(g.message).AppendFormat(g.buffer(32), layout))
}

// server returns the host of the change.
func (c *change) server() string {
	if c.login {
		return "auth.wikimedia.org"
	}
	return c.page.wiki.domain
}

// pages returns the common beginning of the URLs of pages on that host.
func (c *change) pages() string {
	if c.login {
		return "https://auth.wikimedia.org/" + c.page.wiki.id + "/wiki/"
	}
	return c.page.wiki.pages
}

// notifyURL adds the URL of the diff.
func (g *Generator) notifyURL(c *change) {
	b := &g.json
	b.key("notify_url")
	b.buf = append(b.buf, `"https://`...)
	b.buf = append(b.buf, c.page.wiki.domain...)
	if c.typ == "new" {
		b.buf = append(b.buf, "/w/index.php?oldid="...)
		b.buf = strconv.AppendInt(b.buf, c.newRevision, 10)
	} else {
		b.buf = append(b.buf, "/w/index.php?diff="...)
		b.buf = strconv.AppendInt(b.buf, c.newRevision, 10)
		b.buf = append(b.buf, "&oldid="...)
		b.buf = strconv.AppendInt(b.buf, c.oldRevision, 10)
	}
	if c.page.wiki.patrols {
		b.buf = append(b.buf, "&rcid="...)
		b.buf = strconv.AppendInt(b.buf, c.rcid, 10)
	}
	b.buf = append(b.buf, '"')
}

// revisionFields adds the fields of edits and new pages.
func (g *Generator) revisionFields(c *change) {
	if c.typ != "edit" && c.typ != "new" {
		return
	}
	b := &g.json
	b.flag("minor", c.minor)
	if c.page.wiki.patrols {
		b.flag("patrolled", c.who.bot || g.dice.chance(90))
	}
	b.open("length")
	if c.typ == "edit" {
		b.num("old", c.oldLength)
	}
	b.num("new", c.newLength)
	b.close()
	b.open("revision")
	if c.typ == "edit" {
		b.num("old", c.oldRevision)
	}
	b.num("new", c.newRevision)
	b.close()
}

// logFields adds the fields of log entries.
func (g *Generator) logFields(c *change) {
	if c.log == nil {
		return
	}
	b := &g.json
	b.num("log_id", c.log.id)
	b.str("log_type", c.log.typ)
	b.str("log_action", c.log.action)
	b.raw("log_params", c.log.params)
	b.text("log_action_comment", c.log.comment)
}

func (g *Generator) serverFields(c *change) {
	b := &g.json
	b.key("server_url")
	b.buf = append(b.buf, `"https://`...)
	b.buf = append(b.buf, c.server()...)
	b.buf = append(b.buf, '"')
	b.str("server_name", c.server())
	if c.login {
		b.str("server_script_path", "/"+c.page.wiki.id+"/w")
	} else {
		b.str("server_script_path", "/w")
	}
	b.str("wiki", c.page.wiki.id)
}

// recentChange2019 writes a change in the oldest form.
func (g *Generator) recentChange2019(s *source, c *change) []byte {
	b := &g.json
	b.start()
	b.flag("bot", c.who.bot)
	b.text("comment", c.comment)
	if c.rcid != 0 {
		b.num("id", c.rcid)
	}
	sized := c.typ == "edit" || c.typ == "new"
	if sized {
		g.newOld("length", c.typ, c.newLength, c.oldLength)
	}
	if c.log != nil {
		b.str("log_action", c.log.action)
		b.text("log_action_comment", c.log.comment)
		b.num("log_id", c.log.id)
		b.raw("log_params", c.log.params)
		b.str("log_type", c.log.typ)
	}
	g.meta2019(s, c)
	if sized {
		b.flag("minor", c.minor)
	}
	b.num("namespace", int64(c.page.space))
	b.text("parsedcomment", c.parsed)
	if sized && c.page.wiki.patrols {
		b.flag("patrolled", c.who.bot || g.dice.chance(90))
	}
	if sized {
		g.newOld("revision", c.typ, c.newRevision, c.oldRevision)
	}
	b.str("server_name", c.server())
	b.str("server_script_path", "/w")
	b.str("server_url", "https://"+c.server())
	b.num("timestamp", c.second)
	b.text("title", c.page.title)
	b.str("type", c.typ)
	if c.who.name != nil {
		b.text("user", c.who.name)
	}
	b.str("wiki", c.page.wiki.id)
	return b.end()
}

func (g *Generator) newOld(name, typ string, after, before int64) {
	g.json.open(name)
	g.json.num("new", after)
	if typ == "edit" {
		g.json.num("old", before)
	}
	g.json.close()
}

func (g *Generator) meta2019(s *source, c *change) {
	b := &g.json
	b.open("meta")
	b.str("domain", c.server())
	g.dt("dt")
	b.text("id", g.uuid())
	b.text("request_id", c.request)
	b.str("schema_uri", "mediawiki/recentchange/2")
	b.str("topic", s.topics[g.live].name)
	b.url("uri", c.pages(), c.page.title)
	b.num("partition", 0)
	b.num("offset", s.topics[g.live].offset)
	b.close()
}
