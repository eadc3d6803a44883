package simulate

// methods are the ways to undo an edit, named by the tag that MediaWiki gives to
// the undoing edit.
var methods = byShare(
	share[string]{"mw-undo", 45},
	share[string]{"mw-rollback", 30},
	share[string]{"mw-manual-revert", 25},
)

// isUndone draws whether someone will undo the edit. New pages are not undone but
// deleted.
func (g *Generator) isUndone(c *change, harmful bool) bool {
	if c.typ != "edit" || c.undone != nil || c.who.name == nil {
		return false
	}
	if harmful {
		return g.dice.chance(85)
	}
	return g.dice.chance(0.7)
}

// nextEdit returns an edit that undoes an earlier one, if one is due, or a new
// one.
func (g *Generator) nextEdit() change {
	if undone, _, ok := g.later.undoing.due(g.clock); ok {
		return g.undo(undone)
	}
	return g.edit(wikisByEdits.pick(g.dice))
}

// undo makes the edit that restores what was there before another edit.
func (g *Generator) undo(undone *change) change {
	w := undone.page.wiki
	c := g.change("edit", undone.page, g.person(w, 5))
	c.undone, c.method = undone, methods.pick(g.dice).value
	c.minor = c.method == "mw-rollback"
	c.oldLength, c.newLength = undone.newLength, undone.oldLength
	c.oldRevision = undone.newRevision
	st := g.at(w)
	st.revision += g.dice.between(1, 4)
	c.newRevision = st.revision
	template, generated := g.undoSummary(w, c.method)
	if generated {
		g.undoneUser, g.undoneRevision = undone.who.name, undone.newRevision
	}
	g.summarize(&c, template)
	g.undoneUser, g.undoneRevision = nil, 0
	st.last = c.kept()
	return c
}

// undoSummary returns the template of the summary, and whether software generates
// it. A rollback always has a generated one. People who undo an edit may replace
// it, and most who restore an old text by hand write their own, which no program
// recognizes.
func (g *Generator) undoSummary(w *wiki, method string) (template string, generated bool) {
	typed := map[string]float64{"mw-undo": 12, "mw-manual-revert": 70}[method]
	switch {
	case g.dice.chance(typed):
		return one(g.dice, []string{"", "$W", "/* $S */ $W"}), false
	case w.site == wikidata:
		return "/* undo:0||$V|$U */", true
	}
	return one(g.dice, w.language.reverts), true
}
