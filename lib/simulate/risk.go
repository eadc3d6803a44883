package simulate

import (
	"math"
	"strconv"
	"strings"
)

// harmful returns the percentage of a person's edits that harm a page.
func (p person) harmful() float64 {
	switch {
	case p.bot:
		return 0
	case p.temp || !p.named:
		return 20
	case p.number >= usersPerWiki/2:
		return 3
	}
	return 0.5
}

// isScored reports whether the model scores a change: one of an article of a
// Wikipedia, whose author is known.
func (c *change) isScored() bool {
	return strings.HasSuffix(c.page.wiki.domain, ".wikipedia.org") && c.page.space == spaceMain && c.who.name != nil
}

// risk draws the model's probability that a change will be reverted. It depends
// more on the kind of user than on the harm: high for temporary accounts, low for
// bots.
func (g *Generator) risk(c *change, harmful bool) float64 {
	odds := -2.6
	switch {
	case c.who.bot:
		odds = -4.5
	case c.who.temp || !c.who.named:
		odds = -0.9
	case c.undone != nil:
		odds = -3.2
	}
	if harmful {
		odds += 3
	}
	odds += 1.1 * g.dice.NormFloat64()
	return math.Round(1e6/(1+math.Exp(-odds))) / 1e6
}

// scoreEvent writes an event of RevertRisk: the edit in the form of PageChange,
// and the score.
func (g *Generator) scoreEvent(s sequel) []byte {
	c := s.edit
	b := &g.json
	b.start()
	b.str("$schema", "/mediawiki/page/prediction_classification_change/1.3.0")
	b.str("changelog_kind", map[string]string{"edit": "update", "new": "insert"}[c.typ])
	b.str("page_change_kind", map[string]string{"edit": "edit", "new": "create"}[c.typ])
	b.str("dt", c.at())
	b.str("wiki_id", c.page.wiki.id)
	g.pageEntity(c)
	g.pagePerformer("performer", c)
	g.scoredRevision(c)
	if c.typ == "edit" {
		g.priorState(c, "edit")
	}
	g.classification(s.risk)
	g.meta(s.source, c)
	return b.end()
}

func (g *Generator) scoredRevision(c *change) {
	b := &g.json
	b.open("revision")
	b.num("rev_id", c.newRevision)
	if c.typ == "edit" {
		b.num("rev_parent_id", c.oldRevision)
	}
	b.str("rev_dt", c.at())
	b.str("rev_sha1", g.sha1())
	b.num("rev_size", c.newLength)
	b.flag("is_minor_edit", c.minor)
	b.flag("is_content_visible", true)
	b.flag("is_editor_visible", true)
	b.flag("is_comment_visible", true)
	if len(c.comment) > 0 {
		b.text("comment", c.comment)
	}
	g.pagePerformer("editor", c)
	b.close()
}

// classification adds the score.
func (g *Generator) classification(risk float64) {
	b := &g.json
	b.open("predicted_classification")
	b.str("model_name", "revertrisk-language-agnostic")
	b.str("model_version", "3")
	b.raw("predictions", `["`+strconv.FormatBool(risk > 0.5)+`"]`)
	b.open("probabilities")
	b.raw("true", fraction(risk))
	b.raw("false", fraction(1-risk))
	b.close()
	b.close()
}

func fraction(p float64) string { return strconv.FormatFloat(p, 'f', 6, 64) }
