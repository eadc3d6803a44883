package simulate

// logEntry holds the additional fields of an event of type log.
type logEntry struct {
	id          int64
	typ, action string
	params      string // in JSON: an object, an array or a string
	comment     []byte // log_action_comment
}

// logKind is a kind of log entry.
type logKind struct {
	typ, action string
	wikis       []string // where it happens; nil: anywhere
	comment     string   // template of log_action_comment; real wikis use their language
	params      func(*Generator, *change) string
	unlisted    bool // not in the list of recent changes: the event has no id
}

// logKinds, with the frequency of each. The last three do not occur in captured
// events, but the schema allows them.
var logKinds = byShare(
	share[logKind]{logKind{"abusefilter", "hit", nil, `triggered [[Special:AbuseFilter/$N|filter $n]], performing the action "edit" on [[$p]]. Actions taken: Tag ([[Special:AbuseLog/$N|details]])`, filterParams, true}, 53},
	share[logKind]{logKind{"upload", "upload", []string{"commonswiki", "commonswiki", "commonswiki", "enwiki"}, "uploaded &quot;[[$p]]&quot;: $W", uploadParams, false}, 36},
	share[logKind]{logKind{"upload", "overwrite", []string{"commonswiki"}, "uploaded a new version of &quot;[[$p]]&quot;", uploadParams, false}, 2},
	share[logKind]{logKind{"delete", "delete", nil, "deleted &quot;[[$p]]&quot;: $W", emptyParams, false}, 16},
	share[logKind]{logKind{"patrol", "patrol", []string{"frwiki", "hewiki", "nlwiki", "itwiki", "ptwiki"}, "marked revision $N of [[$p]] patrolled ", patrolParams, true}, 11},
	share[logKind]{logKind{"newusers", "create", nil, "New user account", signupParams, false}, 9},
	share[logKind]{logKind{"move", "move", nil, "moved [[$p]] to [[$T]]", moveParams, false}, 6},
	share[logKind]{logKind{"block", "block", nil, "blocked [[$p]] with an expiry time of 1 week (anonymous users only, account creation disabled): $W", blockParams, false}, 5},
	share[logKind]{logKind{"review", "approve", []string{"dewiki", "plwiki", "ruwiki"}, "$U sichtete eine Version von [[$p]]", reviewParams, true}, 5},
	share[logKind]{logKind{"thanks", "thank", nil, "$U thanked [[$p]]", emptyParams, true}, 5},
	share[logKind]{logKind{"pagetriage-curation", "reviewed", []string{"enwiki"}, "$U marked [[$p]] as reviewed", emptyParams, false}, 1},
	share[logKind]{logKind{"renameuser", "renameuser", []string{"dewiki", "enwiki"}, "renamed user [[$p]] (14 edits) to [[User:$U]]", renameParams, false}, 1},
	share[logKind]{logKind{"protect", "protect", nil, "protected &quot;[[$p]]&quot; [Edit=Require autoconfirmed] (indefinite)", protectParams, false}, 1},
	share[logKind]{logKind{"rights", "rights", []string{"enwiki", "commonswiki"}, "changed group membership for $p", rightsParams, false}, 1},
	share[logKind]{logKind{"import", "interwiki", nil, "imported [[$p]] by transwiki import", importParams, false}, 1},
)

// logged returns an entry of one of the logs.
func (g *Generator) logged() change {
	kind := logKinds.pick(g.dice).value
	w := wikisByLogs.pick(g.dice)
	if kind.wikis != nil {
		w = wikiNamed(one(g.dice, kind.wikis))
	}
	c := g.change("log", g.pageIn(w, g.loggedSpace(kind, w)), g.person(w, float64(w.bots)/4))
	c.login = kind.typ == "newusers" && g.era == Era2025
	st := g.at(w)
	st.logID++
	c.log = &logEntry{id: st.logID, typ: kind.typ, action: kind.action}
	if kind.typ == "abusefilter" {
		c.log.id = 0
	}
	if kind.unlisted {
		c.rcid = 0
	}
	g.summarize(&c, g.loggedSummary(kind, w))
	c.log.params = kind.params(g, &c)
	g.lastPage = c.page.title
	c.log.comment = g.expand(nil, kind.comment, w)
	return c
}

