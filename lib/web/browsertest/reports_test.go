package browsertest

import (
	"fmt"
	"testing"
)

// report indexes an event about the edit with a revision on English Wikipedia.
func (w *world) report(stream string, revision int, rest string) {
	w.t.Helper()
	w.put(fmt.Sprintf(`{"meta":{"id":"%s-%d","dt":%q,"domain":"en.wikipedia.org","stream":"mediawiki.%[1]s"},%[4]s}`,
		stream, revision, w.clock().Format("2006-01-02T15:04:05.000Z"), fmt.Sprintf(rest, revision)))
}

// Events of the streams of reports, after their meta.
const (
	edited = `"type":"edit","wiki":"enwiki","server_url":"https://en.wikipedia.org","title":"Lantern","user":"~2026-7","comment":"","namespace":0,"bot":false,` +
		`"length":{"old":9,"new":2},"revision":{"old":1,"new":%d}`
	scored = `"wiki_id":"enwiki","page":{"page_title":"Lantern","namespace_id":0},"revision":{"rev_id":%d},"performer":{"user_text":"~2026-7","is_temp":true},` +
		`"predicted_classification":{"model_name":"revertrisk-language-agnostic","probabilities":{"true":0.9649,"false":0.0351}}`
	tagged = `"database":"enwiki","page_title":"Lantern","page_namespace":0,"rev_id":%d,"performer":{"user_text":"~2026-7"},"tags":["mobile edit","mw-reverted"],"prior_state":{"tags":["mobile edit"]}`
)

// TestReports checks that a row appears at once, gets its risk as soon as that is
// indexed, and is marked as reverted once its tags say so.
func TestReports(t *testing.T) {
	const row = `document.querySelector('#feed tr:has(.c-page a[href*="diff=7001"])')`
	w := full(t)
	b := open(t, w.url+"?q=user%3D~2026-7")
	b.wait(`document.querySelector("#full h2")?.textContent.startsWith("Nothing matches")`)
	w.report("recentchange", 7001, edited)
	w.tick(60)
	b.fire()
	b.wait(row + ` !== null`)
	if eval[bool](b, `document.getElementById("rows").classList.contains("has-risk") || document.getElementById("tabs").textContent.includes("At risk")`) {
		t.Error("the page speaks of scores that are not indexed")
	}
	w.report("page_revert_risk_prediction_change.v1", 7001, scored)
	w.tick(60)
	b.fire()
	b.wait(row + `.querySelector(".c-risk .high")?.textContent === "0.96"`)
	if eval[bool](b, row+`.querySelector(".reverted") !== null`) {
		t.Error("the row says that it was reverted before its tags do")
	}
	w.report("revision-tags-change", 7001, tagged)
	w.tick(60)
	b.fire()
	b.wait(row + `.querySelector(".c-summary .reverted")?.textContent === "reverted"`)
	b.wait(`document.querySelector('#kpis [data-id="reverted"] .kpi-value')?.textContent === "1"`)
	b.click(`#tabs [data-id="risk"]`)
	b.wait(`new URLSearchParams(location.search).get("q") === "wm.risk>=0.9" && ` + row + `?.querySelector(".high") && document.querySelectorAll("#feed tr").length === 1`)
	b.click(`#tabs [data-id="patrol"]`)
	b.wait(`!new URLSearchParams(location.search).has("stream") && document.getElementById("stream-name").textContent === "recentchange"`)
}

// TestChartsOfRisk adds a histogram of risks.
func TestChartsOfRisk(t *testing.T) {
	w := full(t)
	w.report("page_revert_risk_prediction_change.v1", 7002, scored)
	b := open(t, w.url)
	b.wait(settled)
	b.click("#add-chart")
	b.wait(`document.querySelector('#draft-by option[value="risk"]') !== null && document.querySelector('#draft-m option[value="at_risk"]') !== null`)
	if eval[bool](b, `document.querySelector('#draft-m option[value="reverted"]') !== null`) {
		t.Error("tags are offered, which are not indexed")
	}
	b.choose("draft-by", "risk")
	b.wait(`document.querySelectorAll("#drawer .facet-row").length === 10 && document.querySelector("#drawer .facet-row:last-child .facet-value").textContent === "1"`)
	b.click(`#draft-add`)
	b.wait(`document.querySelectorAll("#customs .facet-row").length === 10`)
}
