package browsertest

import (
	"fmt"
	"testing"
	"time"

	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// TestZoomByTouch selects a span with a finger and zooms in.
func TestZoomByTouch(t *testing.T) {
	w := full(t)
	b := open(t, w.url)
	b.do(chromedp.EmulateViewport(390, 844, chromedp.EmulateTouch))
	b.do(chromedp.Reload())
	b.wait(settled)
	b.run(`document.getElementById("hist").scrollIntoView({block: "center"})`)
	box := eval[[]float64](b, `(() => { const r = document.querySelector("#hist svg").getBoundingClientRect(); return [r.x, r.y, r.width, r.height]; })()`)
	touch := func(kind input.DispatchTouchEventType, parts ...float64) {
		t.Helper()
		points := []*input.TouchPoint{}
		for _, part := range parts {
			points = append(points, &input.TouchPoint{X: box[0] + part*box[2], Y: box[1] + box[3]/2})
		}
		if _, err := chromedp.Call(b.ctx, input.DispatchTouchEvent, input.DispatchTouchEventParams{Type: kind, TouchPoints: points}); err != nil {
			t.Fatal(err)
		}
	}
	touch(input.DispatchTouchEventTypeTouchStart, 0.4)
	for _, x := range []float64{0.45, 0.5, 0.6, 0.7} {
		touch(input.DispatchTouchEventTypeTouchMove, x)
	}
	touch(input.DispatchTouchEventTypeTouchEnd)
	b.wait(`!document.getElementById("readout").hidden && document.querySelector("#hist .brush-dim") !== null`)
	b.click(`#readout .btn-primary`)
	b.wait(`new URLSearchParams(location.search).has("from") && document.getElementById("hist-unit").textContent !== "every 5 minutes"`)
}

// TestRules gives new pages a colour, skips a user, and finds both after a reload.
func TestRules(t *testing.T) {
	w := full(t)
	b := open(t, w.url+"/?live=0")
	b.wait(settled)
	b.keys("r")
	b.wait(`document.getElementById("rules").open`)
	b.click(`#rules [aria-label="Bot"] [aria-label="pink"]`)
	b.keys(kb.Escape)
	b.wait(`!document.getElementById("rules").open`)
	const bots = `[...document.querySelectorAll('#feed [data-flag="b"]')].every(flag => flag.closest("tr").className === "hl4")`
	b.wait(`document.querySelectorAll("#feed .hl4").length > 0 && ` + bots)
	user := eval[string](b, `document.querySelector("#feed .hl4 .c-user a").textContent`)
	skipped := fmt.Sprintf(`![...document.querySelectorAll("#feed .c-user")].some(td => td.textContent.startsWith(%q)) && document.getElementById("feed-foot").textContent.includes("skipped")`, user)
	b.run(`document.querySelector("#feed .hl4").focus()`)
	b.keys("x")
	b.wait(skipped)
	b.do(chromedp.Reload())
	b.wait(settled + ` && ` + bots + ` && ` + skipped)
	b.click(`#feed-foot button`)
	b.wait(fmt.Sprintf(`document.querySelector("#rules label:last-child textarea").value === %q`, user))
	b.run(`localStorage.clear()`)
}

// TestGapsAreMarked checks that a time in which nothing was collected has a mark, which
// the legend and the tooltip name, and that a time without matches has none.
func TestGapsAreMarked(t *testing.T) {
	w := empty(t)
	var lines []string
	for at := noon.Add(-5 * time.Hour); at.Before(noon); at = at.Add(5 * time.Second) {
		if ago := noon.Sub(at); ago > time.Hour && ago < 2*time.Hour {
			continue
		}
		lines = append(lines, fmt.Sprintf(`{"meta":{"id":"g%d","dt":%q,"domain":"en.wikipedia.org","stream":"mediawiki.recentchange"},"type":"edit","wiki":%q,"title":"A","user":"B"}`,
			at.Unix(), at.Format(time.RFC3339), []string{"enwiki", "dewiki"}[at.Hour()%2]))
	}
	w.put(lines...)
	b := open(t, w.url+"/?range=5h&q=wiki%3Denwiki&live=0")
	b.wait(settled + ` && document.getElementById("range-name").textContent.includes("Last 5 hours")`)
	b.wait(`document.querySelectorAll("#hist .missing").length === 1 && document.getElementById("legend").textContent.includes("no data")`)
	b.run(`document.querySelector("#hist svg").focus()`)
	for range 18 { // five minutes each, back into the gap
		b.keys(kb.ArrowLeft)
	}
	b.wait(`document.querySelector("#hist .tip").textContent.includes("No data10:04–11:03")`)
	b.run(`document.querySelector('[data-focus="wiki-enwiki"]').click()`)
	b.wait(`location.search === "?range=5h&live=0" && document.querySelectorAll("#hist .missing").length === 1`)
}