func (g *Generator) loggedSpace(kind logKind, w *wiki) int {
	switch kind.typ {
	case "upload":
		return spaceFile
	case "newusers", "block", "renameuser", "thanks", "rights":
		return spaceUser
	case "abusefilter":
		return w.content()
	}
	return w.spaces().pick(g.dice).value
}

func (g *Generator) loggedSummary(kind logKind, w *wiki) string {
	if kind.typ == "newusers" || g.dice.chance(55) {
		return ""
	}
	return one(g.dice, w.language.summaries)
}

// The numbers of filters are strings on some wikis and integers on others; the
// list of actions may be empty.
func filterParams(g *Generator, _ *change) string {
	g.json.start()
	g.json.str("action", "edit")
	if filter := g.dice.between(1, 1200); g.dice.chance(80) {
		g.json.str("filter", decimal(filter))
	} else {
		g.json.num("filter", filter)
	}
	g.json.str("actions", one(g.dice, []string{"tag", "warn", "disallow", "tag,warn", ""}))
	g.json.num("log", g.dice.between(100_000, 45_000_000))
	return string(g.json.end())
}

func uploadParams(g *Generator, _ *change) string {
	g.json.start()
	g.json.str("img_sha1", g.sha1())
	g.json.str("img_timestamp", g.clock.Format("20060102150405"))
	return string(g.json.end())
}

func emptyParams(*Generator, *change) string { return "[]" }

func patrolParams(g *Generator, c *change) string {
	revision := g.at(c.page.wiki).revision
	g.json.start()
	g.json.str("curid", decimal(revision))
	g.json.str("previd", decimal(revision-g.dice.between(1, 5000)))
	g.json.num("auto", 0)
	return string(g.json.end())
}

func signupParams(g *Generator, c *change) string {
	c.who = person{name: c.page.wiki.appendUser(nil, g.dice.IntN(1<<30)), named: true}
	c.page.title = append([]byte(c.page.wiki.space(spaceUser)+":"), c.who.name...)
	g.json.start()
	g.json.num("userid", g.dice.between(50_000, 51_000_000))
	return string(g.json.end())
}

func moveParams(g *Generator, c *change) string {
	g.json.start()
	g.json.text("target", g.pageIn(c.page.wiki, c.page.space).title)
	g.json.str("noredir", one(g.dice, []string{"0", "1"}))
	return string(g.json.end())
}

func blockParams(g *Generator, _ *change) string {
	g.json.start()
	g.json.str("duration", one(g.dice, []string{"1 day", "1 week", "31 hours", "infinite"}))
	g.json.str("flags", one(g.dice, []string{"anononly,nocreate", "nocreate", "nocreate,noemail"}))
	g.json.flag("sitewide", true)
	return string(g.json.end())
}

// reviewParams is an array of numbers and a string.
func reviewParams(g *Generator, c *change) string {
	revision := g.at(c.page.wiki).revision
	return "[" + decimal(revision) + "," + decimal(revision-g.dice.between(1, 500_000)) + `,"` + g.clock.Format("20060102150405") + `"]`
}

func renameParams(g *Generator, c *change) string {
	w := c.page.wiki
	g.json.start()
	g.json.text("olduser", g.person(w, 0).name)
	g.json.text("newuser", g.person(w, 0).name)
	g.json.num("edits", g.dice.between(1, 5000))
	return string(g.json.end())
}

func protectParams(*Generator, *change) string {
	return "{\"description\":\"\u200e[edit=autoconfirmed] (indefinite)\",\"cascade\":false," +
		`"details":[{"type":"edit","level":"autoconfirmed","expiry":"infinity","cascade":false}]}`
}

func rightsParams(*Generator, *change) string {
	return `{"oldgroups":["autoreviewer"],"newgroups":["autoreviewer","rollbacker"]}`
}

// importParams is a string, the oldest form.
func importParams(g *Generator, _ *change) string {
	return `"` + decimal(g.dice.between(1, 400)) + ` revisions\nimported"`
}
