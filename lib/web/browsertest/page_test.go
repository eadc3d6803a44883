package browsertest

import (
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

const loaded = `document.querySelectorAll("#rows tbody tr").length > 0`

func TestPageShowsTheView(t *testing.T) {
	_, address := start(t)
	b := open(t, address)
	b.wait(loaded)
	for selector, want := range map[string]string{
		"#count": "1,001", "#bytes": "−1,234", "#newest": "11:58:22", "#interval": "per minute",
		"#wikis tbody tr:nth-child(2)": "hewiki 395 39 %", "#wikis tfoot": "all others 5 <1 %",
		"#chart .legend": "edit 700 log 250 other 50",
	} {
		if got := strings.Join(strings.Fields(b.text(selector)), " "); got != want {
			t.Errorf("%s is %q, want %q", selector, got, want)
		}
	}
	if bars := eval[[]string](b, `[...document.querySelectorAll("#chart svg path:not(.veil)")].map(p => p.getAttribute("class"))`); strings.Join(bars, " ") != "edit log other" {
		t.Errorf("the bars are %v", bars)
	}
	if veil := eval[string](b, `document.querySelector("#chart .veil").getAttribute("d")`); strings.Count(veil, "M") != 1 {
		t.Errorf("the present minute alone is hatched, but the veil is %q", veil)
	}
	if title := eval[string](b, `document.title`); title != "recentchange · 1 hour – Wikimedia changes" {
		t.Errorf("title %q", title)
	}
}

// TestTextOfStrangersStaysText: nothing in an event becomes markup, script or a
// link to a place of its choice.
func TestTextOfStrangersStaysText(t *testing.T) {
	_, address := start(t)
	b := open(t, address)
	b.wait(loaded)
	const edit, log = "#rows tbody tr:nth-child(3)", "#rows tbody tr:nth-child(2)"
	for selector, want := range map[string]string{
		edit + " td:nth-child(5)": "Old " + hostile,
		edit + " td:nth-child(6)": "User " + hostile,
		edit + " td:nth-child(7)": "first line second line",
		edit + " td:nth-child(4)": "−1,000",
		edit + " td:nth-child(3)": "m",
		log + " td:nth-child(6)":  "hidden",
	} {
		if got := b.text(selector); got != want {
			t.Errorf("%s is %q, want %q", selector, got, want)
		}
	}
	if got := eval[string](b, `document.querySelector("`+log+` td:nth-child(7)").textContent`); got != "delete/delete"+hostile {
		t.Errorf("comment of the log entry is %q", got)
	}
	if n := eval[int](b, `document.querySelectorAll("main img, main script, #rows [onerror]").length`); n != 0 {
		t.Errorf("%d elements came out of events", n)
	}
	if eval[bool](b, `"hacked" in window`) {
		t.Error("a script of an event ran")
	}
	for _, href := range eval[[]string](b, `[...document.querySelectorAll("#rows a")].map(a => a.href)`) {
		if !strings.HasPrefix(href, "https://en.wikipedia.org/w/index.php?") {
			t.Errorf("link to %s", href)
		}
	}
	if n := eval[int](b, `document.querySelectorAll("`+log+` a").length`); n != 0 {
		t.Errorf("the event with a bad address has %d links", n)
	}
}

func TestRangeIsInTheAddress(t *testing.T) {
	x, address := start(t)
	b := open(t, address)
	b.wait(loaded)
	b.choose("range", "7d")
	b.wait(`document.querySelector("#interval").textContent === "per 2 hours"`)
	if got := eval[string](b, `location.search`); got != "?range=7d" {
		t.Errorf("address %q", got)
	}
	if _, _, span := x.last(); span < 7*24*time.Hour {
		t.Errorf("searched %v", span)
	}
	b.run(`history.back()`)
	b.wait(`document.querySelector("#interval").textContent === "per minute"`)
	if got := eval[string](b, `location.search + document.querySelector("#range").value`); got != "1h" {
		t.Errorf("after going back: %q", got)
	}
}

func TestWikiFilter(t *testing.T) {
	x, address := start(t)
	b := open(t, address)
	b.wait(loaded)
	b.do(chromedp.Click(chromedp.CSS("#wikis tbody tr:nth-child(2) button")))
	b.wait(`document.querySelector("#count").textContent === "1,002"`)
	if _, wiki, _ := x.last(); wiki != "hewiki" || eval[string](b, `location.search`) != "?wiki=hewiki" {
		t.Errorf("searched for wiki %q", wiki)
	}
	b.do(chromedp.Click(chromedp.CSS("#filters button")))
	b.wait(`document.querySelector("#count").textContent === "1,003"`)
	if _, wiki, _ := x.last(); wiki != "" || eval[string](b, `location.search`) != "" {
		t.Errorf("searched for wiki %q", wiki)
	}
}

// TestLiveSwitch: live, the page asks again after each answer; not live, it has
// no timer left to ask with.
func TestLiveSwitch(t *testing.T) {
	x, address := start(t)
	b := open(t, address)
	b.wait(`test.timers.size === 1`)
	if delay := eval[int](b, `test.delay`); delay != 2000 {
		t.Errorf("asks again after %d ms", delay)
	}
	b.run(`test.fire()`)
	b.wait(`document.querySelector("#count").textContent === "1,002" && test.timers.size === 1`)
	b.do(chromedp.Click(chromedp.ID("live")))
	b.wait(`document.querySelector("#live").ariaPressed === "false"`)
	if n := eval[int](b, `test.timers.size`); n != 0 || eval[string](b, `location.search`) != "?live=0" {
		t.Errorf("%d timers go on after the switch", n)
	}
	b.choose("range", "15m")
	b.wait(`document.querySelector("#count").textContent === "1,003"`)
	if n := eval[int](b, `test.timers.size`); n != 0 {
		t.Errorf("%d timers after another view", n)
	}
	b.do(chromedp.Click(chromedp.ID("live")))
	b.wait(`document.querySelector("#count").textContent === "1,004" && test.timers.size === 1`)
	if searches, _, _ := x.last(); searches != 4 {
		t.Errorf("%d searches", searches)
	}
}

// TestHiddenPageAsksForNothing, and is brought up to date when it is seen again.
func TestHiddenPageAsksForNothing(t *testing.T) {
	_, address := start(t)
	b := open(t, address)
	b.wait(`test.timers.size === 1`)
	b.run(`test.hide(true)`)
	if n := eval[int](b, `test.timers.size`); n != 0 {
		t.Errorf("%d timers of a hidden page", n)
	}
	b.run(`test.hide(false)`)
	b.wait(`document.querySelector("#count").textContent === "1,002" && test.timers.size === 1`)
}

func TestLiveOffInTheAddress(t *testing.T) {
	_, address := start(t)
	b := open(t, address+"/?live=0")
	b.wait(loaded)
	if n := eval[int](b, `test.timers.size`); n != 0 || eval[string](b, `document.querySelector("#live").ariaPressed`) != "false" {
		t.Errorf("%d timers", n)
	}
}

// TestFailureKeepsTheLastPicture: the page says what is wrong and how old its
// picture is, tries again, and is well again by itself.
func TestFailureKeepsTheLastPicture(t *testing.T) {
	x, address := start(t)
	b := open(t, address)
	b.noisy = true // the browser reports each failed request
	b.wait(`test.timers.size === 1`)
	x.set(true, false)
	b.run(`test.fire()`)
	b.wait(`!document.querySelector("#banner").hidden`)
	banner := b.text("#banner")
	for _, want := range []string{"Elasticsearch cannot be reached", "start wm-store", "the picture of 12:00:0", "Next try in"} {
		if !strings.Contains(banner, want) {
			t.Errorf("the banner %q does not say %q", banner, want)
		}
	}
	if got := b.text("#count"); got != "1,001" || !eval[bool](b, loaded) {
		t.Errorf("the last picture is gone: count %q", got)
	}
	x.set(false, false)
	b.wait(`test.timers.size === 1`)
	if delay := eval[float64](b, `test.delay`); delay < 4000 || delay > 5000 {
		t.Errorf("tries again after %v ms, though the server asked for 5 s", delay)
	}
	b.run(`test.fire()`)
	b.wait(`document.querySelector("#banner").hidden`)
	if got := b.text("#count"); got != "1,003" {
		t.Errorf("count %q", got)
	}
}

func TestWrongAddress(t *testing.T) {
	_, address := start(t)
	b := open(t, address+"/?range=99h")
	b.noisy = true // as above
	b.wait(`document.querySelector("#updated").textContent === "no data yet"`)
	if got := b.text("#banner"); !strings.Contains(got, `unknown range "99h"`) || strings.Contains(got, "Next try") {
		t.Errorf("banner %q", got)
	}
	if n := eval[int](b, `test.timers.size`); n != 0 {
		t.Error("asks again, though the answer will be the same")
	}
}

func TestEmptyIndex(t *testing.T) {
	x, address := start(t)
	x.set(false, true)
	b := open(t, address)
	b.wait(`!document.querySelector("#empty").hidden`)
	if got := b.text("#empty"); !strings.Contains(got, "wm-tail | wm-es") {
		t.Errorf("the page says %q", got)
	}
	if got := eval[string](b, `document.querySelector("#chart svg").textContent`); !strings.Contains(got, "No events in this range yet") {
		t.Errorf("the chart says %q", got)
	}
}

func TestChartByKeyboard(t *testing.T) {
	_, address := start(t)
	b := open(t, address)
	b.wait(loaded)
	b.run(`document.querySelector("#chart svg").focus()`)
	b.do(chromedp.KeyEvent(kb.End))
	b.wait(`document.querySelector("#status").textContent.includes("log 100")`)
	b.do(chromedp.KeyEvent(kb.ArrowLeft))
	b.wait(`document.querySelector("#status").textContent === "11:59: edit 700, log 150, other 50"`)
	if got := b.text("#chart .legend"); got != "edit 700\nlog 150\nother 50\n11:59" {
		t.Errorf("legend %q", got)
	}
	b.do(chromedp.Click(chromedp.CSS("#chart-table summary")))
	b.wait(`document.querySelectorAll("#chart-table tbody tr").length === 61`)
	if got := b.text("#chart-table tbody tr:nth-last-child(2)"); got != "11:59\t700\t150\t50" {
		t.Errorf("row of the table %q", got)
	}
}

// TestListHoldsStill: rows do not move away under the mouse.
func TestListHoldsStill(t *testing.T) {
	_, address := start(t)
	b := open(t, address)
	b.wait(`test.timers.size === 1`)
	const first = `document.querySelector("#rows tbody tr").innerText`
	before := eval[string](b, first)
	at := eval[[]float64](b, `(r => [r.x + 9, r.y + 9])(document.querySelector("#rows tbody").getBoundingClientRect())`)
	b.do(chromedp.MouseEvent(chromedp.MouseMoved, at[0], at[1]))
	b.run(`test.fire()`)
	b.wait(`document.querySelector("#rows-note").textContent === "held still while you read: 1 newer"`)
	if got := eval[string](b, first); got != before {
		t.Errorf("the first row changed from %q to %q", before, got)
	}
	b.do(chromedp.MouseEvent(chromedp.MouseMoved, 1, 1))
	b.wait(first + `.includes("Event 1") && document.querySelector("#rows-note").textContent === ""`)
}

func TestDarkAndSmall(t *testing.T) {
	_, address := start(t)
	b := open(t, address)
	b.wait(loaded)
	const background = `getComputedStyle(document.body).backgroundColor`
	light := eval[string](b, background)
	b.prefer("prefers-color-scheme", "dark")
	if dark := eval[string](b, background); dark == light {
		t.Errorf("background is %s in light and dark", dark)
	}
	b.do(chromedp.EmulateViewport(390, 844))
	b.wait(`innerWidth === 390`)
	if wide := eval[int](b, `document.documentElement.scrollWidth`); wide > 390 {
		t.Errorf("on a phone the page is %d pixels wide", wide)
	}
}
