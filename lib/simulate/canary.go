package simulate

// canary is an artificial event that is due. Each stream gets one in each data
// centre, so that monitoring sees that the stream is alive.
type canary struct {
	source *source
	center int
}

func (g *Generator) queueCanaries() {
	for _, s := range g.sources.items {
		if s.hidden {
			continue
		}
		for center := range DataCenters {
			g.canaries = append(g.canaries, canary{s, center})
		}
	}
}

// canary writes an event whose body is the example in the stream's schema: only
// meta for recentchange, something like an edit for the others.
func (g *Generator) canary(c canary) []byte {
	b := &g.json
	b.start()
	switch c.source.stream {
	case RecentChange:
		b.str("$schema", "/mediawiki/recentchange/1.0.1")
		g.canaryMeta(c)
	case PageChange, RevertRisk:
		b.str("changelog_kind", "insert")
		b.str("page_change_kind", "create")
		g.dt("dt")
		b.str("wiki_id", "examplewiki")
		b.raw("page", `{"page_id":123,"page_title":"TestPage10","namespace_id":0,"is_redirect":false}`)
		b.raw("performer", `{"user_text":"example_user_text","groups":[],"is_bot":false,"user_id":1}`)
		b.raw("revision", `{"rev_id":123,"rev_dt":"2020-06-10T18:57:16Z","is_minor_edit":false,"rev_size":3}`)
		if c.source.stream == RevertRisk {
			g.classification(0.526)
			b.str("$schema", "/mediawiki/page/prediction_classification_change/1.3.0")
		} else {
			b.str("$schema", "/mediawiki/page/change/1.2.0")
		}
		g.canaryMeta(c)
	case RevisionTags:
		b.str("$schema", "/mediawiki/revision/tags-change/1.0.0")
		g.canaryRevision(c)
		b.raw("page_is_redirect", "false")
		b.raw("tags", `["example_tag"]`)
	default:
		b.str("$schema", "/mediawiki/revision/create/2.0.0")
		g.canaryRevision(c)
	}
	return b.end()
}

// canaryRevision adds the fields that the streams about revisions share.
func (g *Generator) canaryRevision(c canary) {
	b := &g.json
	g.canaryMeta(c)
	b.str("database", "examplewiki")
	b.raw("page_id", "123")
	b.str("page_title", "TestPage10")
	b.raw("page_namespace", "0")
	b.raw("rev_id", "123")
	b.str("rev_timestamp", "2020-06-10T18:57:16Z")
	b.raw("performer", `{"user_text":"example_user_text","user_groups":[],"user_is_bot":false,"user_id":1}`)
}

func (g *Generator) canaryMeta(c canary) {
	b := &g.json
	b.open("meta")
	g.dt("dt")
	b.str("stream", c.source.stream)
	b.str("domain", "canary")
	b.text("id", g.uuid())
	b.text("request_id", g.uuid())
	g.place(c.source, c.center)
	b.close()
}
