package browsertest

import (
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// loaded holds when the page shows an answer.
const loaded = `document.querySelectorAll("#kpis button").length === 8 && document.querySelector("#hist svg") !== null`

// settled holds when the page shows the answer for its current address.
const settled = loaded + ` && document.querySelectorAll("#feed tr[data-id]").length > 0`

// TestFirstPaint checks that the page has its figures before any script has run.
func TestFirstPaint(t *testing.T) {
	w := full(t)
	b := open(t, w.url)
	html := eval[string](b, `fetch("./").then(r => r.text())`)
	for _, want := range []string{`class="kpi-value">`, "wikidatawiki", `id="first"`, "<noscript>"} {
		if !strings.Contains(html, want) {
			t.Errorf("the page without script lacks %s", want)
		}
	}
	b.wait(loaded)
}

func TestFiguresAndHistogram(t *testing.T) {
	w := full(t)
	b := open(t, w.url)
	b.wait(settled)
	if got := eval[int](b, `document.querySelectorAll("#hist path[class^=s]").length`); got < 4 {
		t.Errorf("%d series", got)
	}
	if got := eval[int](b, `document.querySelectorAll("#hist .unfinished").length`); got != 1 {
		t.Errorf("%d bars are hatched", got)
	}
	b.click(`#kpis [data-id="editors"]`)
	b.wait(`document.getElementById("hist-title").textContent === "Editors" && location.search === "?measure=editors"`)
	if hint := b.text("#legend .hint"); !strings.Contains(hint, "cannot be stacked") {
		t.Errorf("legend says %q", hint)
	}
	b.run(`history.back()`)
	b.wait(`document.getElementById("hist-title").textContent === "Changes"`)
	b.click(`#split [data-id="wiki"]`)
	b.wait(`document.querySelector("#legend").innerText.includes("wikidatawiki") && location.search === "?split=wiki"`)
}

// TestZoomByKeys selects and zooms with the keyboard only, and goes back.
func TestZoomByKeys(t *testing.T) {
	w := full(t)
	b := open(t, w.url)
	b.wait(settled)
	b.run(`document.querySelector("#hist svg").focus()`)
	b.keys(kb.ArrowLeft, kb.ArrowLeft)
	b.shift(kb.ArrowLeft, 5)
	b.wait(`!document.getElementById("readout").hidden && document.querySelector("#hist .brush-dim") !== null`)
	if said := b.text("#status"); !strings.Contains(said, ":") {
		t.Errorf("the status line says %q", said)
	}
	b.keys(kb.Enter)
	b.wait(`new URLSearchParams(location.search).has("from") && document.getElementById("live").getAttribute("aria-pressed") === "false"`)
	b.wait(`document.getElementById("hist-unit").textContent !== "every 5 minutes"`)
	b.run(`history.back()`)
	b.wait(`location.search === "" && document.getElementById("hist-unit").textContent === "every 5 minutes" && document.getElementById("live").getAttribute("aria-pressed") === "true"`)
}

// TestZoomByMouse drags over the chart.
func TestZoomByMouse(t *testing.T) {
	w := full(t)
	b := open(t, w.url)
	b.wait(settled)
	b.drag("#hist svg", 0.3, 0.5)
	b.wait(`!document.getElementById("readout").hidden`)
	b.click(`#readout .btn-primary`)
	b.wait(`new URLSearchParams(location.search).has("from")`)
}

func TestFilters(t *testing.T) {
	w := full(t)
	b := open(t, w.url)
	b.wait(settled)
	const name = `[data-focus="wiki-enwiki"]`
	b.click(name)
	b.wait(`location.search === "?q=wiki%3Denwiki" && document.querySelector(".chip bdi")?.textContent === "enwiki" && document.querySelector('` + name + `').getAttribute("aria-pressed") === "true"`)
	b.wait(`[...document.querySelectorAll("#feed .c-wiki")].every(td => td.textContent === "enwiki")`)
	b.click(`[data-focus="wiki-commonswiki+"]`)
	b.wait(`document.querySelector(".chip bdi")?.textContent === "enwiki, commonswiki"`)
	b.click(`[data-focus="kind-bot-"]`)
	b.wait(`document.querySelectorAll(".chip").length === 2 && document.querySelector(".chip-op")?.textContent === "not"`)
	b.wait(`document.querySelector('[data-focus="kind-bot"]').closest("li").classList.contains("is-out")`)
	b.run(`document.querySelectorAll(".chip-body")[1].focus()`)
	b.keys(kb.Backspace)
	b.wait(`document.querySelectorAll(".chip").length === 1`)
	b.run(`history.back()`)
	b.wait(`document.querySelectorAll(".chip").length === 2`)
	if title := eval[string](b, `document.title`); !strings.HasPrefix(title, "wiki=enwiki|commonswiki") {
		t.Errorf("title %q", title)
	}
}

func TestSearchBox(t *testing.T) {
	w := full(t)
	b := open(t, w.url)
	b.wait(settled)
	b.keys("/")
	b.wait(`document.activeElement.id === "search"`)
	b.run(`document.getElementById("search").value = ""`) // the key came as a character too, as it would not from a keyboard
	b.keys("wm.us")
	b.wait(`document.querySelector("#completions .option-value")?.textContent === "wm.user_kind"`)
	b.keys(kb.Tab)
	b.wait(`document.getElementById("search").value === "wm.user_kind=" && document.querySelectorAll("#completions .option").length >= 4`)
	b.keys("te")
	b.wait(`document.querySelectorAll("#completions .option").length === 1`)
	// Another letter, which the choice on offer does not know of yet.
	b.run(`document.getElementById("search").setRangeText("m", 15, 15, "end")`)
	b.keys(kb.Tab, kb.Enter)
	b.wait(`location.search === "?q=wm.user_kind%3Dtemp" && document.getElementById("search").value === ""`)
	b.keys(`wikki=enwiki`, kb.Enter)
	b.noisy = true // the server answers 400
	b.wait(`document.querySelector(".mistake")?.innerText.includes("Did you mean wiki?") && document.querySelector(".q-bad")?.textContent === "wikki=enwiki"`)
	if q := eval[string](b, `location.search`); q != "?q=wm.user_kind%3Dtemp" {
		t.Errorf("after a mistake the address is %s", q)
	}
	b.keys(kb.Tab, kb.Enter)
	b.wait(`document.querySelectorAll(".chip").length === 2`)
}

// TestHostileText checks that no text of an event becomes markup, script, or a link to
// a site of its choice.
func TestHostileText(t *testing.T) {
	w := full(t)
	b := open(t, w.url+"?q=wiki%3Denwiki&from=2026-11-23T12:02:00Z&to=2026-11-23T12:03:00Z")
	b.wait(settled)
	text := eval[string](b, `document.getElementById("feed").textContent`)
	for _, want := range []string{hostile, `"><svg onload=alert(1)>`, "夕凪町の灯台", `{{constructor.constructor('alert(1)')()}}`} {
		if !strings.Contains(text, want) {
			t.Errorf("the feed lacks %s", want)
		}
	}
	if n := eval[int](b, `document.querySelectorAll("main img, main script, [onerror], [onload]").length + (window.hacked ?? 0)`); n != 0 {
		t.Errorf("%d elements came out of text", n)
	}
	if links := eval[[]string](b, `[...document.querySelectorAll("#feed a")].map(a => a.href).filter(h => !/^https:\/\/en\.wikipedia\.org\/w\/index\.php\?/.test(h))`); len(links) != 0 {
		t.Errorf("links lead to %v", links)
	}
}

// TestLiveFeed checks that a new change appears at once, and that a paused feed keeps
// its position and shows the number of newer changes.
func TestLiveFeed(t *testing.T) {
	w := full(t)
	b := open(t, w.url)
	b.wait(settled)
	w.tick(1)
	b.awaitLive(w)
	b.keys("j")
	b.wait(`document.querySelector('#feed tr[aria-selected="true"]') === document.activeElement && document.getElementById("pause").textContent === "Resume"`)
	first := b.text("#feed tr .c-page")
	w.add("Quiet Otter")
	w.add("Quiet Otter")
	b.wait(`document.getElementById("pill").textContent === "2 newer changes"`)
	if got := b.text("#feed tr .c-page"); got != first {
		t.Errorf("the paused feed moved from %q to %q", first, got)
	}
	b.keys(".")
	b.wait(`document.getElementById("pill").hidden && document.getElementById("pause").textContent === "Pause"`)
	b.wait(`document.querySelectorAll("#feed tr").length <= 26`)
	b.keys("?")
	b.wait(`document.getElementById("keys").open`)
	b.keys(kb.Escape)
	b.wait(`!document.getElementById("keys").open`)
}

// TestStates checks the page in its states without data.
func TestStates(t *testing.T) {
	t.Run("empty, then filled", func(t *testing.T) {
		w := empty(t)
		b := open(t, w.url)
		b.wait(`document.querySelector("#full h2")?.textContent === "No changes here yet"`)
		if got := b.text("#full .command code"); got != "wm-tail | wm-es" {
			t.Errorf("the command is %q", got)
		}
		w.add("Quiet Otter")
		w.tick(3)
		b.fire()
		b.wait(settled)
	})
	t.Run("nothing matches", func(t *testing.T) {
		w := full(t)
		b := open(t, w.url+"?q=wiki%3Dnowiki+wm.delta%3E100000000&range=15m")
		b.wait(`document.querySelector("#full h2")?.textContent.startsWith("Nothing matches")`)
		b.click(`#full .actions .btn:last-child`)
		b.wait(settled)
	})
	t.Run("lost and back", func(t *testing.T) {
		w := full(t)
		b := open(t, w.url)
		b.noisy = true
		b.wait(settled)
		w.away.Store(true)
		w.tick(3)
		b.fire()
		b.wait(`!document.getElementById("notice").hidden && document.getElementById("notice").innerText.includes("The store does not answer")`)
		w.away.Store(false)
		w.tick(3)
		b.click(`#notice button`)
		b.wait(`document.getElementById("notice").hidden`)
	})
	t.Run("away from the start", func(t *testing.T) {
		w := empty(t)
		w.away.Store(true)
		b := open(t, w.url)
		b.noisy = true
		b.wait(`document.querySelector("#full h2")?.textContent === "The store does not answer"`)
	})
}

// click clicks an element as a user does. The page may draw the element anew between
// finding and clicking it; then it is clicked again.
func (b *tab) click(selector string) {
	b.t.Helper()
	for {
		b.wait(`document.querySelector('` + selector + `') !== null`)
		b.run(`document.querySelector('` + selector + `')?.scrollIntoView({block: "center"})`)
		err := chromedp.Do(b.ctx, chromedp.Click(chromedp.CSS(selector)))
		if err == nil {
			return
		}
		if !strings.Contains(err.Error(), "Could not find node") {
			b.t.Fatal(err)
		}
	}
}
